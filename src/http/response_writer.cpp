#include "http/response_writer.hpp"

#include <bailey/http/buffer.hpp>
#include <bailey/http/status.hpp>

#include <array>
#include <charconv>

namespace bailey::http {

namespace {

void append_number(std::string& out, std::uint64_t number, int base = 10) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
    return;
  }
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(status));
  out.push_back(' ');
  out.append(reason_phrase(status)).append("\r\n");
}

// The answer's own fields without those the server writes itself.
void append_fields(std::string& out, const Headers& headers) {
  if (!headers.has_framing()) {
    out.append(headers.wire());
    return;
  }
  headers.for_each([&](std::string_view name, std::string_view value) {
    Headers probe;
    probe.add(name, value);
    if (!probe.has_framing()) out.append(probe.wire());
  });
}

// To HEAD the length of GET's body or none (RFC 9110 section 8.6): of a handler that left the body out it is not known,
// unless it declares it.
void append_length(std::string& out, const Response& response, bool is_head) {
  const bool left_out = is_head && response.body.empty();
  const auto declared = left_out ? response.headers.get("Content-Length") : std::nullopt;
  if (left_out && !declared) return;
  out.append("Content-Length: ");
  if (declared)
    out.append(*declared);
  else
    append_number(out, response.body.size());
  out.append("\r\n");
}

}  // namespace

BodyFraming write_head(std::string& out, const Response& response, const ResponseContext& context) {
  const bool is_final = response.status >= 200 && response.status <= 999;
  const int status = is_final || response.is_upgrade() ? response.status : 500;
  append_status_line(out, status);
  out.append(context.constant_fields);
  if (!response.headers.empty()) append_fields(out, response.headers);

  BodyFraming framing = BodyFraming::none;
  if (may_have_body(status)) {
    if (const std::string_view type = response.content_type();
        !type.empty() && !response.headers.contains("Content-Type"))
      out.append("Content-Type: ").append(type).append("\r\n");
    if (!response.is_stream()) {
      framing = BodyFraming::length;
      append_length(out, response, context.is_head);
    } else if (response.stream_length()) {
      framing = BodyFraming::length;
      out.append("Content-Length: ");
      append_number(out, *response.stream_length());
      out.append("\r\n");
    } else if (context.version_minor == 1) {
      framing = BodyFraming::chunked;
      out.append("Transfer-Encoding: chunked\r\n");
    } else {
      framing = BodyFraming::until_close;
    }
  }
  if (!response.protocol().empty()) out.append("Upgrade: ").append(response.protocol()).append("\r\n");
  if (response.is_upgrade())
    out.append("Connection: Upgrade\r\n");
  else if (!context.keep_alive || framing == BodyFraming::until_close)
    out.append("Connection: close\r\n");
  else if (context.version_minor == 0)
    out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
  return context.is_head ? BodyFraming::none : framing;
}

void write_chunk_size(std::string& out, std::size_t size) {
  append_number(out, size, 16);
  out.append("\r\n");
}

Response error_response(int status, std::string_view detail) {
  std::string body = take_buffer();
  body.append("{\"detail\":\"");
  for (char c : detail) {
    if (c == '"' || c == '\\') body.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20) {
      body.push_back(c);
    } else {
      body.append("\\u00");
      body.push_back("01"[(c >> 4) & 1]);
      body.push_back("0123456789abcdef"[c & 15]);
    }
  }
  body.append("\"}");
  return Response::json(status, std::move(body));
}

}  // namespace bailey::http
