#pragma once

#include <bailey/web/middleware.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace bailey {

// What a browser is told about an answer. Empty: that header is not sent. A header that the handler has set itself
// stays as it is.
struct SecurityHeadersOptions {
  // Who may show the answer in a frame: X-Frame-Options, and frame-ancestors in the Content-Security-Policy.
  enum class Frames { nobody, same_origin, everybody };
  Frames frames = Frames::nobody;
  std::string referrer_policy = "strict-origin-when-cross-origin";
  std::string content_security_policy = {};  // "default-src 'self'"; frame-ancestors is added to one without it
  std::string permissions_policy = {};       // "camera=(), geolocation=()"
  // For how long a browser that has been here by https comes by https only (Strict-Transport-Security). Sent over https
  // only; zero: not at all. It cannot be taken back before that time is over.
  std::chrono::seconds hsts_max_age = std::chrono::days(365);
  bool hsts_subdomains = false;  // those of the host, too
  bool hsts_preload = false;     // asks to be built into browsers; needs the subdomains and a year
};

// Adds X-Content-Type-Options: nosniff and what the options say to every answer, errors too. Use it outside of what
// answers by itself. Whether a request came by https is what Request::scheme says.
//
// Throws Error "invalid_security_header" for values that no header can have, and for a preload without subdomains or
// for less than a year.
[[nodiscard]] Middleware security_headers(SecurityHeadersOptions options = {});

struct HttpsRedirectOptions {
  std::uint16_t port = 443;  // of https
  int status = 307;          // 308: browsers may keep it for ever
};

// Sends requests that did not come by https to the same URL there. The health check is answered as it is. Behind a
// proxy that ends TLS, use proxy_headers before it, or it redirects for ever; and trusted_hosts, or the client says
// where to.
[[nodiscard]] Middleware https_redirect(HttpsRedirectOptions options = {});

}  // namespace bailey
