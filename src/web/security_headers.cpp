#include <bailey/web/security_headers.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/web/error.hpp>
#include "web/host_name.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {

namespace {

using Frames = SecurityHeadersOptions::Frames;

// Whether the policy has a directive of that name.
bool has_directive(std::string_view policy, std::string_view wanted) {
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = policy.find(';');
    const std::string_view directive = ascii::trim(policy.substr(0, end));
    if (ascii::equal_ignoring_case(directive.substr(0, directive.find_first_of(" \t")), wanted)) return true;
    if (end != std::string_view::npos) policy.remove_prefix(end + 1);
  }
  return false;
}

std::string policy_of(const SecurityHeadersOptions& options) {
  std::string policy = options.content_security_policy;
  if (options.frames == Frames::everybody || has_directive(policy, "frame-ancestors")) return policy;
  if (!policy.empty()) policy += "; ";
  return policy + (options.frames == Frames::nobody ? "frame-ancestors 'none'" : "frame-ancestors 'self'");
}

std::string transport_policy_of(const SecurityHeadersOptions& options) {
  if (options.hsts_max_age.count() <= 0) return {};
  std::string policy = "max-age=" + std::to_string(options.hsts_max_age.count());
  if (options.hsts_subdomains) policy += "; includeSubDomains";
  if (options.hsts_preload) policy += "; preload";
  return policy;
}

class Fields {
 public:
  explicit Fields(const SecurityHeadersOptions& options) : transport_(transport_policy_of(options)) {
    const bool may_preload = options.hsts_subdomains && options.hsts_max_age >= std::chrono::days(365);
    if (options.hsts_preload && !may_preload) {
      throw Error("invalid_security_header",
                  "security_headers: hsts_preload is taken with hsts_subdomains and a hsts_max_age of a year only");
    }
    add("X-Content-Type-Options", "nosniff");
    add("Referrer-Policy", options.referrer_policy);
    if (options.frames != Frames::everybody)
      add("X-Frame-Options", options.frames == Frames::nobody ? "DENY" : "SAMEORIGIN");
    add("Content-Security-Policy", policy_of(options));
    add("Permissions-Policy", options.permissions_policy);
  }

  void put(const Request& request, http::Headers& headers) const {
    for (const auto& [name, value] : fields_)
      if (!headers.contains(name)) headers.add(name, value);
    constexpr std::string_view hsts = "Strict-Transport-Security";
    if (!transport_.empty() && request.scheme() == "https" && !headers.contains(hsts)) headers.add(hsts, transport_);
  }

 private:
  void add(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    try {
      http::Headers().add(name, value);
    } catch (const Error&) {
      throw Error("invalid_security_header",
                  "security_headers: what is to be " + std::string(name) + " is no header's value");
    }
    fields_.emplace_back(name, value);
  }

  std::vector<std::pair<std::string, std::string>> fields_;
  std::string transport_;
};

}  // namespace

Middleware security_headers(SecurityHeadersOptions options) {
  const auto fields = std::make_shared<const Fields>(options);
  return {.name = "security_headers",
          .after = [fields](Request& request, Response& response) { fields->put(request, response.headers); }};
}

Middleware https_redirect(HttpsRedirectOptions options) {
  return {.name = "https_redirect", .before = [options](Request& request) -> Before {
            if (request.scheme() == "https" || request.is_health_check()) return Pass{};
            if (request.host().empty()) throw HttpError(400, "Invalid host header");  // HTTP/1.0 need not say one
            const std::string there = request.url();
            std::string location = "https://";
            location += web_detail::without_port(request.host());
            if (options.port != 443) location.append(":").append(std::to_string(options.port));
            location += std::string_view(there).substr(request.scheme().size() + 3 + request.host().size());
            Response response = Response::empty(options.status);
            response.headers.add("Location", location);
            return response;
          }};
}

}  // namespace bailey
