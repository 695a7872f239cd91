#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

namespace detail {
class StreamedTransfer;
struct OpenStream;
}  // namespace detail

// An answer of another server whose body is read as it arrives (Client::stream). What is not read waits: a slow reader
// slows the server, and no more than some hundred KB lie here. Nothing need be read to its end: destroying it closes
// the transfer. It works without the Client it came from. Used on the loop that opened it; it may be destroyed
// anywhere, at any time.
class [[nodiscard]] ResponseStream {
 public:
  ResponseStream(ResponseStream&&) noexcept;
  ResponseStream& operator=(ResponseStream&&) noexcept;
  ~ResponseStream();

  [[nodiscard]] int status() const noexcept;
  // Names in lower case, in the order received.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& headers() const noexcept;
  // The first header of this name (any case). A view into this stream.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

  // The next part of the body; "" at its end, and again after it. Waits for it as long as ClientRequest::timeout.
  // Errors as those of Client::send, after what had arrived before; again the same. Throws what the request's
  // BodySource has thrown, and Error "wrong_loop" on another loop than its own. Cancelling the task ends it with
  // operation_aborted and loses nothing; so does destroying the stream meanwhile.
  [[nodiscard]] Task<Expected<std::string>> read();

 private:
  friend struct detail::OpenStream;
  explicit ResponseStream(std::unique_ptr<detail::OpenStream> open) noexcept;

  std::unique_ptr<detail::OpenStream> open_;
};

}  // namespace bailey::http
