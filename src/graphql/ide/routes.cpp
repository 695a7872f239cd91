// The page and its files say nothing of the schema, so that everybody gets them whom the app lets see its
// documentation; operations meet the guard as ever. It is given to the page's routes all the same, for them to sign
// people in with.
#include <graphql/ide/routes.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/model/json.hpp>
#include <bailey/web/endpoint.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/path_template.hpp>
#include <graphql/ide/page.hpp>
#include "web/docs/served_page.hpp"

#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {
namespace {

// Placeholders: no names that one of the endpoint's own path might have.
constexpr std::string_view version = "graphiql_version", file_name = "graphiql_file";

// It takes nothing of the app's.
class PageEndpoint : public web_detail::Endpoint {
 public:
  void describe(RouteInfo&) const override {}
  [[nodiscard]] std::span<const web_detail::Need> needs() const noexcept override { return {}; }
  [[nodiscard]] bool reads_form() const noexcept override { return false; }
};

class Page final : public PageEndpoint {
 public:
  [[nodiscard]] http::Answer call(Request& request, const web_detail::CallOptions& options,
                                  web_detail::Outlet) const override {
    return response(request, options);
  }
  [[nodiscard]] Task<Response> invoke(Request& request, const web_detail::CallOptions& options) const override {
    co_return response(request, options);
  }

 private:
  static Response response(const Request& request, const web_detail::CallOptions& options) {
    Response response = web_detail::page_response(
        make_page({.raw_path = request.http().raw_path(), .signs_in = options.sign_in != nullptr}));
    response.headers.add("Vary", "Accept");
    return response;
  }
};

class File final : public PageEndpoint {
 public:
  [[nodiscard]] http::Answer call(Request& request, const web_detail::CallOptions& options,
                                  web_detail::Outlet) const override {
    return response(request, options);
  }
  [[nodiscard]] Task<Response> invoke(Request& request, const web_detail::CallOptions& options) const override {
    co_return response(request, options);
  }

 private:
  static Response response(const Request& request, const web_detail::CallOptions& options) {
    return web_detail::asset_response(
        ide_assets(), *request.path_value(version), *request.path_value(file_name), request,
        options.is_page_guarded ? "private, max-age=31536000, immutable" : "public, max-age=31536000, immutable");
  }
};

class Token final : public PageEndpoint {
 public:
  [[nodiscard]] http::Answer call(Request& request, const web_detail::CallOptions& options,
                                  web_detail::Outlet outlet) const override {
    return deliver(request, options, outlet);
  }
  [[nodiscard]] Task<Response> invoke(Request& request, const web_detail::CallOptions& options) const override {
    if (options.sign_in == nullptr) throw HttpError(404);
    // What another site's page can have a browser send without being asked is never JSON.
    const std::string_view type = request.header("Content-Type").value_or("");
    if (!ascii::equal_ignoring_case(ascii::trim(type.substr(0, type.find(';'))), "application/json"))
      throw HttpError(415);
    if (!request.take_body_now(options.body_limit_bytes)) co_await request.read_body(options.body_limit_bytes);
    const auto given = try_parse_json(request.body());
    const json::object* const members = given ? given->if_object() : nullptr;
    const auto text = [&](std::string_view key) -> const json::string* {
      const json::value* const value = members != nullptr ? members->if_contains(key) : nullptr;
      return value != nullptr ? value->if_string() : nullptr;
    };
    const json::string* const email = text("email");
    const json::string* const password = text("password");
    if (email == nullptr || password == nullptr) throw HttpError(400, "Send {\"email\": …, \"password\": …}");
    co_return co_await web_detail::sign_in(*options.attempts, *options.sign_in, request.client_address(),
                                           std::string(*email), Secret(std::string(*password)));
  }

 private:
  Task<Response> deliver(Request& request, const web_detail::CallOptions& options, web_detail::Outlet outlet) const {
    std::exception_ptr failure;
    try {
      co_return outlet.succeed(request, co_await invoke(request, options));
    } catch (...) {
      failure = std::current_exception();
    }
    co_return outlet.fail(request, failure);
  }
};

bool ends_in_rest(std::string_view path) {
  web_detail::PathTemplateReader reader(path);
  web_detail::Segment segment;
  while (reader.next(segment)) {
  }
  return segment.kind == web_detail::SegmentKind::rest;
}

}  // namespace

std::vector<web_detail::Route> ide_routes(std::string_view path, const RouteOptions& endpoint) {
  std::vector<web_detail::Route> routes;
  if (!path.empty() && ends_in_rest(path)) return routes;
  std::string folder(path);
  if (!folder.ends_with('/')) folder += '/';
  folder += page_folder;
  const auto add = [&](http::Method method, std::string at, std::shared_ptr<const web_detail::Endpoint> page) -> auto& {
    return routes.emplace_back(web_detail::Route{.method = method,
                                                 .path = std::move(at),
                                                 .endpoint = std::move(page),
                                                 .options = {.body_limit_bytes = std::size_t{16} * 1024,
                                                             .in_schema = false,
                                                             .guard = endpoint.guard,
                                                             .middleware = endpoint.middleware},
                                                 .is_page = true});
  };
  add(http::Method::get, std::string(path), std::make_shared<const Page>()).is_for_page = is_for_page;
  std::string file = folder;
  file.append("/{").append(version).append("}/{").append(file_name).append("}");
  add(http::Method::get, std::move(file), std::make_shared<const File>());
  add(http::Method::post, folder + "/token", std::make_shared<const Token>());
  return routes;
}

}  // namespace bailey::graphql
