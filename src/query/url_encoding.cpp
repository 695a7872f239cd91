// Query strings as PostgREST reads them: ";" separates like "&", "+" is a blank, a "%" that starts no escape stays
// itself. What does not decode to UTF-8 without NUL is refused here, so nothing behind this ever sees such a text:
// PostgreSQL takes parameters as NUL-terminated strings, and a value cut at a NUL would not be the value that was
// checked.
#include "query/url_encoding.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>
#include <bailey/query/parse.hpp>
#include <bailey/query/print.hpp>

#include <algorithm>
#include <map>

namespace bailey::query {
namespace detail {
namespace {

// Appends the decoded text; false when an escape is broken (it is then kept as it is).
bool decode(std::string_view text, bool plus_is_blank, std::string& out) {
  bool intact = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? ascii::hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        intact = false;
        out += '%';
      } else {
        out += static_cast<char>(high * 16 + low);
        i += 2;
      }
    } else {
      out += text[i];
    }
  }
  return intact;
}

RestError not_text() {
  return RestError(400, "PGRST100", "The query string is not valid UTF-8 or contains a NUL character");
}

}  // namespace

bool is_text(std::string_view bytes) { return !bytes.contains('\0') && bailey::detail::is_utf8(bytes); }

std::expected<std::vector<Parameter>, RestError> split_query(std::string_view query) {
  std::vector<Parameter> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find_first_of("&;"), query.size());
    const std::string_view piece = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (piece.empty()) continue;
    Parameter parameter;
    const std::size_t equals = piece.find('=');
    decode(piece.substr(0, equals), true, parameter.key);
    if (equals != std::string_view::npos) decode(piece.substr(equals + 1), true, parameter.value.emplace());
    if (!is_text(parameter.key) || (parameter.value && !is_text(*parameter.value))) return std::unexpected(not_text());
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::optional<std::string> decode_path_segment(std::string_view segment) {
  std::string result;
  if (!decode(segment, false, result) || !is_text(result)) return std::nullopt;
  return result;
}

}  // namespace detail

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size() + 16);
  for (const char c : text) {
    if (ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result;
}

std::string canonical_query(std::string_view query) {
  const auto parameters = detail::split_query(query);
  if (!parameters) return {};
  std::map<std::string_view, std::string> values;
  for (const auto& [key, value] : *parameters) {
    const auto [found, is_new] = values.try_emplace(key, value.value_or(""));
    if (!is_new) found->second += ',' + value.value_or("");
  }
  std::string result;
  for (const auto& [key, value] : values) {
    if (!result.empty()) result += '&';
    result += percent_encode(key) + '=' + percent_encode(value);
  }
  return result;
}

}  // namespace bailey::query
