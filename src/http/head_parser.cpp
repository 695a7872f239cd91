// A request head in one pass: lines are found by memchr, names checked against a table, values by a loop that compiles
// to vector code. An incomplete head is parsed as far as its lines are complete, so what is plainly wrong is refused at
// once; when more comes, only the new bytes are searched for the end, so a sender of single bytes costs linear time.
//
// Deliberately missing, each a way to smuggle a request past a proxy that reads it differently (RFC 9112 11.2): bare LF
// as line end (2.2), obs-fold (5.2), space before the colon (5.1), more than one Content-Length even if equal, any
// Transfer-Encoding but exactly one `chunked`, both framings at once (6.3), either in HTTP/1.0, versions but 1.0
// and 1.1.
#include "http/head_parser.hpp"

#include "http/characters.hpp"
#include "http/host.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/http/headers.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace bailey::http {

namespace {

constexpr std::size_t not_found = std::string_view::npos;

std::size_t find_line_feed(std::string_view text, std::size_t from) noexcept {
  const void* found = from < text.size() ? std::memchr(text.data() + from, '\n', text.size() - from) : nullptr;
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : not_found;
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
  return text.size() >= prefix.size() && equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool parse_length(std::string_view text, std::uint64_t& length) noexcept {
  if (text.empty() || text.size() > 18) return false;  // 18 digits cannot overflow, and no body is an exabyte
  length = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

}  // namespace

struct HeadParser::Seen {
  bool host = false, length = false, coding = false;
  bool close = false, keep_alive = false;
};

HeadParser::Status HeadParser::refuse(int status, std::string_view detail) noexcept {
  refusal_ = {status, detail};
  return Status::refused;
}

bool HeadParser::fail(int status, std::string_view detail) noexcept {
  refusal_ = {status, detail};
  return false;
}

// Whether the bytes that are new can change anything: they begin or end a line, or go over a limit.
bool HeadParser::is_news(std::string_view bytes) noexcept {
  const bool begins = seen_ <= 2;
  const std::size_t feed = find_line_feed(bytes, seen_);
  seen_ = bytes.size();
  if (begins || feed != not_found) return true;
  return fields_start_ == 0 ? bytes.size() > limits_.request_line_bytes + 1
                            : bytes.size() - fields_start_ > limits_.field_bytes + 2;
}

HeadParser::Status HeadParser::parse(std::string_view bytes, RequestHead& head) {
  if (seen_ != 0 && !is_news(bytes)) return Status::incomplete;
  const Status status = parse_from_start(bytes, head);
  if (status == Status::incomplete)
    seen_ = bytes.size();
  else
    reset();
  return status;
}

HeadParser::Status HeadParser::parse_from_start(std::string_view bytes, RequestHead& head) {
  // One empty line before the request line is tolerated (RFC 9112 2.2).
  std::size_t position = bytes.starts_with("\r\n") ? 2 : 0;
  if (position == bytes.size() || bytes == "\r") return Status::incomplete;
  if (!is(bytes[position], token_character)) return refuse(400, "Malformed request line");

  std::size_t feed = find_line_feed(bytes, position);
  const std::size_t line_end = feed == not_found ? bytes.size() : feed;
  if (line_end - position > limits_.request_line_bytes + 1) return refuse(414, "Request line too long");
  if (feed == not_found) return Status::incomplete;
  if (bytes[feed - 1] != '\r') return refuse(400, "Line feed without carriage return");
  head.fields.clear();
  if (!parse_request_line(bytes.substr(position, feed - 1 - position), head)) return Status::refused;

  Seen seen;
  fields_start_ = position = feed + 1;
  for (;;) {
    feed = find_line_feed(bytes, position);
    const std::size_t reached = feed == not_found ? bytes.size() : feed + 1;
    if (reached - fields_start_ > limits_.field_bytes + 2) return refuse(431, "Header fields too large");
    if (feed == not_found) return Status::incomplete;
    if (feed == position || bytes[feed - 1] != '\r') return refuse(400, "Line feed without carriage return");
    const std::string_view line = bytes.substr(position, feed - 1 - position);
    position = feed + 1;
    if (line.empty()) break;

    std::size_t colon = 0;
    while (colon < line.size() && is(line[colon], token_character)) ++colon;
    if (colon == 0 || colon == line.size() || line[colon] != ':') return refuse(400, "Malformed header field");
    const HeaderField field{line.substr(0, colon), ascii::trim(line.substr(colon + 1))};
    if (!is_field_value(field.value)) return refuse(400, "Control character in a header field");
    if (head.fields.size() == limits_.field_count) return refuse(431, "Too many header fields");
    head.fields.push_back(field);
    if (!note_field(field, head, seen)) return Status::refused;
  }
  if (!check_framing(head, seen)) return Status::refused;
  size_ = position;
  return Status::complete;
}

// method SP request-target SP HTTP-version (RFC 9112 3), one space each.
bool HeadParser::parse_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == not_found || first == last) return fail(400, "Malformed request line");
  head.method_text = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(head.method_text) || head.target.empty()) return fail(400, "Malformed request line");
  if (version.size() != 8 || !version.starts_with("HTTP/") || version[6] != '.' || version[5] < '0' ||
      version[5] > '9' || version[7] < '0' || version[7] > '9')
    return fail(400, "Malformed request line");
  if (version[5] != '1' || version[7] > '1') return fail(505, "HTTP version not supported");
  head.version_minor = version[7] - '0';
  head.method = parse_method(head.method_text);
  head.chunked = head.expects_continue = false;
  head.content_length = 0;
  head.host = {};
  return parse_target(head);
}

