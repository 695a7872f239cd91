#pragma once

#include <bailey/http/server.hpp>
#include <bailey/runtime/timer_wheel.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace bailey::http {

// The life of one connection, without I/O: what it waits for and how long it may, when a handler is given up, and how
// the connection ends. A connection tells it what happens and does what it says; time is what it is told.
//
// Three things make up its state, and each only goes one way within its span: the phase (what is waited for now), the
// fate (what becomes of the connection; it only gets worse), and the handler's trouble (why it was cancelled; anew for
// each request). That the peer is to take bytes is no phase: a stream may wait for that and for more of a body at once,
// and neither wait prolongs the other.
class ConnectionLife {
 public:
  using Duration = TimerWheel::Duration;

  // What the connection waits for, and what the end of its timeout means there.
  enum class Phase : std::uint8_t {
    handshake,  // TLS: closed
    idle,       // the first byte of a request: parked, its workspace given back
    parked,     // the same: closed
    head,       // the rest of a head: 408
    handling,   // nothing: a handler runs and does not wait
    pending,    // a handler's task: looks whether the peer is gone or the deadline passed, then cancels it
    streaming,  // the same, without a deadline
    body,       // more of a body: 408
    upgraded,   // nothing: another protocol has the connection, and its own timeouts
    lingering,  // a refused sender to read why: closed
    abandoned   // nothing: a handler that ignores its cancellation
  };
  // From good to bad; a worse one replaces a better, never the reverse.
  enum class Fate : std::uint8_t {
    open,
    closing,    // no further request after this one
    lingering,  // the same, and the peer may still be sending: closing at once would cost it our answer
    broken      // no use in writing either
  };
  enum class Trouble : std::uint8_t { none, too_slow, peer_gone };
  enum class Peer : std::uint8_t { there, done_sending, gone };

  explicit ConnectionLife(const ServerOptions& options) noexcept
      : options_(options), request_patience_(options.header_timeout), handler_timeout_(options.handler_timeout) {}

  // Entering a phase. What is returned is when to ask `expire`, from now on.
  Duration await_handshake() noexcept;
  Duration await_request(Duration now) noexcept;  // idle first
  Duration park(Duration now) noexcept;
  Duration await_head() noexcept { return enter(Phase::head, options_.header_timeout); }
  Duration await_body() noexcept { return enter(Phase::body, options_.body_stall_timeout); }
  Duration await_handler(Phase phase, Duration now) noexcept;  // pending or streaming
  // The time of this request's handler, in place of what the options say.
  void limit_handler(Duration timeout) noexcept;
  // The server drains: what has not begun soon is not waited for, nor a peer that does not leave. Whoever has just been
  // answered, or has just connected, may have the next request on its way, and could not tell whether that was served
  // if it met a closed connection. So may one whose handshake is still to end here: a client sends its request together
  // with the last of it (RFC 8446 2).
  void hurry(Duration now) noexcept;
  Duration await_farewell() noexcept;
  void handle() noexcept { enter(Phase::handling, {}); }  // no timeout: `expire` does nothing
  void upgrade() noexcept { enter(Phase::upgraded, {}); }
  // Waiting, whatever the phase, for the peer to take bytes. What is returned is when to ask `expire_writing`.
  Duration await_writing(Duration now, int unacknowledged_bytes) noexcept;
  void end_writing() noexcept { is_writing_ = false; }
  // A request has begun: the handler's trouble and the wait for the request are things of the past.
  void begin_request() noexcept;

  // What to do since the timeout has passed.
  struct Order {
    enum class What : std::uint8_t {
      nothing,
      wake,          // end the waits for the socket
      look_at_peer,  // then ask `saw_peer`
      cancel_handler,
      answer_for_handler,  // which ignores its cancellation: the client need not wait for it
      give_up_handler      // the same, and there is nobody to answer, or an answer has begun
    };
    What what = What::nothing;
    Duration again{};  // when to ask `expire` again; zero: not
  };
  [[nodiscard]] Order expire() noexcept;
  [[nodiscard]] Order saw_peer(Peer peer, Duration now) noexcept;
  // Whether the peer has taken enough; if not, the connection is broken.
  [[nodiscard]] Order expire_writing(int unacknowledged_bytes, Duration now) noexcept;

