#include "stack/gateway/cross_origin.hpp"

#include <string_view>

namespace bailey::stack::gateway {
namespace {

// What our clients look at.
constexpr std::string_view exposed_headers =
    "Content-Encoding, Content-Location, Content-Profile, Content-Range, Content-Type, Date, Link, Location, "
    "Preference-Applied, Range-Unit, Retry-After, Server, Transfer-Encoding, WWW-Authenticate, X-Sb-Error-Code, "
    "X-Supabase-Api-Version, X-Total-Count";

// No page reads this, but whoever looks into the browser's network view does.
Response keep_out(std::string_view what) {
  return Response::json(403, R"({"message":")" + std::string(what) +
                                 R"( is not one the local stack is open to","hint":"Add its URL to [auth] )"
                                 R"(additional_redirect_urls in supabase/config.toml."})");
}

CorsOptions cors_options(const std::shared_ptr<const Pages>& pages) {
  CorsOptions options;
  options.allow_origin_if = [pages](std::string_view origin) { return pages->admits_origin(origin); };
  if (pages->lists_pages_without_origin()) options.allow_origins = {"null"};
  options.allow_methods = {"*"};
  options.allow_headers = {"*"};
  options.expose_headers = {std::string(exposed_headers)};
  options.allow_private_network = true;
  options.max_age = std::chrono::hours(1);
  return options;
}

}  // namespace

bool may_change_state(const http::Request& request) {
  using http::Method;
  const Method method = request.method();
  const bool reads = method == Method::get || method == Method::head || method == Method::options;
  return !reads || request.header("Upgrade");
}

std::vector<Middleware> page_middleware(const std::shared_ptr<const Pages>& pages) {
  Middleware hosts{.name = "hosts", .before = [pages](Request& request) -> Before {
                     const auto host = request.header("Host");
                     if (host && !pages->admits_host(*host)) return keep_out("This host");
                     return Pass{};
                   }};
  Middleware changes{.name = "foreign_pages", .before = [pages](Request& request) -> Before {
                       const auto origin = request.header("Origin");
                       if (!origin || !may_change_state(request.http())) return Pass{};
                       const bool is_one = request.http().header_count("Origin") == 1;
                       if (is_one && pages->admits_origin(*origin)) return Pass{};
                       return keep_out("This origin");
                     }};
  std::vector<Middleware> all;
  all.push_back(std::move(hosts));
  all.push_back(cors(cors_options(pages)));
  all.push_back(std::move(changes));
  return all;
}

void open_to_all_pages(http::Response& response) {
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.set("Access-Control-Expose-Headers", exposed_headers);
  response.headers.add("Vary", "Origin");
}

}  // namespace bailey::stack::gateway
