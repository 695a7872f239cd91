#pragma once

#include "http/connection_io.hpp"
#include "http/write_line.hpp"

// What a connection rarely does: it streams an answer, or is handed over to another protocol.
namespace bailey::http {

// Lets what a handler has returned work with the connection until it ends or is cancelled. Whether it ended well; if
// not, and the peer was not the reason, it is logged as `failure`.
template <class Stream>
template <class Work, class Use>
Task<bool> Connection<Stream>::lend(Work& work, Use& use, std::string_view failure) {
  bool done = false;
  co_await boost::asio::this_coro::throw_if_cancelled(true);
  try {
    Task<> task = work(use);
    co_await std::move(task);
    done = true;
  } catch (const std::exception& error) {
    if (life_.trouble() == Trouble::none && !life_.is_broken())
      log::error(failure, {{"request", to_hex(workspace_->request.id())}, {"error", error.what()}});
  }
  life_.handle();
  if (life_.trouble() != Trouble::none)
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_return done;
}

// What `put` puts into the output leaves as a whole before another's: while this waits the system reads from there.
template <class Stream>
template <class Put>
Task<> Connection<Stream>::write_in_turn(WriteLine& line, Put put) {
  expect_home();
  const auto expect_open = [&] {
    if (life_.is_broken() || line.is_closed()) throw Error("peer_gone", "the client is gone", 503);
  };
  expect_open();  // behind who closes the line nobody has a turn
  WriteLine::Turn turn;
  const bool is_first = line.try_enter(turn);
  if (!is_first) co_await line.enter(turn);
  expect_open();
  put(out());
  const bool all_sent = write_now();
  if (!all_sent) {
    line.keep(turn);
    co_await write_rest();
  }
  if (life_.is_broken()) throw Error("peer_gone", "the client is gone", 503);
}

// Others than the handler may be writing still when it ends. What they have begun is sent, and what is in line is not.
template <class Stream>
Task<> Connection<Stream>::end_writes(WriteLine& line) {
  if (life_.is_broken()) cancel_io();
  co_await line.close();
}

template <class Stream>
class Connection<Stream>::ChunkWriter final : public BodyWriter {
 public:
  ChunkWriter(Connection& connection, BodyFraming framing, std::optional<std::uint64_t> length)
      : connection_(connection), framing_(framing), left_(length) {}

  Task<> write(std::string_view part) override {
    return connection_.write_in_turn(line_, [this, part](std::string& out) { put(part, out); });
  }
  Event draining() const override { return connection_.worker_->draining(); }

  [[nodiscard]] Task<> end_writes() { return connection_.end_writes(line_); }
  [[nodiscard]] bool is_short() const noexcept { return left_.value_or(0) > 0; }

 private:
  void put(std::string_view part, std::string& out) {
    if (part.empty()) return;  // an empty chunk would end the body
    if (left_) {
      if (part.size() > *left_) throw Error("body_length_mismatch", "the body is longer than was announced");
      *left_ -= part.size();
    }
    if (framing_ == BodyFraming::chunked) write_chunk_size(out, part.size());
    out.append(part);
    if (framing_ == BodyFraming::chunked) out.append("\r\n");
  }

  Connection& connection_;
  WriteLine line_;
  BodyFraming framing_;
  std::optional<std::uint64_t> left_;  // of a body of known length
};

template <class Stream>
Task<> Connection<Stream>::stream_answer(Response& response, BodyFraming framing) {
  ChunkWriter writer(*this, framing, response.stream_length());
  if (!write_now()) co_await write_rest();
  arm(life_.await_handler(Phase::streaming, now()));
  const bool whole = co_await lend(response.stream(), writer, "a streamed answer broke off");
  co_await writer.end_writes();
  if (whole && writer.is_short() && !life_.is_broken())
    log::error("a streamed answer broke off",
               {{"request", to_hex(workspace_->request.id())}, {"error", "the body is shorter than was announced"}});
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
    return connection_.write_in_turn(line_, [bytes](std::string& out) { out.append(bytes); });
  }
  bool hold(std::size_t bytes) noexcept override { return connection_.held_.change_to(bytes); }
  Event draining() const override { return connection_.worker_->draining(); }
  std::string remote_address() const override { return connection_.remote_address(); }

  [[nodiscard]] Task<> end_writes() { return connection_.end_writes(line_); }

 private:
  Connection& connection_;
  WriteLine line_;
};

// The end of HTTP on this connection. What the peer has sent behind its request is the new protocol's already. If the
// peer is gone the takeover finds out by itself: what began before the answer may wait for it.
template <class Stream>
Task<> Connection<Stream>::hand_over(Response& response) {
  life_.worsen(Fate::closing);
  queue(response);
  if (!write_now()) co_await write_rest();
  Upgraded upgraded(*this);
  life_.upgrade();
  static_cast<void>(co_await lend(response.takeover(), upgraded, "an upgraded connection failed"));
  co_await upgraded.end_writes();
  life_.worsen(Fate::lingering);
}

template <class Stream>
Task<std::size_t> Connection<Stream>::read_upgraded(std::span<char> into) {
  const Reading reading(*this);
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

}  // namespace bailey::http
