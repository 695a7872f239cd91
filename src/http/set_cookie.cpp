#include <bailey/base/error.hpp>
#include <bailey/http/set_cookie.hpp>

#include "http/characters.hpp"
#include "http/date.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <string_view>

namespace bailey::http {
namespace {

constexpr std::size_t size_limit = 4096;  // RFC 6265bis 5.7, name and value
constexpr std::chrono::sys_days first_day = std::chrono::year(1601) / 1 / 1;
constexpr std::chrono::sys_days end_of_days = std::chrono::year(10000) / 1 / 1;

bool is_printable(char c) noexcept { return c >= 0x20 && c < 0x7f; }
bool needs_quotes(char c) noexcept {
  return !is_printable(c) || c == ' ' || c == '"' || c == ',' || c == ';' || c == '\\';
}

bool starts_ignoring_case(std::string_view text, std::string_view start) noexcept {
  return ascii::equal_ignoring_case(text.substr(0, start.size()), start);
}

// What is wrong with it; "" when nothing is.
std::string_view fault_of(const SetCookie& cookie) {
  if (!is_token(cookie.name)) return "The name of a cookie has characters that it must not have";
  if (std::ranges::any_of(cookie.value, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return "The value of a cookie has control characters";
  if (!cookie.path.starts_with('/') ||
      !std::ranges::all_of(cookie.path, [](char c) { return is_printable(c) && c != ';'; }))
    return "The path of a cookie must begin with / and have neither semicolons nor other than printable ASCII "
           "characters";
  if (!std::ranges::all_of(cookie.domain,
                           [](char c) { return ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '.'; }))
    return "The domain of a cookie is no host name";
  if (cookie.expires && (*cookie.expires < first_day || *cookie.expires >= end_of_days))
    return "The date of a cookie is out of range";
  if (!cookie.secure && cookie.same_site == SameSite::none) return "A cookie with SameSite=None must be secure";
  if (!cookie.secure && cookie.partitioned) return "A partitioned cookie must be secure";
  if (!cookie.secure &&
      (starts_ignoring_case(cookie.name, "__Secure-") || starts_ignoring_case(cookie.name, "__Host-")))
    return "A cookie whose name begins with __Secure- or __Host- must be secure";
  if (starts_ignoring_case(cookie.name, "__Host-") && (!cookie.domain.empty() || cookie.path != "/"))
    return "A cookie whose name begins with __Host- must have the path / and no domain";
  return {};
}

// As Python's http.cookies does, and unquote_cookie undoes: within quotation marks, what would end the cookie in octal.
void append_value(std::string& out, std::string_view value) {
  if (std::ranges::none_of(value, needs_quotes)) {
    out.append(value);
    return;
  }
  out.push_back('"');
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (!is_printable(c) || c == ',' || c == ';') {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8),
                  static_cast<char>('0' + byte % 8)});
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

std::string_view name_of(SameSite same_site) noexcept {
  switch (same_site) {
    case SameSite::strict: return "strict";
    case SameSite::none: return "none";
    case SameSite::lax: break;
  }
  return "lax";
}

}  // namespace

std::string SetCookie::header_value() const {
  if (const std::string_view fault = fault_of(*this); !fault.empty()) throw Error("invalid_cookie", std::string(fault));
  std::string text = name + "=";
  append_value(text, value);
  if (text.size() - 1 > size_limit) throw Error("invalid_cookie", "A cookie is longer than 4096 bytes");
  if (!domain.empty()) text.append("; Domain=").append(domain);
  if (expires) append_date(text.append("; Expires="), *expires);
  if (http_only) text.append("; HttpOnly");
  if (max_age) text.append("; Max-Age=").append(std::to_string(max_age->count()));
  if (partitioned) text.append("; Partitioned");
  text.append("; Path=").append(path).append("; SameSite=").append(name_of(same_site));
  if (secure) text.append("; Secure");
  return text;
}

void set_cookie(Headers& headers, const SetCookie& cookie) { headers.add("Set-Cookie", cookie.header_value()); }

void delete_cookie(Headers& headers, SetCookie cookie) {
  cookie.value.clear();
  cookie.expires.reset();
  cookie.max_age = std::chrono::seconds(0);
  set_cookie(headers, cookie);
}

}  // namespace bailey::http
