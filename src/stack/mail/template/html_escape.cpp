#include "stack/mail/template/html_escape.hpp"

#include <bailey/base/ascii.hpp>

#include <string>

namespace bailey::stack::mail::templates {
namespace {

// What stands for a value that must not stand there.
constexpr std::string_view refused = "ZgotmplZ";

std::string_view reference(char c) {
  switch (c) {
    case '\0': return "\xEF\xBF\xBD";
    case '"': return "&#34;";
    case '&': return "&amp;";
    case '\'': return "&#39;";
    case '+': return "&#43;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    default: return {};
  }
}

std::string_view unquoted_reference(char c) {
  switch (c) {
    case '\0': return "&#xfffd;";
    case '\t': return "&#9;";
    case '\n': return "&#10;";
    case '\v': return "&#11;";
    case '\f': return "&#12;";
    case '\r': return "&#13;";
    case ' ': return "&#32;";
    case '=': return "&#61;";
    case '`': return "&#96;";
    default: return reference(c);
  }
}

template <class Reference>
void append_referenced(std::string& out, std::string_view value, Reference reference_of) {
  for (const char c : value) {
    const std::string_view instead = reference_of(c);
    if (instead.empty()) {
      out += c;
    } else {
      out += instead;
    }
  }
}

bool is_safe_url(std::string_view url) {
  const std::size_t colon = url.find(':');
  const std::string_view scheme = url.substr(0, colon);
  if (colon == std::string_view::npos || scheme.contains('/')) return true;
  return ascii::equal_ignoring_case(scheme, "http") || ascii::equal_ignoring_case(scheme, "https") ||
         ascii::equal_ignoring_case(scheme, "mailto");
}

// `keeps_reserved`: a URL that is complete, whose own escapes stay.
std::string url_escaped(std::string_view url, bool keeps_reserved) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const char c = url[i];
    const bool is_escape =
        c == '%' && i + 2 < url.size() && ascii::hex_value(url[i + 1]) >= 0 && ascii::hex_value(url[i + 2]) >= 0;
    const bool is_reserved = std::string_view("!#$&*+,/:;=?@[]").contains(c) || is_escape;
    if (ascii::is_letter(c) || ascii::is_digit(c) || std::string_view("-._~").contains(c) ||
        (is_reserved && keeps_reserved)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
    }
  }
  return out;
}

// A value of CSS that can be nothing but a value: no quotes, no parentheses, no end of anything.
bool is_safe_css(std::string_view value) {
  std::string letters;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\0' || std::string_view("\"'()/;@[\\]`{}<>").contains(c)) return false;
    if (c == '-' && i > 0 && value[i - 1] == '-') return false;
    if (ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '_') letters += ascii::lower(c);
  }
  return !letters.contains("expression") && !letters.contains("mozbinding");
}

}  // namespace

void append_escaped(std::string& out, std::string_view value, Escape escape) {
  switch (escape) {
    case Escape::none: return;
    case Escape::text: return append_referenced(out, value, reference);
    case Escape::unquoted_attribute:
      if (value.empty()) out += refused;
      return append_referenced(out, value, unquoted_reference);
    case Escape::url_start:
      if (!is_safe_url(value)) {
        out.append("#").append(refused);
        return;
      }
      return append_referenced(out, url_escaped(value, true), reference);
    case Escape::url: return append_referenced(out, url_escaped(value, true), reference);
    case Escape::url_query: return append_referenced(out, url_escaped(value, false), reference);
    case Escape::style: return append_referenced(out, is_safe_css(value) ? value : refused, reference);
  }
}

}  // namespace bailey::stack::mail::templates
