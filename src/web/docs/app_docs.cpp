// The routes of an app about itself: its document, /docs and /redoc with what they load, and where /docs signs people
// in. A route of the program's own in the place of one of the three counts instead.
#include <bailey/web/app.hpp>

#include <bailey/base/log.hpp>
#include <bailey/web/openapi.hpp>
#include <bailey/web/security.hpp>
#include "http/negotiation.hpp"
#include "web/app_parts.hpp"
#include "web/docs/docs.hpp"
#include "web/docs/inflate.hpp"
#include "web/served_document.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using web_detail::Docs;
using web_detail::DocsAsset;
using web_detail::DocsPage;

// Where the app is served below a prefix, the paths in its document begin there.
std::vector<std::string> servers_of(const AppOptions& options) {
  std::vector<std::string> servers = options.servers;
  if (!options.root_path.empty() && std::ranges::find(servers, options.root_path) == servers.end())
    servers.insert(servers.begin(), options.root_path);
  return servers;
}

void require_literal(std::string_view option, const std::string& path) {
  const bool is_path = path.starts_with('/') && path.size() > 1 && !path.ends_with('/');
  if (is_path && path.find_first_of("{}*?#% ") == std::string::npos) return;
  throw Error("invalid_route", "AppOptions::" + std::string(option) +
                                   " is one literal path, such as \"/docs\", or empty, and not \"" + path + "\"");
}

Response page_response(const DocsPage& page) {
  Response response(200);
  response.content_type("text/html; charset=utf-8");
  response.body = page.html;
  response.headers.add("Content-Security-Policy", page.policy);
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "no-referrer");
  response.headers.add("Cache-Control", "no-cache");
  return response;
}

Task<> write_all(http::BodyWriter& writer, std::string_view bytes) { co_await writer.write(bytes); }

Response asset_response(const DocsAsset& asset, const Request& request, const std::string& cache_control) {
  const bool takes_gzip = http::AcceptedCodings(request.http()).weight(http::ContentCoding::gzip) > 0;
  const std::string_view bytes = asset.is_compressed && !takes_gzip ? web_detail::inflated(asset) : asset.bytes;
  Response response = Response::stream(200, asset.content_type, bytes.size(),
                                       [bytes](http::BodyWriter& writer) { return write_all(writer, bytes); });
  if (asset.is_compressed) {
    if (takes_gzip) response.headers.add("Content-Encoding", "gzip");
    response.headers.add("Vary", "Accept-Encoding");
  }
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Cache-Control", cache_control);
  return response;
}

// Both come from a stranger; what is not one of ours is not there.
const DocsAsset& find_asset(std::string_view version, std::string_view name) {
  for (const DocsAsset& asset : web_detail::docs_assets())
    if (asset.version == version && asset.name == name && !asset.bytes.empty()) return asset;
  throw HttpError(404);
}

// As an OAuth2 client reads it (RFC 6749 sections 5.1 and 5.2).
Response token_response(int status, json::object body) {
  Response response = Response::json(status, json::serialize(body));
  response.headers.add("Cache-Control", "no-store");
  return response;
}
Response token_error(int status, std::string_view error, std::string_view description) {
  return token_response(status, {{"error", error}, {"error_description", description}});
}

Task<Response> sign_in(Docs& docs, std::string address, PasswordForm form) {
  if (const auto wait = docs.attempts.count(address, std::chrono::steady_clock::now())) {
    Response response = token_error(429, "slow_down", "Too many attempts to sign in: try again in a while");
    response.headers.add("Retry-After", std::to_string(wait->count()));
    co_return response;
  }
  std::string code;
  Error::Answer answer{};
  std::string message;
  try {
    const SignedIn session = co_await docs.sign_in(std::move(form.username), std::move(form.password));
    co_return token_response(200, {{"access_token", session.access_token.reveal()},
                                   {"token_type", "bearer"},
                                   {"expires_in", session.expires_in}});
  } catch (const Error& error) {
    code = error.code();
    answer = error.answer();
    message = error.message();
  }
  if (answer.status == 429)
    co_return token_error(429, "slow_down", "Too many attempts to sign in: try again in a while");
  if (answer.status < 500) co_return token_error(400, "invalid_grant", answer.shows_message ? message : "Not admitted");
  log::warning("the documentation page could not sign somebody in", {{"error", code}});
  co_return token_error(503, "temporarily_unavailable", "Signing in is unavailable");
}

}  // namespace

