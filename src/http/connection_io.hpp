#pragma once

#include "http/connection.hpp"
#include "http/stream.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/buffer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

// The coroutines of a connection. `run` is the one that exists while a connection is open; the others do what a busy
// connection rarely needs: wait in a write and take leave (here), read a body (connection_body.hpp), stream an answer
// or change the protocol (connection_stream.hpp).
//
// A request served at once costs one read, which waits, and one write, which does not: sockets nearly always take an
// answer whole. Answers to pipelined requests gather in `out` and leave together, before the connection waits for
// anything. A handler's task is awaited right here, so there is no frame between it and the connection.
namespace bailey::http {

class WriteLine;

template <class Stream>
class Connection final : public ConnectionBase {
 public:
  Connection(std::shared_ptr<Worker> worker, Accepted accepted, bool over_limit)
      : ConnectionBase(worker, accepted.peer, over_limit), stream_(std::move(accepted.socket), worker->config()) {}

  static void start(std::shared_ptr<Worker> worker, Accepted accepted, bool over_limit) {
    auto connection = std::make_unique<Connection>(std::move(worker), std::move(accepted), over_limit);
    Connection& started = *connection;
    const LoopExecutor executor = started.worker_->loop().executor();
    const auto slot = started.cancel_handler_.slot();
    auto ended = [owner = std::move(connection)](const std::exception_ptr& failure) {
      if (failure) log::error("a connection failed");
    };
    boost::asio::co_spawn(executor, started.run(), boost::asio::bind_cancellation_slot(slot, std::move(ended)));
  }

 private:
  class ChunkWriter;
  class Upgraded;
  using Trouble = ConnectionLife::Trouble;
  using ErrorCode = boost::system::error_code;

  LoopSocket& socket() noexcept override { return stream_.socket(); }
  bool is_secure() const noexcept override { return Stream::is_secure; }
  void answer_for_handler() override;

  Task<> run();
  Task<> wait_for_client();
  Task<> write_rest();
  Task<> stream_answer(Response& response, BodyFraming framing);
  Task<> hand_over(Response& response);
  template <class Put>
  Task<> write_in_turn(WriteLine& line, Put put);
  Task<> end_writes(WriteLine& line);
  template <class Work, class Use>
  Task<bool> lend(Work& work, Use& use, std::string_view failure);
  Task<> discard_body();
  Task<> write_instead();
  Task<> leave(std::span<char> waste);
  Task<> send_continue();
  Task<std::size_t> receive_body(std::span<char> into);
  Task<std::size_t> read_upgraded(std::span<char> into);
  Task<std::string_view> body(std::size_t limit_bytes) override;
  Task<std::size_t> read_some(std::span<char> into) override;

  [[nodiscard]] bool write_now();
  [[nodiscard]] WriteBuffers unsent() const noexcept {
    return {boost::asio::buffer(out()) + sent_bytes_,
            boost::asio::buffer(large_body_) + (sent_bytes_ - std::min(sent_bytes_, out().size()))};
  }
  void sent(std::size_t count);
  void forget_output();

  Stream stream_;
};

template <class Stream>
Task<> Connection<Stream>::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  if constexpr (Stream::is_secure) {
    ErrorCode error;
    arm(life_.await_handshake());
    co_await stream_.async_handshake(boost::asio::redirect_error(use_task, error));
    if (error) co_return;
    life_.handle();
  }
  if (over_limit_) queue_refusal({503, "Too many connections"});

  while (!life_.is_closing()) {
    const HeadParser::Status status = parse_head();
    if (status == HeadParser::Status::refused) {
      queue_refusal(parser_.refusal());
      break;
    }
    if (status == HeadParser::Status::incomplete) {
      if (has_output()) {
        if (!write_now()) co_await write_rest();
        // Others first: by then the next request may have come, and reading need not be tried twice.
        co_await boost::asio::post(stream_.socket().get_executor(), use_task);
      }
      if (life_.is_broken()) break;
      prepare_read();
      ErrorCode error;
      Workspace& workspace = *workspace_;
      const std::size_t count =
          co_await stream_.async_read_some(boost::asio::buffer(workspace.bytes.get() + workspace.end, workspace.free()),
                                           boost::asio::redirect_error(use_task, error));
      workspace.end += count;
      if (count == 0) {
        const bool may_park = life_.phase() == Phase::idle && life_.has_expired();
        const bool was_woken = error == boost::asio::error::operation_aborted;
        if (was_woken && may_park && worker_->is_draining() && has_arrived()) continue;  // a request, just in time
        if (!may_park || worker_->is_draining()) {
          if (!may_park && life_.has_expired()) queue_refusal({408, "The request did not arrive in time"});
          break;
        }
        co_await wait_for_client();
      }
      continue;
    }

    begin_request();
    Answer answer = ask();
    if (Task<Response>* const task = std::get_if<Task<Response>>(&answer)) {
      if (has_output() && !write_now()) co_await write_rest();
      std::optional<Response> response;
      arm(life_.await_handler(Phase::pending, now()));
      co_await boost::asio::this_coro::throw_if_cancelled(true);
      try {
        Response later = co_await std::move(*task);
        response.emplace(std::move(later));
      } catch (...) {
        if (life_.trouble() == Trouble::none) response.emplace(response_to(std::current_exception()));
      }
      if (!answered_for_) life_.handle();
      if (life_.trouble() != Trouble::none)
        co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
      co_await boost::asio::this_coro::throw_if_cancelled(false);
      if (answered_for_) co_await answered_for_->wait();  // that uses the request
      if (peer_gone()) life_.worsen(Fate::broken);
      if (life_.is_broken()) {
        // What began before the answer looks at the request until it has been told of the end.
        if (response && response->is_upgrade()) co_await hand_over(*response);
        break;
      }
      if (!response) response.emplace(response_to_cancelled());
      answer.template emplace<Response>(std::move(*response));
    }
    Response& response = std::get<Response>(answer);
    if (response.is_upgrade()) {
      if (may_upgrade_to(response.protocol())) {
        co_await hand_over(response);
        break;
      }
      response = Response::upgrade_required(std::string(response.protocol()));
    }
    if (response.is_stream())
      forgo_continue();  // the stream may read the body still
    else
      settle_unread_body();
    const BodyFraming framing = queue(response);
    if (response.is_stream()) {
      if (framing != BodyFraming::none) co_await stream_answer(response, framing);
      settle_unread_body();
    }
    if (!life_.is_closing() && !body_.is_complete()) co_await discard_body();
    if (must_send() && !write_now()) co_await write_rest();
    end_request();
  }
  if (workspace_) co_await leave({workspace_->bytes.get(), workspace_->capacity});
}

