#pragma once

#include <string>
#include <string_view>

namespace bailey::http::detail {

// Appends `text` decoded as application/x-www-form-urlencoded is (WHATWG URL 5.1): + is a space, %41 an A; a percent
// sign that starts no escape stands for itself.
void decode_form_text(std::string_view text, std::string& out);

// Takes one decoded byte off the front of a text that is not empty.
[[nodiscard]] char take_form_byte(std::string_view& text) noexcept;

// Whether `text` decodes to `name`; case counts unless asked otherwise. Does not allocate.
enum class Case { sensitive, ignored };
[[nodiscard]] bool form_text_equals(std::string_view text, std::string_view name, Case letters) noexcept;

// The pairs of a query string: f(name, value), both still encoded. Empty pieces are passed over.
template <class F>
void for_each_pair(std::string_view query, F&& f) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view piece = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    f(piece.substr(0, equals), equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1));
  }
}

// The first value of this name in a query string, decoded; "" when there is none.
[[nodiscard]] std::string form_value(std::string_view query, std::string_view name);

// Text whose encoding nobody has said: as it is where that is UTF-8, else each byte a character of Latin-1.
[[nodiscard]] std::string utf8_or_latin1(std::string bytes);
[[nodiscard]] std::string latin1_to_utf8(std::string_view bytes);

}  // namespace bailey::http::detail