  // So many bytes of a body came after a wait of so long. Whether that is too slow to be waited for: one byte every few
  // seconds never stalls, and would hold a connection, and what has come of the body, for as long as it likes.
  [[nodiscard]] bool trickles(std::size_t bytes, Duration waited) noexcept;

  void worsen(Fate fate) noexcept {
    if (fate > fate_) fate_ = fate;
  }
  // The server cuts what has not ended by itself: a handler that waits is cancelled, and has as long as any other to
  // notice.
  [[nodiscard]] Order cut() noexcept;
  // Nothing is being asked on it, so far as is known: a request may have arrived unread.
  [[nodiscard]] bool is_between_requests() const noexcept { return phase_ == Phase::idle || phase_ == Phase::parked; }

  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] bool is_closing() const noexcept { return fate_ >= Fate::closing; }
  [[nodiscard]] bool lingers() const noexcept { return fate_ == Fate::lingering; }
  [[nodiscard]] bool is_broken() const noexcept { return fate_ == Fate::broken; }
  // Whether the timeout of this phase has passed: then its wait has been ended.
  [[nodiscard]] bool has_expired() const noexcept { return expired_; }
  [[nodiscard]] Trouble trouble() const noexcept { return trouble_; }

 private:
  // How far the peer is behind the rate it must keep up while it is waited for. What it moves faster than that is not
  // saved up for later: who has sent nearly all at once could else dawdle over the rest for hours.
  class Arrears {
   public:
    void forgive() noexcept { owed_ = 0; }
    void add(Duration waited, std::int64_t moved_bytes, std::size_t bytes_per_second) noexcept {
      const auto due = waited.count() * static_cast<std::int64_t>(bytes_per_second);
      owed_ = std::max<std::int64_t>(owed_ + due - moved_bytes * 1000, 0);
    }
    // Whether it is further behind than after `patience` without a byte, by more than `spare_bytes`.
    [[nodiscard]] bool exceed(Duration patience, std::int64_t spare_bytes,
                              std::size_t bytes_per_second) const noexcept {
      return owed_ > patience.count() * static_cast<std::int64_t>(bytes_per_second) + spare_bytes * 1000;
    }

   private:
    std::int64_t owed_ = 0;  // thousandths of a byte
  };

  Duration enter(Phase phase, Duration timeout) noexcept {
    phase_ = phase;
    expired_ = false;
    return timeout;
  }
  [[nodiscard]] Duration hurried(Duration patience) const noexcept;
  [[nodiscard]] Duration left_until_request_is_due(Duration now) noexcept;
  [[nodiscard]] Order wake() noexcept;
  [[nodiscard]] Order give_up_writing() noexcept;
  [[nodiscard]] Order abandon() noexcept;

  const ServerOptions& options_;
  Phase phase_ = Phase::handling;
  Fate fate_ = Fate::open;
  Trouble trouble_ = Trouble::none;
  bool expired_ = false;
  bool is_writing_ = false;

  Duration request_patience_;  // for the first byte of a request
  bool is_hurried_ = false;
  std::optional<Duration> request_due_;  // while none is being served
  Duration handler_timeout_;             // of this request
  Duration pending_since_{};
  std::optional<Duration> done_sending_at_;  // the peer, as seen while a handler was pending
  Arrears body_arrears_;                     // of this request
  int unacknowledged_ = 0;                   // while writing: at the last look
  Duration looked_at_{};                     // then
  Arrears write_arrears_;                    // of this wait
};

}  // namespace bailey::http