// Idle for a while: gives the workspace back and waits without a buffer.
template <class Stream>
Task<> Connection<Stream>::wait_for_client() {
  park();
  ErrorCode error;
  co_await stream_.socket().async_wait(boost::asio::socket_base::wait_read,
                                       boost::asio::redirect_error(use_task, error));
  unpark();
  if (error && !has_arrived()) life_.worsen(Fate::closing);
}

// Whether all could be written without waiting, or nothing ever will be.
template <class Stream>
bool Connection<Stream>::write_now() {
  ErrorCode error;
  while (has_output() && !life_.is_broken()) {
    sent(stream_.try_write(unsent(), error));
    if (error == boost::asio::error::would_block || error == boost::asio::error::try_again) return false;
    if (error) life_.worsen(Fate::broken);
  }
  return true;
}

template <class Stream>
void Connection<Stream>::sent(std::size_t count) {
  sent_bytes_ += count;
  if (sent_bytes_ == out().size() + large_body_.size()) forget_output();
}

template <class Stream>
void Connection<Stream>::forget_output() {
  out().clear();
  recycle(std::exchange(large_body_, std::string()));
  sent_bytes_ = 0;
}

// All waits for the socket are woken together: this goes on if it was not meant. (With TLS it cannot: part of a record
// may be out.)
template <class Stream>
Task<> Connection<Stream>::write_rest() {
  while (has_output() && !life_.is_broken()) {
    ErrorCode error;
    enter_writing();
    const WriteBuffers rest = unsent();
    const std::size_t count = co_await stream_.async_write_some(rest, boost::asio::redirect_error(use_task, error));
    sent(count);
    const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
    const bool is_cancelled = cancellation.cancelled() != boost::asio::cancellation_type::none;
    const bool may_go_on = !Stream::is_secure && error == boost::asio::error::operation_aborted;
    if (is_cancelled ? has_output() : error && !may_go_on) life_.worsen(Fate::broken);
  }
  leave_writing();
  forget_output();
}

// Until it is done, nothing else uses the stream: the handler's own coroutine waits for it, and a body that it asks for
// is refused.
template <class Stream>
void Connection<Stream>::answer_for_handler() {
  answered_for_.emplace();
  try {
    boost::asio::co_spawn(worker_->loop().executor(), write_instead(), [](const std::exception_ptr&) {});
  } catch (...) {
    answered_for_->set();
    throw;
  }
}

template <class Stream>
Task<> Connection<Stream>::write_instead() {
  Event done = *answered_for_;
  try {
    Response response = response_for_handler();
    queue(response);
    std::array<char, 4096> waste;  // the connection's buffers are the request's still
    co_await leave(waste);
  } catch (const std::exception&) {  // no memory for it
  }
  life_.worsen(Fate::broken);
  shut_down();
  done.set();
}

// Ends the connection so that the peer gets all it was sent. Closing while bytes of the peer are unread makes the
// kernel send a reset, which may overtake the answer: so first the sending side only, and the rest is read away for a
// while, into `waste`.
template <class Stream>
Task<> Connection<Stream>::leave(std::span<char> waste) {
  life_.handle();  // the wait for a request is over
  if (has_output() && !write_now()) co_await write_rest();
  if (life_.is_broken()) co_return;
  ErrorCode error;
  arm(life_.await_farewell());
  if constexpr (Stream::is_secure) co_await stream_.async_shutdown(boost::asio::redirect_error(use_task, error));
  if (has_arrived()) life_.worsen(Fate::lingering);
  stream_.socket().shutdown(boost::asio::socket_base::shutdown_send, error);
  constexpr std::size_t most = 32 * 1024 * 1024;
  for (std::size_t total = 0; life_.lingers() && !life_.has_expired() && !error && total < most;) {
    total += co_await stream_.socket().async_read_some(boost::asio::buffer(waste.data(), waste.size()),
                                                       boost::asio::redirect_error(use_task, error));
  }
  life_.handle();
}

}  // namespace bailey::http
