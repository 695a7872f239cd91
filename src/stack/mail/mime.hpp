#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Messages of strangers taken apart (RFC 5322, 2045 to 2047). Any bytes are a message: what is malformed is read as far
// as it goes. No I/O; time and memory are linear in the message's size.
namespace bailey::stack::mail {

struct MimeLimits {
  std::size_t header_fields = 500;  // of the message and of each part; further ones are passed over
  std::size_t header_bytes = std::size_t{256} * 1024;
  std::size_t parts = 200;
  std::size_t depth = 12;  // of multiparts in multiparts
};

// A header field: its name as sent, its value unfolded, its encoded words as they are.
using MimeField = std::pair<std::string, std::string>;

// One that is no multipart. Views into the message.
struct MimePart {
  std::string id;            // "0" of a message without parts; "1", "2", "2.1" by place
  std::string content_type;  // "text/plain", in lower case, "" is never
  std::string charset;       // "" when none is named
  std::string file_name;     // decoded; "" when there is none
  std::string content_id;    // without its brackets
  std::string encoding;      // of the transfer, in lower case
  bool is_attachment = false;
  std::string_view body;

  [[nodiscard]] std::string content() const;  // the bytes that were encoded
  [[nodiscard]] std::string text() const;     // the same as UTF-8
};

struct MimeMessage {
  std::vector<MimeField> fields;
  std::vector<MimePart> parts;

  // The value of the first field of this name; "" when there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
  // The same with its encoded words decoded.
  [[nodiscard]] std::string text_of(std::string_view name) const;
  // The first text of that type that is no attachment; null when there is none.
  [[nodiscard]] const MimePart* body_of(std::string_view content_type) const noexcept;
  [[nodiscard]] const MimePart* part(std::string_view id) const noexcept;
};

// `message` outlives the result.
[[nodiscard]] MimeMessage parse_mime(std::string_view message, const MimeLimits& limits = {});

}  // namespace bailey::stack::mail
