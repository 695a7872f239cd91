#include "http/connection_life.hpp"

#include <algorithm>
#include <utility>

namespace bailey::http {

namespace {

using namespace std::chrono_literals;

constexpr TimerWheel::Duration park_after = 500ms;
constexpr TimerWheel::Duration look_interval = 200ms;
constexpr TimerWheel::Duration cancellation_patience = 1000ms;
constexpr TimerWheel::Duration wake_again_after = 200ms;
constexpr TimerWheel::Duration endless = 24h * 365 * 100;
constexpr TimerWheel::Duration last_request_patience = 250ms;
constexpr std::int64_t tls_record_bytes = 17 * 1024;  // the longest

}  // namespace

// Counted from when the wait began: a byte of a TLS record that stays unfinished ends no wait.
ConnectionLife::Duration ConnectionLife::left_until_request_is_due(Duration now) noexcept {
  if (!request_due_) request_due_ = now + request_patience_;
  return std::max<Duration>(*request_due_ - now, 0ms);
}

ConnectionLife::Duration ConnectionLife::await_request(Duration now) noexcept {
  return enter(Phase::idle, std::min(park_after, left_until_request_is_due(now)));
}

ConnectionLife::Duration ConnectionLife::await_handshake() noexcept {
  return enter(Phase::handshake, hurried(options_.header_timeout));
}

ConnectionLife::Duration ConnectionLife::await_farewell() noexcept {
  return enter(Phase::lingering, hurried(options_.linger_timeout));
}

ConnectionLife::Duration ConnectionLife::hurried(Duration patience) const noexcept {
  return is_hurried_ ? std::min(patience, last_request_patience) : patience;
}

void ConnectionLife::hurry(Duration now) noexcept {
  is_hurried_ = true;
  request_patience_ = std::min(request_patience_, last_request_patience);
  if (request_due_) request_due_ = std::min(*request_due_, now + last_request_patience);
}

ConnectionLife::Duration ConnectionLife::park(Duration now) noexcept {
  return enter(Phase::parked, left_until_request_is_due(now));
}

ConnectionLife::Duration ConnectionLife::await_handler(Phase phase, Duration now) noexcept {
  pending_since_ = now;
  if (trouble_ != Trouble::none) return enter(phase, cancellation_patience);  // cancelled amid a body
  return enter(phase, std::min<Duration>(look_interval, handler_timeout_));
}

void ConnectionLife::limit_handler(Duration timeout) noexcept {
  handler_timeout_ = timeout.count() > 0 ? std::min<Duration>(timeout, endless) : endless;
}

ConnectionLife::Duration ConnectionLife::await_writing(Duration now, int unacknowledged_bytes) noexcept {
  unacknowledged_ = unacknowledged_bytes;
  looked_at_ = now;
  write_arrears_.forgive();
  is_writing_ = true;
  return options_.write_timeout;
}

void ConnectionLife::begin_request() noexcept {
  handle();
  trouble_ = Trouble::none;
  handler_timeout_ = options_.handler_timeout;
  request_patience_ = options_.idle_timeout;
  request_due_.reset();
  done_sending_at_.reset();
  body_arrears_.forgive();
}

// An operation of TLS that was between two reads of the socket's may not have noticed: it is woken again.
ConnectionLife::Order ConnectionLife::wake() noexcept {
  expired_ = true;
  return {Order::What::wake, wake_again_after};
}

ConnectionLife::Order ConnectionLife::give_up_writing() noexcept {
  worsen(Fate::broken);
  return {Order::What::wake, wake_again_after};
}

ConnectionLife::Order ConnectionLife::expire() noexcept {
  switch (phase_) {
    case Phase::handling:
    case Phase::upgraded:
    case Phase::abandoned: return {};
    case Phase::parked: worsen(Fate::closing); return wake();
    case Phase::pending:
    case Phase::streaming:
      if (trouble_ != Trouble::none) return abandon();
      // A peer that takes bytes is there, and the handler does not wait for anything of its own.
      if (is_writing_) return {Order::What::nothing, look_interval};
      return {Order::What::look_at_peer, {}};
    default: return wake();
  }
}

ConnectionLife::Order ConnectionLife::abandon() noexcept {
  const bool has_reader = phase_ == Phase::pending && trouble_ == Trouble::too_slow;
  phase_ = Phase::abandoned;
  worsen(has_reader ? Fate::closing : Fate::broken);
  return {has_reader ? Order::What::answer_for_handler : Order::What::give_up_handler, {}};
}

// While a handler keeps the peer waiting: is there still anybody to answer? A reset says no. A closed sending side may
// only mean that the request is all (RFC 9112 9.6 lets it), so that is given a while.
ConnectionLife::Order ConnectionLife::saw_peer(Peer peer, Duration now) noexcept {
  bool gone = peer == Peer::gone;
  if (peer == Peer::done_sending) {
    if (!done_sending_at_) done_sending_at_ = now;
    gone = now - *done_sending_at_ >= options_.peer_gone_grace;
  }
  if (gone)
    trouble_ = Trouble::peer_gone;
  else if (phase_ == Phase::pending && now - pending_since_ >= handler_timeout_)
    trouble_ = Trouble::too_slow;
  else
    return {Order::What::nothing, look_interval};
  return {Order::What::cancel_handler, cancellation_patience};
}

// The system calls a socket writable only once a good part of its send buffer is free, which may be megabytes. A slow
// reader takes longer for them than the timeout, and is no reason to close as long as it reads; but one that takes a
// byte now and then would hold the answer for as long as it likes. (That the count has grown means that TLS got more of
// a record out; without a reader that ends soon. What it got out stands for as many bytes that were taken.)
ConnectionLife::Order ConnectionLife::expire_writing(int unacknowledged_bytes, Duration now) noexcept {
  if (!is_writing_) return {};
  const int before = std::exchange(unacknowledged_, unacknowledged_bytes);
  if (is_broken() || unacknowledged_bytes == before) return give_up_writing();
  const std::size_t rate = options_.write_bytes_per_second;
  write_arrears_.add(now - std::exchange(looked_at_, now), before - unacknowledged_bytes, rate);
  if (write_arrears_.exceed(options_.write_timeout, tls_record_bytes, rate)) return give_up_writing();
  return {Order::What::nothing, options_.write_timeout};
}

// Only the time spent waiting for the peer counts.
bool ConnectionLife::trickles(std::size_t bytes, Duration waited) noexcept {
  const std::size_t rate = options_.body_bytes_per_second;
  body_arrears_.add(waited, static_cast<std::int64_t>(bytes), rate);
  return body_arrears_.exceed(options_.body_stall_timeout, 0, rate);
}

ConnectionLife::Order ConnectionLife::cut() noexcept {
  worsen(Fate::broken);
  if (phase_ != Phase::pending && phase_ != Phase::streaming && phase_ != Phase::body && phase_ != Phase::upgraded)
    return {};
  trouble_ = Trouble::peer_gone;
  return {Order::What::cancel_handler, cancellation_patience};
}

}  // namespace bailey::http
