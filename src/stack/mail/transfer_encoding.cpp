#include "stack/mail/transfer_encoding.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/base64url.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace bailey::stack::mail {
namespace {

constexpr std::size_t line_limit = 76;
constexpr std::string_view hex_digits = "0123456789ABCDEF";

// One line, soft breaks where it is too long. A blank at its end would be lost on the way, so it is escaped.
void append_line(std::string& out, std::string_view line) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool is_last = i + 1 == line.size();
    const bool is_blank = byte == ' ' || byte == '\t';
    const bool is_plain = byte != '=' && ((byte > ' ' && byte < 0x7f) || (is_blank && !is_last));
    const std::size_t width = is_plain ? 1 : 3;
    if (used + width > line_limit - (is_last ? 0 : 1)) {
      out += "=\r\n";
      used = 0;
    }
    if (is_plain) {
      out += line[i];
    } else {
      out += {'=', hex_digits[byte >> 4U], hex_digits[byte & 0xFU]};
    }
    used += width;
  }
}

int base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (ascii::is_digit(c)) return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    append_line(out, text.substr(0, end));
    text.remove_prefix(end);
    if (text.empty()) break;
    text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
    out += "\r\n";
  }
  return out;
}

std::string from_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
      continue;
    }
    // A soft line break may have blanks behind its "=" that somebody on the way has added.
    const std::size_t next = text.find_first_not_of(" \t", i + 1);
    if (next == std::string_view::npos || text[next] == '\n' || text.substr(next).starts_with("\r\n")) {
      if (next == std::string_view::npos) break;
      i = next + (text[next] == '\r' ? 1 : 0);
      continue;
    }
    const int high = i + 2 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? ascii::hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += '=';
      continue;
    }
    out += static_cast<char>((high << 4) | low);
    i += 2;
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  const std::string encoded = base64_encode(bytes);
  std::string out;
  out.reserve(encoded.size() + 2 * (encoded.size() / line_limit + 1));
  for (std::size_t at = 0; at < encoded.size(); at += line_limit) {
    out.append(encoded, at, line_limit).append("\r\n");
  }
  return out;
}

std::string from_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    const int value = base64_value(c);
    if (value < 0) continue;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return out;
}

}  // namespace bailey::stack::mail
