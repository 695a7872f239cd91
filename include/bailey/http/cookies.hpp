#pragma once

#include <bailey/base/ascii.hpp>
#include <bailey/http/headers.hpp>
#include <bailey/http/request.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bailey::http {

// The value of a cookie as it was set: without the quotation marks and escapes that values with other characters are
// sent in (SetCookie, Python's http.cookies).
[[nodiscard]] std::string unquote_cookie(std::string_view value);

// The pairs of a Cookie field: f(name, value), trimmed, the value still as sent. A piece without an equals sign is a
// value whose name is "".
template <class F>
void for_each_cookie(std::string_view field, F&& f) {
  while (!field.empty()) {
    const std::size_t end = field.find(';');
    const std::string_view piece = field.substr(0, end);
    field = end == std::string_view::npos ? std::string_view{} : field.substr(end + 1);
    const std::size_t equals = piece.find('=');
    const bool is_named = equals != std::string_view::npos;
    const std::string_view name = is_named ? ascii::trim(piece.substr(0, equals)) : std::string_view{};
    const std::string_view value = ascii::trim(is_named ? piece.substr(equals + 1) : piece);
    if (!name.empty() || !value.empty()) f(name, value);
  }
}

// The same for all Cookie fields of a request, in the order sent. Views into it.
template <class F>
void for_each_cookie(const Request& request, F&& f) {
  request.for_each_header([&](std::string_view name, std::string_view value) {
    if (equal_ignoring_case(name, "cookie")) for_each_cookie(value, f);
  });
}

// A request's cookie of this name, unquoted; of several the last. Nothing when there is none. Case counts.
[[nodiscard]] std::optional<std::string> cookie(const Request& request, std::string_view name);

}  // namespace bailey::http