void App::add_docs() {
  const AppOptions& options = parts_->options;
  const std::string& document = options.openapi_path;
  if (document.empty() || has_get(document)) return;
  Docs* const docs = &parts_->docs;
  docs->cache_control = std::string(options.docs_guard ? "private" : "public") + ", max-age=31536000, immutable";
  const RouteOptions about{.in_schema = false, .guard = options.docs_guard.value_or(open_to_all())};
  get(
      runtime_path(document),
      [parts = parts_.get()](const Request& request) {
        const bool is_elsewhere = request.root_path() != parts->options.root_path;  // a proxy says where
        return Response::json(200, is_elsewhere ? web_detail::document_below(request.root_path(), parts->docs.document)
                                                : parts->docs.document);
      },
      about);

  const auto add_page = [&](std::string_view option, const std::string& path, const DocsPage& page) {
    if (path.empty()) return false;
    require_literal(option, path);
    if (has_get(path)) return false;
    get(runtime_path(path), [&page] { return page_response(page); }, about);
    get(
        runtime_path(path + "/assets/{version}/{name}"),
        [docs](const Request& request, Path<"version"> version, Path<"name"> name) {
          return asset_response(find_asset(*version, *name), request, docs->cache_control);
        },
        about);
    return true;
  };
  add_page("redoc_path", options.redoc_path, docs->redoc);
  if (!add_page("docs_path", options.docs_path, docs->swagger)) return;
  get(runtime_path(options.docs_path + "/oauth2-redirect"), [docs] { return page_response(docs->redirect); }, about);

  const auto signs_in = [&](const std::shared_ptr<const Guard>& guard) {
    if (guard && guard->sign_in && !docs->sign_in) docs->sign_in = guard->sign_in;
  };
  signs_in(parts_->app.guard);
  for (const web_detail::Route& route : routes_) signs_in(route.guard);
  if (!docs->sign_in) return;
  post(
      runtime_path(options.docs_path + "/token"),
      [docs](const Request& request, PasswordForm form) {
        return sign_in(*docs, request.client_address(), std::move(form));
      },
      about);
}

void App::write_docs() {
  const AppOptions& options = parts_->options;
  Docs& docs = parts_->docs;
  const std::string token_path = docs.sign_in ? options.docs_path + "/token" : std::string();
  json::object document =
      bailey::openapi({.title = options.title,
                       .version = options.version,
                       .summary = options.summary,
                       .description = options.description,
                       .servers = servers_of(options),
                       .tags = options.tags,
                       .error_format = options.error_format,
                       .sign_in_url = docs.sign_in ? web_detail::relative_link(options.openapi_path, token_path) : ""},
                      parts_->routes);
  for (const auto& edit : parts_->document_edits) edit(document);
  docs.document = json::serialize(document);

  web_detail::DocsPageSettings page{.path = options.docs_path,
                                    .document_path = options.openapi_path,
                                    .title = options.title,
                                    .token_path = token_path,
                                    .client_id = options.docs_client_id};
  if (!options.docs_path.empty()) {
    docs.swagger = web_detail::make_swagger_page(page, document);
    docs.redirect = web_detail::make_redirect_page(page);
  }
  page.path = options.redoc_path;
  if (!options.redoc_path.empty()) docs.redoc = web_detail::make_redoc_page(page);
}

App& App::openapi_edit(std::function<void(json::object& document)> edit) {
  require_not_started();
  parts_->document_edits.push_back(std::move(edit));
  return *this;
}

}  // namespace bailey
