#pragma once

#include <bailey/http/form_limits.hpp>
#include <bailey/http/multipart.hpp>
#include <bailey/http/request.hpp>
#include <bailey/runtime/task.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bailey::http {

class PartReader;
namespace detail {
class PartSource;
}

// A part of a form that is just arriving: what it says of itself, and its bytes, once.
class Part : public PartHead {
 public:
  // The next bytes as they arrive; "" at the end of the part. Errors as PartReader::next. Throws Error "misuse" once
  // the reader has gone on to another part.
  [[nodiscard]] Task<std::string> read();
  // All that is left of it: for fields and small files. Throws Error "payload_too_large" (413) when that is more than
  // `limit_bytes`.
  [[nodiscard]] Task<std::string> read_all(std::size_t limit_bytes);

 private:
  friend class PartReader;
  Part(PartHead head, std::shared_ptr<detail::PartSource> source);

  std::shared_ptr<detail::PartSource> source_;
  std::uint64_t number_;
};

// The parts of a multipart/form-data request, one after the other, as they arrive: nothing of them is kept, so a form
// of any length is read in the memory of one piece of it. A client that sends faster than the parts are read waits.
//
//   PartReader parts(request, {.total_bytes = 4ULL << 30});
//   while (auto part = co_await parts.next())
//     for (auto bytes = co_await part->read(); !bytes.empty(); bytes = co_await part->read()) …
class PartReader {
 public:
  // Nothing is read before the first `next`. Throws Error "unsupported_media_type" (415), "malformed_form" (400) when
  // the Content-Type has no boundary, "payload_too_large" (413) when the request announces more than
  // `limits.total_bytes`. The request must outlive the reader and its parts, and be read by nobody else.
  explicit PartReader(Request& request, const FormLimits& limits = {});
  ~PartReader();
  PartReader(PartReader&&) noexcept;
  PartReader& operator=(PartReader&&) noexcept;

  // The next part, passing over what has not been read of the one before; nothing at the end of the form. Throws Error
  // "malformed_form" (400), "payload_too_large" (413) over a limit, and what Request::read_some throws; after one of
  // these, the same again.
  [[nodiscard]] Task<std::optional<Part>> next();

  // For who knows that the request ends before the parts may: they throw Error "misuse" from now on.
  void end() noexcept;

 private:
  std::shared_ptr<detail::PartSource> source_;  // shared with the parts: they may outlive the reader
};

}  // namespace bailey::http
