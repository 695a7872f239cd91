#pragma once

#include "http/connection_io.hpp"

// How a body is read that has not come together with its head: whole, in parts, or away.
namespace bailey::http {

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
  if (answered_for_) throw Error("peer_gone", "the request has been answered already", 503);
  if (continue_due_) co_await send_continue();
  const Phase before = life_.phase();
  arm(life_.await_body());
  const auto began = now();
  ErrorCode error;
  const std::size_t count = co_await stream_.async_read_some(boost::asio::buffer(into.data(), into.size()),
                                                             boost::asio::redirect_error(use_task, error));
  const bool expired = life_.has_expired() || life_.trickles(count, now() - began);
  go_back_to(before);
  if (life_.is_broken()) throw Error("peer_gone", "the client is gone", 503);
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
  std::size_t limit = limit_bytes == Request::default_limit ? worker_->options().body_limit_bytes : limit_bytes;
  const auto refuse = [this] {
    life_.worsen(Fate::lingering);
    throw Error("payload_too_large", "The request body is too large", 413);
  };
  const Reading reading(*this);
  if (take_whole_body()) {
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
  // Beside the head, growing as it arrives: who announces much has not sent it yet. But what cannot be held as things
  // are is not begun.
  limit = std::min(limit, worker_->config().bodies.limit_bytes());
  std::size_t most = limit;
  if (!body_.is_chunked()) {
    if (body_.left() > limit) refuse();
    most = static_cast<std::size_t>(body_.left());
    expect_room_for(most);
  }
  std::string& body = workspace.body;
  for (;;) {
    for (std::string_view run = body_.take(~std::size_t{0}); !run.empty(); run = body_.take(~std::size_t{0})) {
      if (run.size() > limit - std::min(limit, body.size())) refuse();
      hold_body(body.size() + run.size(), most);
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
    hold_body(have + next, most);
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
  const Reading reading(*this);
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

}  // namespace bailey::http
