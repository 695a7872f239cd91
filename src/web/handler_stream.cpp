// The handler runs as a task of its own, beside that of the connection: first until it has something to send, for which
// the request waits; then side by side with the stream of the answer, which takes one piece after the other from it and
// writes it. A piece is handed over, not queued: who makes them faster than the client reads them waits, with two of
// them in memory at most.
//
// The request holds the handler as it holds dependencies that outlive their handler: when the request ends first, for
// the client has gone or nobody wanted the answer (HEAD), the handler is cancelled and awaited before those are closed.
#include "web/handler_stream.hpp"

#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/when.hpp>
#include "runtime/spawned.hpp"
#include "web/dependency_run.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace bailey {
namespace web_detail {
namespace {

using namespace std::chrono_literals;

// A stream of events opens by itself after the first, and says that it is there after the second.
constexpr std::chrono::milliseconds opens_after{500};
constexpr std::chrono::milliseconds comments_after{15'000};
constexpr std::string_view heartbeat = ":\n\n";

// However the answer ends, nobody wants more of it.
class EndAtExit {
 public:
  explicit EndAtExit(HandlerStream& stream) noexcept : stream_(stream) {}
  ~EndAtExit() { stream_.end(); }
  EndAtExit(const EndAtExit&) = delete;
  EndAtExit& operator=(const EndAtExit&) = delete;

 private:
  HandlerStream& stream_;
};

}  // namespace

void HandlerStream::require_unopened() const {
  if (is_open_) throw Error("misuse", "The head of a streamed answer has been sent", 500);
}

void HandlerStream::set_status(int code) {
  require_unopened();
  status_ = code;
}

void HandlerStream::add_header(std::string_view name, std::string_view value) {
  require_unopened();
  headers_.add(name, value);
}

Task<> HandlerStream::send(std::shared_ptr<HandlerStream> self, std::string piece) {
  if (piece.empty()) co_return;
  self->settled_.set();
  const bool was_taken = co_await self->pieces_.send(std::move(piece));
  if (!was_taken) throw Error("peer_gone", "Nobody reads the answer any more", 503);
}

void HandlerStream::start(int status, std::optional<std::chrono::milliseconds> lasts, Task<> handler) {
  if (lasts && kind_.is_event_stream) ends_at_ = std::chrono::steady_clock::now() + *lasts;
  if (status_ == 0) status_ = status == 0 ? 200 : status;
  detail::spawn(Loop::current(), "streamed answer", run(shared_from_this(), std::move(handler)), task_,
                [self = shared_from_this()] {
                  self->task_ = nullptr;
                  self->ended_.set();
                });
}

Task<> HandlerStream::run(std::shared_ptr<HandlerStream> self, Task<> handler) {
  if (!self->is_over_) {
    try {
      co_await std::move(handler);
    } catch (...) {
      self->failure_ = std::current_exception();
    }
  }
  self->pieces_.close();
  self->settled_.set();
}

Task<Response> HandlerStream::answer(std::shared_ptr<HandlerStream> self) {
  if (self->kind_.is_event_stream)
    static_cast<void>(co_await self->settled_.wait_for(opens_after));
  else
    co_await self->settled_.wait();
  if (self->failure_) std::rethrow_exception(self->failure_);
  self->is_open_ = true;
  Response response = Response::stream(self->status_, self->kind_.content_type,
                                       [self](http::BodyWriter& out) { return deliver(self, out); });
  // What stands between must not keep it back, and events are old when they come out of a cache.
  response.headers.set("X-Accel-Buffering", "no");
  if (self->kind_.is_event_stream) response.headers.set("Cache-Control", "no-store");
  self->headers_.for_each([&](std::string_view name, std::string_view value) { response.headers.add(name, value); });
  co_return response;
}

// What is to be written next; "" at the end.
Task<std::string> HandlerStream::next_piece(const Event& server_draining) {
  for (;;) {
    std::optional<std::string> piece = pieces_.try_receive();
    if (!piece && draining_.is_set()) piece = co_await pieces_.receive();
    if (piece || draining_.is_set()) co_return std::move(piece).value_or(std::string());
    auto first = co_await when_any(pieces_.receive(), server_draining.wait_for(comments_after));
    if (first.index() == 0) co_return std::get<0>(std::move(first)).value_or(std::string());
    const bool drains = std::get<1>(first);
    if (drains) draining_.set();
    if (!kind_.is_event_stream) continue;
    if (!drains) co_return std::string(heartbeat);
    end();
    co_return std::string();
  }
}

Task<> HandlerStream::deliver(std::shared_ptr<HandlerStream> self, http::BodyWriter& out) {
  const EndAtExit ending(*self);
  const Event server_draining = out.draining();
  TimerWheel::Entry expired([&self] { self->end(); });
  if (self->ends_at_) {
    const auto left = *self->ends_at_ - std::chrono::steady_clock::now();
    Loop::current().timers().arm(expired, std::max(std::chrono::ceil<std::chrono::milliseconds>(left), 1ms));
  }
  for (;;) {
    const std::string piece = co_await self->next_piece(server_draining);
    if (piece.empty()) break;
    co_await out.write(piece);
  }
  if (self->is_over_) co_await self->ended_.wait();
  if (self->failure_ && !self->is_over_) std::rethrow_exception(self->failure_);
}

void HandlerStream::end() noexcept {
  is_over_ = true;
  pieces_.close();
  if (task_ != nullptr) task_->cancel.emit(boost::asio::cancellation_type::terminal);
}

Task<> HandlerStream::close() {
  end();
  co_await ended_.wait();
}

std::shared_ptr<HandlerStream> open_stream(Request& request, const StreamKind& kind) {
  return request.state().set(std::make_shared<HandlerStream>(kind));
}

Task<Response> stream_answer(Request& request, int status, Task<> handler) {
  const std::shared_ptr<HandlerStream> stream = *request.state().get<std::shared_ptr<HandlerStream>>();
  hold_in_request(request, stream);
  stream->start(status, request.expires_in(), std::move(handler));
  co_return co_await HandlerStream::answer(stream);
}

}  // namespace web_detail

StreamedAnswer::StreamedAnswer(std::shared_ptr<web_detail::HandlerStream> stream) noexcept
    : stream_(std::move(stream)) {}
StreamedAnswer::StreamedAnswer(const StreamedAnswer&) = default;
StreamedAnswer::StreamedAnswer(StreamedAnswer&&) noexcept = default;
StreamedAnswer& StreamedAnswer::operator=(const StreamedAnswer&) = default;
StreamedAnswer& StreamedAnswer::operator=(StreamedAnswer&&) noexcept = default;
StreamedAnswer::~StreamedAnswer() = default;

void StreamedAnswer::status(int code) const { stream_->set_status(code); }
void StreamedAnswer::header(std::string_view name, std::string_view value) const { stream_->add_header(name, value); }
Task<> StreamedAnswer::open() const {
  return [](std::shared_ptr<web_detail::HandlerStream> stream) -> Task<> {
    stream->open();
    co_return;
  }(stream_);
}
const Event& StreamedAnswer::draining() const noexcept { return stream_->draining(); }
Task<> StreamedAnswer::send_piece(std::string piece) const {
  return web_detail::HandlerStream::send(stream_, std::move(piece));
}

}  // namespace bailey
