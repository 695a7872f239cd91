#pragma once

#include <bailey/http/request_head.hpp>

#include <cstddef>
#include <string_view>

namespace bailey::http {

// Why a request was refused. After any of these the connection's framing is not to be trusted: answer and close.
struct Refusal {
  int status = 0;
  std::string_view detail;  // fit for the client; a literal
};

struct HeadLimits {
  std::size_t request_line_bytes = 8 * 1024;
  std::size_t field_bytes = 32 * 1024;
  std::size_t field_count = 100;
};

// Parses the head of a request: request line and fields (RFC 9112 2 to 6), strictly. It reads what it is given and
// holds no buffer, so heads are parsed where they arrived.
class HeadParser {
 public:
  enum class Status { complete, incomplete, refused };

  explicit HeadParser(HeadLimits limits = {}) noexcept : limits_(limits) {}

  // `bytes` is all that has come since the end of the previous request: after `incomplete`, the same bytes and more,
  // perhaps elsewhere. Once complete, the views of `head` look into `bytes` and size() of them were the head.
  // The outcome does not depend on how the bytes were split. Whatever is refused is refused before the body.
  [[nodiscard]] Status parse(std::string_view bytes, RequestHead& head);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }
  void reset() noexcept { seen_ = fields_start_ = 0; }

 private:
  struct Seen;
  [[nodiscard]] Status refuse(int status, std::string_view detail) noexcept;
  [[nodiscard]] bool is_news(std::string_view bytes) noexcept;
  [[nodiscard]] Status parse_from_start(std::string_view bytes, RequestHead& head);
  [[nodiscard]] bool parse_request_line(std::string_view line, RequestHead& head);
  [[nodiscard]] bool parse_target(RequestHead& head);
  [[nodiscard]] bool decode_path(RequestHead& head);
  [[nodiscard]] bool note_field(const HeaderField& field, RequestHead& head, Seen& seen);
  [[nodiscard]] bool check_framing(RequestHead& head, const Seen& seen);
  [[nodiscard]] bool fail(int status, std::string_view detail) noexcept;

  HeadLimits limits_;
  Refusal refusal_;
  std::size_t size_ = 0;
  std::size_t seen_ = 0;          // of an incomplete head: how much of it there was
  std::size_t fields_start_ = 0;  // and where its fields begin, once the request line is whole
};

}  // namespace bailey::http
