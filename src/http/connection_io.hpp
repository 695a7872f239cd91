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
#include <span>
#include <utility>

// The coroutines of a connection. `run` is the one that exists while a connection is open; the others do what a busy
// connection rarely needs: wait in a write, read a body, stream an answer, take leave.
//
// A request served at once costs one read, which waits, and one write, which does not: sockets nearly always take an
// answer whole. Answers to pipelined requests gather in `out` and leave together, before the connection waits for
// anything. A handler's task is awaited right here, so there is no frame between it and the connection.
namespace bailey::http {

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

  Task<> run();
  Task<> wait_for_client();
  Task<> write_rest();
  Task<> stream_answer(Response& response, BodyFraming framing);
  Task<> hand_over(Response& response);
  Task<> discard_body();
  Task<> leave();
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
      if (life_.is_broken() || (worker_->is_draining() && workspace_->pending().empty() && !has_arrived())) break;
      prepare_read();
      ErrorCode error;
      Workspace& workspace = *workspace_;
      const std::size_t count =
          co_await stream_.async_read_some(boost::asio::buffer(workspace.bytes.get() + workspace.end, workspace.free()),
                                           boost::asio::redirect_error(use_task, error));
      workspace.end += count;
      if (count == 0) {
        const bool may_park = life_.phase() == Phase::idle && life_.has_expired();
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
      life_.handle();
      if (life_.trouble() != Trouble::none)
        co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
      co_await boost::asio::this_coro::throw_if_cancelled(false);
      if (peer_gone()) life_.worsen(Fate::broken);
      if (life_.is_broken()) break;
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
  co_await leave();
}

// Idle for a while: gives the workspace back and waits without a buffer.
template <class Stream>
Task<> Connection<Stream>::wait_for_client() {
  park();
  ErrorCode error;
  co_await stream_.socket().async_wait(boost::asio::socket_base::wait_read,
                                       boost::asio::redirect_error(use_task, error));
  unpark();
  if (error) life_.worsen(Fate::closing);
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

template <class Stream>
Task<> Connection<Stream>::write_rest() {
  const Phase before = life_.phase();
  while (has_output() && !life_.is_broken()) {
    ErrorCode error;
    enter_writing();
    const WriteBuffers rest = unsent();
    const std::size_t count = co_await stream_.async_write_some(rest, boost::asio::redirect_error(use_task, error));
    if (error || life_.has_expired()) life_.worsen(Fate::broken);
    sent(count);
  }
  forget_output();
  go_back_to(before);
}

template <class Stream>
class Connection<Stream>::ChunkWriter final : public BodyWriter {
 public:
  ChunkWriter(Connection& connection, BodyFraming framing, std::optional<std::uint64_t> length)
      : connection_(connection), framing_(framing), left_(length) {}

  Task<> write(std::string_view part) override {
    if (part.empty()) co_return;  // an empty chunk would end the body
    Connection& to = connection_;
    if (left_) {
      if (part.size() > *left_) throw Error("body_length_mismatch", "the body is longer than was announced");
      *left_ -= part.size();
    }
    if (framing_ == BodyFraming::chunked) write_chunk_size(to.out(), part.size());
    to.out().append(part);
    if (framing_ == BodyFraming::chunked) to.out().append("\r\n");
    const bool all_sent = to.write_now();
    if (!all_sent) co_await to.write_rest();
    if (to.life_.is_broken()) throw Error("peer_gone", "the client is gone", 503);
  }

  Event draining() const override { return connection_.worker_->draining(); }
  [[nodiscard]] bool is_short() const noexcept { return left_.value_or(0) > 0; }

 private:
  Connection& connection_;
  BodyFraming framing_;
  std::optional<std::uint64_t> left_;  // of a body of known length
};

template <class Stream>
Task<> Connection<Stream>::stream_answer(Response& response, BodyFraming framing) {
  ChunkWriter writer(*this, framing, response.stream_length());
  bool whole = false;
  if (!write_now()) co_await write_rest();
  arm(life_.await_handler(Phase::streaming, now()));
  co_await boost::asio::this_coro::throw_if_cancelled(true);
  try {
    Task<> task = response.stream()(writer);
    co_await std::move(task);
    whole = true;
  } catch (const std::exception& error) {
    if (life_.trouble() == Trouble::none && !life_.is_broken())
      log::error("a streamed answer broke off",
                 {{"request", to_hex(workspace_->request.id())}, {"error", error.what()}});
  }
  life_.handle();
  if (life_.trouble() != Trouble::none)
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  if (!whole || writer.is_short())
    life_.worsen(Fate::broken);
  else if (framing == BodyFraming::chunked)
    out().append("0\r\n\r\n");
}

template <class Stream>
class Connection<Stream>::Upgraded final : public UpgradedConnection {
 public:
  explicit Upgraded(Connection& connection) : connection_(connection) {}

  Task<std::size_t> read_some(std::span<char> into) override { return connection_.read_upgraded(into); }
  Task<> write(std::string_view bytes) override {
    Connection& to = connection_;
    to.out().append(bytes);
    const bool all_sent = to.write_now();
    if (!all_sent) co_await to.write_rest();
    if (to.life_.is_broken()) throw Error("peer_gone", "the client is gone", 503);
  }
  Event draining() const override { return connection_.worker_->draining(); }
  std::string remote_address() const override { return connection_.remote_address(); }

 private:
  Connection& connection_;
};

// The end of HTTP on this connection. What the peer has sent behind its request is the new protocol's already.
template <class Stream>
Task<> Connection<Stream>::hand_over(Response& response) {
  life_.worsen(Fate::closing);
  queue(response);
  if (!write_now()) co_await write_rest();
  if (life_.is_broken()) co_return;
  Upgraded upgraded(*this);
  life_.upgrade();
  co_await boost::asio::this_coro::throw_if_cancelled(true);
  try {
    Task<> task = response.takeover()(upgraded);
    co_await std::move(task);
  } catch (const std::exception& error) {
    if (life_.trouble() == Trouble::none && !life_.is_broken())
      log::error("an upgraded connection failed",
                 {{"request", to_hex(workspace_->request.id())}, {"error", error.what()}});
  }
  life_.handle();
  if (life_.trouble() != Trouble::none)
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  life_.worsen(Fate::lingering);
}

template <class Stream>
Task<std::size_t> Connection<Stream>::read_upgraded(std::span<char> into) {
  Workspace& workspace = *workspace_;
  if (const std::string_view pending = workspace.pending(); !pending.empty()) {
    const std::size_t count = std::min(pending.size(), into.size());
    std::copy_n(pending.begin(), count, into.begin());
    workspace.position += count;
    co_return count;
  }
  ErrorCode error;
  const std::size_t count = co_await stream_.async_read_some(boost::asio::buffer(into.data(), into.size()),
                                                             boost::asio::redirect_error(use_task, error));
  co_return count;
}

// The rest of a body that nobody has read: taken off the wire for the sake of the next request, within bounds.
template <class Stream>
Task<> Connection<Stream>::discard_body() {
  if (!write_now()) co_await write_rest();
  std::size_t discarded = 0;
  try {
    std::string waste = take_buffer();
    waste.resize(16 * 1024);
    while (!life_.is_broken()) {
      const std::size_t count = co_await read_some(waste);
      discarded += count;
      if (count == 0) break;
      if (discarded > worker_->options().drain_limit_bytes) life_.worsen(Fate::lingering);
      if (life_.is_closing()) break;
    }
    recycle(std::move(waste));
  } catch (const Error&) {  // it stalled or was malformed: no next request
    life_.worsen(Fate::lingering);
  }
}

// Ends the connection so that the peer gets all it was sent. Closing while bytes of the peer are unread makes the
// kernel send a reset, which may overtake the answer: so first the sending side only, and the rest is read away for a
// while.
template <class Stream>
Task<> Connection<Stream>::leave() {
  if (!workspace_) co_return;
  if (has_output() && !write_now()) co_await write_rest();
  if (life_.is_broken()) co_return;
  ErrorCode error;
  arm(life_.await_farewell());
  if constexpr (Stream::is_secure) co_await stream_.async_shutdown(boost::asio::redirect_error(use_task, error));
  stream_.socket().shutdown(boost::asio::socket_base::shutdown_send, error);
  constexpr std::size_t most = 32 * 1024 * 1024;
  for (std::size_t total = 0; life_.lingers() && !life_.has_expired() && !error && total < most;) {
    total +=
        co_await stream_.socket().async_read_some(boost::asio::buffer(workspace_->bytes.get(), workspace_->capacity),
                                                  boost::asio::redirect_error(use_task, error));
  }
  life_.handle();
}

template <class Stream>
Task<> Connection<Stream>::send_continue() {
  continue_due_ = false;
  out().append("HTTP/1.1 100 Continue\r\n\r\n");
  const bool all_sent = write_now();
  if (!all_sent) co_await write_rest();
}

// Waits for bytes of the body. Throws when there will be none.
template <class Stream>
Task<std::size_t> Connection<Stream>::receive_body(std::span<char> into) {
  if (continue_due_) co_await send_continue();
  const Phase before = life_.phase();
  arm(life_.await_body());
  const auto began = now();
  ErrorCode error;
  const std::size_t count = co_await stream_.async_read_some(boost::asio::buffer(into.data(), into.size()),
                                                             boost::asio::redirect_error(use_task, error));
  const bool expired = life_.has_expired() || life_.trickles(count, now() - began);
  go_back_to(before);
  if (count != 0 && !expired) co_return count;
  life_.worsen(Fate::closing);
  if (expired) {
    life_.worsen(Fate::lingering);
    throw Error("request_timeout", "The request did not arrive in time", 408);
  }
  throw Error("bad_request", "The request ended before its body did", 400);
}

template <class Stream>
Task<std::string_view> Connection<Stream>::body(std::size_t limit_bytes) {
  const std::size_t limit = limit_bytes == Request::default_limit ? worker_->options().body_limit_bytes : limit_bytes;
  const auto refuse = [this] {
    life_.worsen(Fate::lingering);
    throw Error("payload_too_large", "The request body is too large", 413);
  };
  if (body_now()) {
    if (whole_body_->size() > limit) refuse();
    co_return *whole_body_;
  }
  if (served_ != 0) throw Error("body_already_read", "The body has been read in parts already");
  Workspace& workspace = *workspace_;
  if (!body_.is_chunked()) {
    const auto length = body_.left();
    if (length > limit) refuse();
    if (workspace.capacity - workspace.position >= length) {  // it fits behind the head
      while (workspace.pending().size() < length) {
        const std::span<char> room(workspace.bytes.get() + workspace.end, workspace.free());
        const std::size_t count = co_await receive_body(room);
        workspace.end += count;
      }
      whole_body_ = body_.take(limit);
      co_return *whole_body_;
    }
  }
  // Beside the head, growing as it arrives: who announces much has not sent it yet.
  std::string& body = workspace.body;
  for (;;) {
    for (std::string_view run = body_.take(~std::size_t{0}); !run.empty(); run = body_.take(~std::size_t{0})) {
      if (run.size() > limit - std::min(limit, body.size())) refuse();
      body.append(run);
    }
    if (body_.is_complete()) break;
    body_.reuse_room();
    if (body_.is_chunked()) {
      const std::size_t count = co_await receive_body({workspace.bytes.get() + workspace.end, workspace.free()});
      workspace.end += count;
      continue;
    }
    const std::size_t have = body.size();
    const std::size_t next = std::min<std::uint64_t>(body_.left(), std::max<std::size_t>(16 * 1024, have));
    body.resize(have + next);
    const std::size_t count = co_await receive_body({body.data() + have, next});
    body.resize(have + count);
    body_.received_elsewhere(count);
  }
  if (body.size() > limit) refuse();  // also what came before anybody asked
  whole_body_ = body;
  co_return *whole_body_;
}

template <class Stream>
Task<std::size_t> Connection<Stream>::read_some(std::span<char> into) {
  Workspace& workspace = *workspace_;
  const auto hand_out = [&](std::string_view run) {
    std::copy(run.begin(), run.end(), into.begin());
    served_ += run.size();
    return run.size();
  };
  if (served_ < workspace.body.size())
    co_return hand_out(std::string_view(workspace.body).substr(served_, into.size()));
  for (;;) {
    const std::string_view run = body_.take(into.size());
    if (!run.empty() || body_.is_complete() || into.empty()) co_return hand_out(run);
    body_.reuse_room();
    if (body_.is_chunked()) {
      const std::size_t count = co_await receive_body({workspace.bytes.get() + workspace.end, workspace.free()});
      workspace.end += count;
    } else {
      const std::size_t wanted = std::min<std::uint64_t>(body_.left(), into.size());
      const std::size_t count = co_await receive_body(into.first(wanted));
      body_.received_elsewhere(count);
      served_ += count;
      co_return count;
    }
  }
}

}  // namespace bailey::http
