// The head of a part of a form, as browsers and tools write it. Names and file names come in three escapes: browsers
// write a quotation mark as %22 and a line break as %0D%0A and leave all other percent signs alone (WHATWG HTML,
// multipart form data); curl of old and others put a backslash before it; and some, against RFC 7578, send
// filename*=UTF-8''… (RFC 8187), which is unambiguous and wins.
#include "http/part_head.hpp"

#include "http/characters.hpp"
#include "http/form_text.hpp"
#include "http/header_parameters.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>

namespace bailey::http {
namespace {

using Parsed = std::expected<PartHead, std::string_view>;

std::string decode_browser_escapes(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::string_view escape = text.substr(0, 3);
    char c = text.front();
    std::size_t length = 3;
    if (escape == "%22")
      c = '"';
    else if (ascii::equal_ignoring_case(escape, "%0D"))
      c = '\r';
    else if (ascii::equal_ignoring_case(escape, "%0A"))
      c = '\n';
    else
      length = 1;
    result.push_back(c);
    text.remove_prefix(length);
  }
  return result;
}

// UTF-8''na%C3%AFve.txt
std::optional<std::string> decode_extended(std::string_view text) {
  const std::size_t first = text.find('\'');
  const std::size_t second = first == std::string_view::npos ? first : text.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view charset = text.substr(0, first);
  const bool is_latin1 = ascii::equal_ignoring_case(charset, "iso-8859-1");
  if (!is_latin1 && !ascii::equal_ignoring_case(charset, "utf-8")) return std::nullopt;
  text.remove_prefix(second + 1);
  std::string bytes;
  while (!text.empty()) {
    if (text.front() != '%') {
      bytes.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    const int high = text.size() >= 3 ? ascii::hex_value(text[1]) : -1;
    const int low = text.size() >= 3 ? ascii::hex_value(text[2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
    text.remove_prefix(3);
  }
  if (is_latin1) return detail::latin1_to_utf8(bytes);
  return bailey::detail::is_utf8(bytes) ? std::optional(std::move(bytes)) : std::nullopt;
}

// What is left of a file name without the directories that the client has put before it, in the way of any system.
std::string without_directories(std::string name) {
  if (const std::size_t separator = name.find_last_of("/\\"); separator != std::string::npos)
    name.erase(0, separator + 1);
  if (name == "." || name == "..") name.clear();
  return name;
}

std::string_view read_disposition(std::string_view value, PartHead& head) {
  const auto disposition = parse_header_parameters(value);
  if (!disposition || !ascii::equal_ignoring_case(disposition->type, "form-data"))
    return "A part of the form has a malformed Content-Disposition";
  const std::string* const name = disposition->find("name");
  if (name == nullptr) return "A part of the form has no name";
  head.name = detail::utf8_or_latin1(decode_browser_escapes(*name));
  if (const std::string* const filename = disposition->find("filename"))
    head.filename = without_directories(detail::utf8_or_latin1(decode_browser_escapes(*filename)));
  if (const std::string* const extended = disposition->find("filename*")) {
    auto decoded = decode_extended(*extended);
    if (!decoded || decoded->find('\0') != std::string::npos) return "A file of the form has a malformed name";
    head.filename = without_directories(*std::move(decoded));
  }
  return {};
}

}  // namespace

std::optional<std::string_view> PartHead::header(std::string_view header_name) const noexcept {
  for (const auto& [known, value] : headers)
    if (ascii::equal_ignoring_case(known, header_name)) return value;
  return std::nullopt;
}

Parsed parse_part_head(std::string_view lines) {
  PartHead head;
  bool has_disposition = false;
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
      return std::unexpected("A part of the form has a malformed header");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = ascii::trim(line.substr(colon + 1));
    // Browsers write names as they are, control characters and all.
    const bool is_disposition = ascii::equal_ignoring_case(name, "Content-Disposition");
    if (is_disposition ? value.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos
                       : !is_field_value(value))
      return std::unexpected("A part of the form has a malformed header");
    if (is_disposition) {
      if (std::exchange(has_disposition, true))
        return std::unexpected("A part of the form has more than one Content-Disposition");
      if (const std::string_view wrong = read_disposition(value, head); !wrong.empty()) return std::unexpected(wrong);
    }
    head.headers.emplace_back(name, value);
  }
  if (!has_disposition) return std::unexpected("A part of the form has no Content-Disposition");
  head.content_type = head.header("Content-Type").value_or("");
  return head;
}

}  // namespace bailey::http
