#include <graphql/block_string.hpp>

#include <algorithm>
#include <cstddef>

namespace bailey::graphql {

namespace {

constexpr std::size_t longest_on_one_line = 70;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// In UTF-16 code units, so that lines break where the reference implementation breaks them.
std::size_t length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t quotes = text.find("\"\"\"", at);
    out += text.substr(at, quotes == text.npos ? quotes : quotes - at);
    if (quotes == text.npos) return out;
    out += "\\\"\"\"";
    at = quotes + 3;
  }
}

}  // namespace

bool fits_block_string(std::string_view text) {
  if (text.empty()) return true;
  bool in_blank_line = true, is_indented = false, all_indented = true, seen_line = false;
  for (const char c : text) {
    if (c == '\n') {
      if (in_blank_line && !seen_line) return false;
      seen_line = true;
      in_blank_line = true;
      is_indented = false;
    } else if (is_blank(c)) {
      is_indented = is_indented || in_blank_line;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return false;
    } else {
      all_indented = all_indented && is_indented;
      in_blank_line = false;
    }
  }
  return !in_blank_line && !(all_indented && seen_line);
}

std::string print_block_string(std::string_view text) {
  const std::string body = escaped(text);
  const bool one_line = text.find('\n') == text.npos;
  // Lines that are all indented but the first would lose their indentation without a first line of their own.
  bool rest_indented = !one_line;
  for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
    rest_indented = rest_indented && (at + 1 == text.size() || text[at + 1] == '\n' || is_blank(text[at + 1]));
  const bool ends_in_quotes = body.ends_with("\\\"\"\"");
  const bool needs_last_line = (text.ends_with('"') && !ends_in_quotes) || text.ends_with('\\');
  const bool on_lines =
      !one_line || length(text) > longest_on_one_line || needs_last_line || rest_indented || ends_in_quotes;
  const bool keeps_first_blank = one_line && !text.empty() && is_blank(text.front());
  std::string out = "\"\"\"";
  if ((on_lines && !keeps_first_blank) || rest_indented) out += '\n';
  out += body;
  if (on_lines || needs_last_line) out += '\n';
  return out + "\"\"\"";
}

}  // namespace bailey::graphql
