#pragma once

#include "http/body_reader.hpp"
#include "http/head_parser.hpp"
#include "http/response_writer.hpp"
#include "http/worker.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bailey::http {

void start_plain_connection(std::shared_ptr<Worker> worker, Accepted accepted, bool over_limit);
void start_tls_connection(std::shared_ptr<Worker> worker, Accepted accepted, bool over_limit);

// All about a connection that needs no reading or writing: which phase it is in, what its one timeout means there, how
// requests are taken from the bytes received and answers put into those to send. Connection<Stream> does the I/O.
class ConnectionBase : public RequestSource {
 public:
  // What the connection waits for, and what happens when its timeout passes meanwhile.
  enum class Phase : std::uint8_t {
    handshake,  // TLS: closed
    idle,       // the first byte of a request: parked, its workspace given back
    parked,     // the same: closed
    head,       // the rest of a head: 408
    handling,   // nothing: a handler runs and does not wait
    pending,    // a handler's task: looks whether the peer is gone or the deadline passed, then cancels it
    streaming,  // the same, without a deadline
    body,       // more of a body: 408
    writing,    // the peer to take bytes: looks whether it took enough, closed if not
    lingering   // a refused sender to read why: closed
  };

  ConnectionBase(const ConnectionBase&) = delete;
  ConnectionBase& operator=(const ConnectionBase&) = delete;
  virtual ~ConnectionBase();

  void drain() noexcept;  // ends it if it is between requests; otherwise its next answer says close
  void cut() noexcept;

  std::string remote_address() const override;
  bool peer_gone() const noexcept override { return peer_gone_; }
  std::optional<std::string_view> body_now() override;

 protected:
  ConnectionBase(std::shared_ptr<Worker> worker, const boost::asio::ip::tcp::endpoint& peer, bool over_limit);
  virtual LoopSocket& socket() noexcept = 0;

  void enter(Phase phase, std::chrono::milliseconds timeout) noexcept;
  void enter_handling() noexcept;
  void enter_waiting(Phase phase) noexcept;  // pending or streaming: watches from now on
  void enter_writing() noexcept;

  [[nodiscard]] HeadParser::Status parse_head();
  void prepare_read();  // room in the workspace; phase idle or head
  void begin_request();
  [[nodiscard]] Answer ask();
  [[nodiscard]] Response response_to(const std::exception_ptr& failure) const;
  [[nodiscard]] Response response_to_cancelled() const;
  [[nodiscard]] Response refuse(int status, std::string_view detail, std::string_view target) const;
  // Puts the head, and the body if small, into the workspace's `out`; a large one into `large_body_`.
  BodyFraming queue(Response& response);
  void queue_refusal(const Refusal& refusal);
  void settle_unread_body();       // drops what has arrived of it; decides whether the rest is worth reading
  void forgo_continue() noexcept;  // the answer has begun: too late for 100 (Continue)
  // Whether a body that has brought `count` bytes more after `waited` comes too slowly to be waited for.
  [[nodiscard]] bool trickles(std::size_t count, TimerWheel::Duration waited) noexcept;
  [[nodiscard]] bool has_arrived() noexcept;  // bytes of the peer, or its end, wait to be read
  void end_request() noexcept;
  [[nodiscard]] bool has_output() const noexcept { return !out().empty() || !large_body_.empty(); }
  [[nodiscard]] bool must_send() const noexcept;  // too much has gathered to be kept for one write
  [[nodiscard]] std::string& out() const noexcept { return workspace_->out; }
  [[nodiscard]] std::chrono::milliseconds left_until_request_is_due() noexcept;
  void park() noexcept;
  void unpark();

  std::shared_ptr<Worker> worker_;
  std::unique_ptr<Workspace> workspace_;  // none while parked
  HeadParser parser_;
  BodyReader body_;
  std::optional<std::string_view> whole_body_;
  std::string large_body_;
  std::size_t sent_bytes_ = 0;  // of `out` and `large_body_` together, which stay until all is sent
  boost::asio::cancellation_signal cancel_handler_;

  Phase phase_ = Phase::handling;
  bool over_limit_;
  bool closing_ = false;  // no further request after this one
  bool broken_ = false;   // no use in writing either
  bool lingers_ = false;  // the peer may still be sending: closing at once would cost it our answer
  bool expired_ = false;  // the phase's timeout has passed
  bool parking_ = false;
  bool first_request_ = true;
  std::optional<TimerWheel::Duration> request_due_;  // while none is being served
  bool continue_due_ = false;                        // the peer waits for 100 (Continue)
  bool peer_gone_ = false;
  bool handler_cancelled_ = false;
  bool answered_meanwhile_ = false;   // a handler that ignores its cancellation has been answered for
  std::size_t served_ = 0;            // bytes that read_some has handed out
  std::uint64_t body_bytes_ = 0;      // that came after the head did
  TimerWheel::Duration body_wait_{};  // for them

 private:
  friend class Worker;
  void on_timeout();
  void watch();
  [[nodiscard]] bool is_peer_reading() noexcept;      // while writing: bytes since the last look, and enough of them
  [[nodiscard]] int count_unacknowledged() noexcept;  // bytes sent that the peer's system has not taken
  void cancel_handler() noexcept;
  void answer_meanwhile() noexcept;
  void cancel_io() noexcept;

  boost::asio::ip::tcp::endpoint peer_;
  ConnectionBase* next_ = nullptr;
  ConnectionBase* previous_ = nullptr;
  TimerWheel::Entry timeout_;
  TimerWheel::Duration handler_deadline_{};
  TimerWheel::Duration half_closed_at_{};  // zero: the peer has not closed its sending side
  int unacknowledged_ = 0;                 // while writing: at the last look
  TimerWheel::Duration write_began_{};     // the wait that the next is counted in
  std::int64_t taken_bytes_ = 0;
};

}  // namespace bailey::http
