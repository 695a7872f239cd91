#include "stack/mail/html_text.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace bailey::stack::mail {
namespace {

void append_code_point(std::string& out, std::uint32_t point) {
  if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = 0xFFFD;
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  const auto continuation = [&](unsigned shift) { out += static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6U));
  } else {
    if (point < 0x10000) {
      out += static_cast<char>(0xE0U | (point >> 12U));
    } else {
      out += static_cast<char>(0xF0U | (point >> 18U));
      continuation(12);
    }
    continuation(6);
  }
  continuation(0);
}

// "&#39;", taken off `text`, and appended.
bool take_number(std::string_view& text, std::string& out) {
  const bool is_hex = text.size() > 2 && ascii::lower(text[2]) == 'x';
  std::size_t at = is_hex ? 3 : 2;
  const std::size_t begin = at;
  std::uint32_t point = 0;
  for (; at < text.size() && at - begin < 8; ++at) {
    const int digit = ascii::hex_value(text[at]);
    if (digit < 0 || (!is_hex && digit > 9)) break;
    point = point * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  if (at == begin) return false;
  if (at < text.size() && text[at] == ';') ++at;
  text.remove_prefix(at);
  append_code_point(out, point);
  return true;
}

void take_reference(std::string_view& text, std::string& out) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known{
      {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", " "}}};
  if (text.starts_with("&#") && take_number(text, out)) return;
  for (const auto& [name, meant] : known) {
    if (!text.starts_with(name)) continue;
    out += meant;
    text.remove_prefix(name.size());
    return;
  }
  out += text.front();
  text.remove_prefix(1);
}

// What a tag or comment is that `text` begins with: how long, and of which element.
std::size_t size_of_tag(std::string_view text) {
  if (text.starts_with("<!--")) {
    const std::size_t end = text.find("-->", 4);
    return end == std::string_view::npos ? text.size() : end + 3;
  }
  const std::size_t end = text.find('>');
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool begins_element(std::string_view text, std::string_view name) {
  return ascii::equal_ignoring_case(text.substr(0, name.size()), name) &&
         (text.size() == name.size() || !ascii::is_letter(text[name.size()]));
}

// To the end tag of what is not text; to the end where there is none.
void skip_element(std::string_view& text, std::string_view end_tag) {
  for (std::size_t at = text.find("</"); at != std::string_view::npos; at = text.find("</", at + 2)) {
    if (begins_element(text.substr(at), end_tag)) return text.remove_prefix(at);
  }
  text = {};
}

}  // namespace

std::string text_of_html(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    if (html.front() == '&') {
      take_reference(html, out);
    } else if (html.front() != '<') {
      const std::size_t end = std::min(html.find_first_of("<&"), html.size());
      out += html.substr(0, end);
      html.remove_prefix(end);
    } else {
      const std::string_view tag = html;
      html.remove_prefix(size_of_tag(tag));
      out += ' ';
      if (begins_element(tag, "<script")) skip_element(html, "</script");
      if (begins_element(tag, "<style")) skip_element(html, "</style");
      if (begins_element(tag, "<title")) skip_element(html, "</title");
    }
  }
  return out;
}

}  // namespace bailey::stack::mail