// origin-form, absolute-form, or "*" for OPTIONS (RFC 9112 3.2). No authority-form: this is no proxy.
bool HeadParser::parse_target(RequestHead& head) {
  if (head.method == Method::connect) return fail(501, "CONNECT is not supported");
  std::string_view rest = head.target;
  if (rest == "*" && head.method == Method::options) {
    head.raw_path = head.path = rest;
    head.query = {};
    return true;
  }
  if (rest.front() != '/') {
    const std::size_t scheme = starts_ignoring_case(rest, "http://")    ? 7
                               : starts_ignoring_case(rest, "https://") ? 8
                                                                        : 0;
    if (scheme == 0) return fail(400, "Malformed request target");
    rest.remove_prefix(std::min(rest.find_first_of("/?", scheme), rest.size()));
  }
  const std::size_t mark = rest.find('?');
  head.raw_path = rest.substr(0, mark);
  head.query = mark == not_found ? std::string_view() : rest.substr(mark + 1);
  if (head.raw_path.empty()) head.raw_path = "/";
  if (!all_are(head.raw_path, path_character) || !all_are(head.query, query_character))
    return fail(400, "Forbidden character in the request target");
  head.path = head.raw_path;
  return head.raw_path.find('%') == not_found || decode_path(head);
}

bool HeadParser::decode_path(RequestHead& head) {
  std::string& decoded = head.decoded_path;
  decoded.clear();
  for (std::size_t i = 0; i < head.raw_path.size(); ++i) {
    char c = head.raw_path[i];
    if (c == '%') {
      const int high = i + 2 < head.raw_path.size() ? ascii::hex_value(head.raw_path[i + 1]) : -1;
      const int low = high >= 0 ? ascii::hex_value(head.raw_path[i + 2]) : -1;
      if (low < 0 || (high == 0 && low == 0)) return fail(400, "Malformed escape in the request target");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    decoded.push_back(c);
  }
  head.path = decoded;
  return true;
}

// Takes note of the fields that decide where the message ends and what follows.
bool HeadParser::note_field(const HeaderField& field, RequestHead& head, Seen& seen) {
  switch (field.name.size()) {
    case 4:
      if (!equal_ignoring_case(field.name, "host")) break;
      if (std::exchange(seen.host, true)) return fail(400, "More than one Host");
      if (!is_host(field.value)) return fail(400, "Malformed Host");
      head.host = field.value;
      break;
    case 6:
      if (!equal_ignoring_case(field.name, "expect")) break;
      if (!equal_ignoring_case(field.value, "100-continue")) return fail(417, "Expectation not supported");
      head.expects_continue = head.version_minor == 1;
      break;
    case 10:
      if (!equal_ignoring_case(field.name, "connection")) break;
      for (std::string_view rest = field.value; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const std::string_view option = ascii::trim(rest.substr(0, comma));
        if (equal_ignoring_case(option, "close"))
          seen.close = true;
        else if (equal_ignoring_case(option, "keep-alive"))
          seen.keep_alive = true;
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
      break;
    case 14:
      if (!equal_ignoring_case(field.name, "content-length")) break;
      if (std::exchange(seen.length, true)) return fail(400, "More than one Content-Length");
      if (!parse_length(field.value, head.content_length)) return fail(400, "Malformed Content-Length");
      break;
    case 17:
      if (!equal_ignoring_case(field.name, "transfer-encoding")) break;
      if (std::exchange(seen.coding, true)) return fail(400, "More than one Transfer-Encoding");
      if (!equal_ignoring_case(field.value, "chunked")) return fail(501, "Transfer coding not supported");
      head.chunked = true;
      break;
    default: break;
  }
  return true;
}

// What only the whole head can tell (RFC 9112 3.2, 3.2.2, 6.1, 9.3).
bool HeadParser::check_framing(RequestHead& head, const Seen& seen) {
  if (!seen.host && head.version_minor == 1) return fail(400, "Host is missing");
  if (head.target.front() != '/' && head.target != "*") {
    const std::size_t start = head.target.find("//") + 2;
    const std::size_t end = std::min(head.target.find_first_of("/?", start), head.target.size());
    const std::string_view authority = head.target.substr(start, end - start);
    if (!is_host(authority) || (seen.host && !equal_ignoring_case(authority, head.host)))
      return fail(400, "Host does not match the request target");
    head.host = authority;
  }
  if (seen.coding && seen.length) return fail(400, "Content-Length together with Transfer-Encoding");
  if (seen.coding && head.version_minor == 0) return fail(400, "Transfer-Encoding in HTTP/1.0");
  head.keep_alive = !seen.close && (head.version_minor == 1 || seen.keep_alive);
  if (!head.chunked && head.content_length == 0) head.expects_continue = false;
  return true;
}

}  // namespace bailey::http
