#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/form_limits.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

// What a part of a form says of itself (RFC 7578).
struct PartHead {
  std::string name;  // of the field; UTF-8
  // A part with a file name is a file. It is what the client says, without directories, and UTF-8: never a path. ""
  // where a browser sends a file input in which no file was chosen, and for "." and "..".
  std::optional<std::string> filename;
  std::string content_type;                                  // as the client says; "" when it does not
  std::vector<std::pair<std::string, std::string>> headers;  // all of them, as sent

  [[nodiscard]] bool is_file() const noexcept { return filename.has_value(); }
  // The first header of this name, in any case. A view into this.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view header_name) const noexcept;
};

// Takes a multipart/form-data body apart as it arrives (RFC 7578, RFC 2046 5.1), strictly and within limits: in time
// that grows with the body alone, and with no more memory than the head of one part. No I/O. What it finds does not
// depend on where the body was cut into pieces.
class MultipartParser {
 public:
  enum class Event : std::uint8_t {
    more,      // the input has been consumed
    part,      // a part begins: head()
    data,      // bytes of the part; never empty
    part_end,  // the part is complete
    done,      // the last boundary has come; what follows it is passed over
    refused,   // error()
  };
  struct Step {
    Event event = Event::more;
    std::size_t consumed = 0;  // of the input
    std::string_view data;     // in the input or in the parser: valid until the next step
  };

  // For a body of this Content-Type. Error "unsupported_media_type" (415) when it is no multipart/form-data,
  // "malformed_form" (400) when it has no boundary that could be one.
  [[nodiscard]] static Expected<MultipartParser> of(std::string_view content_type, const FormLimits& limits = {});

  // One step over `input`. Call it with what is left until that is empty or the event is `done` or `refused`.
  [[nodiscard]] Step next(std::string_view input);
  // The body has ended. Error "malformed_form" (400) when its last boundary has not come.
  [[nodiscard]] Expected<void> finish();

  // The part that began last.
  [[nodiscard]] const PartHead& head() const noexcept { return head_; }
  [[nodiscard]] PartHead take_head() noexcept { return std::move(head_); }
  // Why it was refused: "malformed_form" (400), or "payload_too_large" (413) over a limit. Only after `refused`.
  [[nodiscard]] const Error& error() const noexcept { return *error_; }

 private:
  enum class State : std::uint8_t { preamble, body, boundary, padding, line_feed, dash, head, done, refused };

  MultipartParser(std::string_view boundary, const FormLimits& limits);

  [[nodiscard]] Step advance(std::string_view input);
  [[nodiscard]] bool find_delimiter(std::string_view input, Step& step);
  void take_boundary_line(char c);
  [[nodiscard]] bool take_head_line(std::string_view input, std::size_t& at);
  void begin_part();
  void count_data(std::size_t bytes);
  void refuse_malformed(std::string_view sentence);
  void refuse_too_large(std::string sentence);

  FormLimits limits_;
  std::string delimiter_;          // CRLF, two hyphens, the boundary
  std::size_t start_ = 1;          // where in it what is looked for begins
  std::size_t matched_ = 2;        // so much of it has come: an empty line is as good as before the first boundary
  std::size_t implied_ = 2;        // and so much of that was not in what may be data
  std::uint64_t total_bytes_ = 0;  // consumed
  std::uint64_t part_bytes_ = 0;
  std::size_t files_ = 0;
  std::size_t fields_ = 0;
  State state_ = State::preamble;
  std::string head_text_;
  PartHead head_;
  std::optional<Error> error_;
};

}  // namespace bailey::http
