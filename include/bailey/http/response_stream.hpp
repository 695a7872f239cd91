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

// An answer of another server whose body is read as it arrives; made by Client::stream. A slow reader slows the server
// down: no more than some hundred KB are kept here. Destroying it closes the transfer, whether all was read or not. It
// keeps what it needs of the Client. Use it on the loop that opened it; destroy it on any thread.
class [[nodiscard]] ResponseStream {
 public:
  ResponseStream(ResponseStream&&) noexcept;
  ResponseStream& operator=(ResponseStream&&) noexcept;
  ~ResponseStream();

  [[nodiscard]] int status() const noexcept;
  // Names in lower case, in the order received.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& headers() const noexcept;
  // The value of the first header of this name, compared without case; nullopt when there is none. A view into this
  // stream.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

  // Waits for the next part of the body, for ClientRequest::timeout at most, and returns it; "" at the end and ever
  // after. Errors are those of Client::send; they come behind all that has arrived, and stay. Throws what the request's
  // BodySource has thrown, and Error "wrong_loop" on another loop than its own. Cancelling the task, or destroying the
  // stream meanwhile, ends the call with boost::system::system_error (operation_aborted); a cancelled call has taken
  // nothing, so the next one continues.
  [[nodiscard]] Task<Expected<std::string>> read();

 private:
  friend struct detail::OpenStream;
  explicit ResponseStream(std::unique_ptr<detail::OpenStream> open) noexcept;

  std::unique_ptr<detail::OpenStream> open_;
};

}  // namespace bailey::http
