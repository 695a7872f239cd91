// The CORS protocol (Fetch standard 3.2), with the answers of FastAPI's CORSMiddleware. All that does not depend on the
// request is made once. Deliberately different: "*" with credentials must be said twice, and the origin "null" is never
// covered by "*" together with credentials nor by allow_origin_if. A request with two Origin headers has no origin we
// could allow.
#include <bailey/web/cors.hpp>

#include <bailey/base/error.hpp>
#include "web/origin.hpp"
#include "web/vary.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace bailey {

namespace {

constexpr std::array<std::string_view, 7> all_methods{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
constexpr std::array<std::string_view, 4> safelisted_headers{"Accept", "Accept-Language", "Content-Language",
                                                             "Content-Type"};

std::string join(const auto& items) {
  std::string list;
  for (const auto& item : items) {
    if (!list.empty()) list += ", ";
    list += item;
  }
  return list;
}

bool contains_all(const std::vector<std::string>& list) { return std::ranges::find(list, "*") != list.end(); }

class Policy {
 public:
  explicit Policy(CorsOptions options)
      : options_(std::move(options)),
        any_origin_(contains_all(options_.allow_origins)),
        any_header_(contains_all(options_.allow_headers)),
        max_age_(std::to_string(options_.max_age.count())),
        expose_(join(options_.expose_headers)) {
    for (std::string& origin : options_.allow_origins) {
      if (std::optional<std::string> sent = web_detail::origin_as_sent(origin)) {
        origin = *std::move(sent);
        continue;
      }
      throw Error("invalid_cors", "allow_origins has \"" + origin +
                                      "\", which no browser sends: an origin is scheme, host and port, in lower case, "
                                      "without a slash at its end, as in \"http://localhost:3000\"");
    }
    if (any_origin_ && options_.allow_credentials && !options_.any_origin_with_credentials) {
      throw Error(
          "invalid_cors",
          "allow_origins \"*\" with allow_credentials lets any web page act as the visitor: list the origins, or "
          "set any_origin_with_credentials if that is meant");
    }
    if (contains_all(options_.allow_methods)) options_.allow_methods.assign(all_methods.begin(), all_methods.end());
    methods_ = join(options_.allow_methods);
    std::set<std::string_view> names(safelisted_headers.begin(), safelisted_headers.end());
    names.insert(options_.allow_headers.begin(), options_.allow_headers.end());
    headers_ = join(names);
  }

  [[nodiscard]] static bool is_preflight(const Request& request) {
    return request.method() == http::Method::options && request.header("origin") &&
           request.header("access-control-request-method");
  }

  [[nodiscard]] Response answer_preflight(const Request& request) const {
    std::string refused;
    const auto refuse = [&](std::string_view what) {
      if (!refused.empty()) refused += ", ";
      refused += what;
    };
    const std::string_view method = *request.header("access-control-request-method");
    const auto wanted_headers = request.header("access-control-request-headers");
    const bool wants_private = request.header("access-control-request-private-network") == "true";

    const bool origin_allowed = allows_origin(request);
    if (!origin_allowed) refuse("origin");
    if (std::ranges::find(options_.allow_methods, method) == options_.allow_methods.end()) refuse("method");
    if (wanted_headers && !allows_headers(*wanted_headers)) refuse("headers");
    if (wants_private && !options_.allow_private_network) refuse("private-network");

    Response response = refused.empty() ? Response::text(200, "OK") : Response::text(400, "Disallowed CORS " + refused);
    http::Headers& headers = response.headers;
    if (origin_allowed) allow_origin(request, headers);
    if (!sends_star()) web_detail::vary_by(headers, "Origin");
    headers.add("Access-Control-Allow-Methods", methods_);
    headers.add("Access-Control-Max-Age", max_age_);
    if (any_header_ && wanted_headers) {
      headers.add("Access-Control-Allow-Headers", *wanted_headers);
    } else {
      headers.add("Access-Control-Allow-Headers", headers_);
    }
    if (options_.allow_credentials) headers.add("Access-Control-Allow-Credentials", "true");
    if (origin_allowed && wants_private && options_.allow_private_network)
      headers.add("Access-Control-Allow-Private-Network", "true");
    return response;
  }

  void mark(const Request& request, Response& response) const {
    http::Headers& headers = response.headers;
    // Also where there is none: a cache must not give what it was sent then to a page. Beside what the handler varies
    // by.
    if (!sends_star()) web_detail::vary_by(headers, "Origin");
    if (!request.header("origin")) return;
    if (allows_origin(request)) allow_origin(request, headers);
    if (options_.allow_credentials) headers.set("Access-Control-Allow-Credentials", "true");
    if (!expose_.empty()) headers.set("Access-Control-Expose-Headers", expose_);
  }

 private:
  // Whether every origin gets the same answer.
  [[nodiscard]] bool sends_star() const { return any_origin_ && !options_.allow_credentials; }

  [[nodiscard]] bool allows_origin(const Request& request) const {
    const std::string_view origin = *request.header("origin");
    if (request.http().header_count("origin") != 1 || origin.empty()) return false;
    if (sends_star()) return true;
    if (std::ranges::find(options_.allow_origins, origin) != options_.allow_origins.end()) return true;
    if (origin == "null") return false;
    return any_origin_ || (options_.allow_origin_if && options_.allow_origin_if(origin));
  }

  void allow_origin(const Request& request, http::Headers& headers) const {
    headers.set("Access-Control-Allow-Origin", sends_star() ? std::string_view("*") : *request.header("origin"));
  }

  [[nodiscard]] bool allows_headers(std::string_view list) const {
    if (any_header_) return true;
    while (true) {
      const std::size_t end = list.find(',');
      if (!allows_header(ascii::trim(list.substr(0, end)))) return false;
      if (end == std::string_view::npos) return true;
      list.remove_prefix(end + 1);
    }
  }
  [[nodiscard]] bool allows_header(std::string_view name) const {
    const auto same = [&](std::string_view allowed) { return http::equal_ignoring_case(allowed, name); };
    return std::ranges::any_of(safelisted_headers, same) || std::ranges::any_of(options_.allow_headers, same);
  }

  CorsOptions options_;
  bool any_origin_;
  bool any_header_;
  std::string max_age_;
  std::string expose_;
  std::string methods_;
  std::string headers_;
};

}  // namespace

Middleware cors(CorsOptions options) {
  // Shared by the two hooks; a Middleware is copyable.
  const auto policy = std::make_shared<const Policy>(std::move(options));
  return {.name = "cors",
          .before = [policy](Request& request) -> Before {
            if (Policy::is_preflight(request)) return policy->answer_preflight(request);
            return Pass{};
          },
          .after = [policy](Request& request, Response& response) { policy->mark(request, response); }};
}

}  // namespace bailey
