#include <bailey/http/headers.hpp>
#include <bailey/http/response_stream.hpp>

#include "http/streamed_transfer.hpp"

#include <utility>

namespace bailey::http {

namespace {

// Destroys it on its own loop, at once if this is it. A loop that has gone has ended the transfer already.
void drop(std::unique_ptr<detail::OpenStream> open) {
  if (!open || open->is_at_home()) return;
  const LoopHandle home = open->home;
  static_cast<void>(home.post([dropped = std::move(open)] {}));
}

}  // namespace

ResponseStream::ResponseStream(std::unique_ptr<detail::OpenStream> open) noexcept : open_(std::move(open)) {}
ResponseStream::ResponseStream(ResponseStream&&) noexcept = default;
ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
  drop(std::exchange(open_, std::move(other.open_)));
  return *this;
}
ResponseStream::~ResponseStream() { drop(std::move(open_)); }

int ResponseStream::status() const noexcept { return open_->transfer->response().status; }

const std::vector<std::pair<std::string, std::string>>& ResponseStream::headers() const noexcept {
  return open_->transfer->response().headers;
}

std::optional<std::string_view> ResponseStream::header(std::string_view name) const noexcept {
  return open_->transfer->response().header(name);
}

Task<Expected<std::string>> ResponseStream::read() {
  if (!open_->is_at_home()) throw Error("wrong_loop", "A response is read on the loop that opened its stream", 500);
  return detail::StreamedTransfer::read(open_->transfer);
}

}  // namespace bailey::http
