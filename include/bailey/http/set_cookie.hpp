#pragma once

#include <bailey/http/headers.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace bailey::http {

enum class SameSite : std::uint8_t { lax, strict, none };

// A cookie to be set (RFC 6265bis). What browsers would drop in silence is refused, as is what could end the cookie or
// the header early:
//
//   set_cookie(response.headers, {.name = "session", .value = token, .secure = true, .http_only = true});
struct SetCookie {
  std::string name;                             // a token
  std::string value;                            // no control characters; others than browsers like are sent quoted
  std::optional<std::chrono::seconds> max_age;  // neither this nor `expires`: until the browser is closed
  std::optional<std::chrono::sys_seconds> expires;
  std::string path = "/";
  std::string domain;  // "": this host alone
  bool secure = false;
  bool http_only = false;
  SameSite same_site = SameSite::lax;
  bool partitioned = false;

  // The value of the Set-Cookie field. Throws Error "invalid_cookie" (500) for a name, value, path or domain that
  // cannot be sent, a name and value of more than 4096 bytes, a date before 1601 or after 9999, `same_site` none or
  // `partitioned` without `secure`, and a name with one of the prefixes __Secure- (`secure`) and __Host- (`secure`, no
  // `domain`, path "/") whose conditions do not hold. The text of the error has neither name nor value.
  [[nodiscard]] std::string header_value() const;
};

// Adds it to an answer. Throws as `header_value` does.
void set_cookie(Headers& headers, const SetCookie& cookie);
// Makes the browser drop a cookie: it must have the name, path, domain and flags with which that was set; its value and
// times do not count.
void delete_cookie(Headers& headers, SetCookie cookie);

}  // namespace bailey::http
