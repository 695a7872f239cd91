#pragma once

#include "http/body_budget.hpp"
#include "http/body_reader.hpp"
#include "http/connection_life.hpp"
#include "http/head_parser.hpp"
#include "http/response_writer.hpp"
#include "http/worker.hpp"

#include <bailey/runtime/event.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bailey::http {

void start_plain_connection(std::shared_ptr<Worker> worker, Accepted accepted, bool over_limit);
void start_tls_connection(std::shared_ptr<Worker> worker, Accepted accepted, bool over_limit);

// All about a connection that is the same for TCP and TLS: how requests are taken from the bytes received and answers
// put into those to send, and what its life (connection_life.hpp) demands of the socket. Connection<Stream> reads and
// writes.
class ConnectionBase : public RequestSource {
 public:
  using Phase = ConnectionLife::Phase;
  using Fate = ConnectionLife::Fate;

  ConnectionBase(const ConnectionBase&) = delete;
  ConnectionBase& operator=(const ConnectionBase&) = delete;
  virtual ~ConnectionBase();

  void drain() noexcept;  // ends it if it is between requests; otherwise its next answer says close
  void cut() noexcept;

  std::string remote_address() const override;
  void limit_handler(std::chrono::milliseconds timeout) noexcept override { life_.limit_handler(timeout); }
  bool peer_gone() const noexcept override { return life_.trouble() == ConnectionLife::Trouble::peer_gone; }
  std::optional<std::string_view> body_now() override { return is_being_read_ ? whole_body_ : take_whole_body(); }

 protected:
  // One who reads: there can be no other meanwhile, as what comes would be for either.
  class Reading {
   public:
    explicit Reading(ConnectionBase& connection);
    ~Reading() { connection_.is_being_read_ = false; }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    ConnectionBase& connection_;
  };

  ConnectionBase(std::shared_ptr<Worker> worker, const boost::asio::ip::tcp::endpoint& peer, bool over_limit);
  virtual LoopSocket& socket() noexcept = 0;
  // Answers beside the handler, which awaits something that cannot be cancelled and whose frame must be left alone. It
  // sets `answered_for_` at the end, and the handler's own coroutine finds the connection broken.
  virtual void answer_for_handler() = 0;

  // Asks the life what to do when so much time has passed.
  void arm(TimerWheel::Duration timeout) noexcept { worker_->loop().timers().arm(timeout_, timeout); }
  [[nodiscard]] TimerWheel::Duration now() const noexcept { return worker_->loop().timers().now(); }
  void go_back_to(Phase before) noexcept;  // after a wait for a body amid what `before` says
  void enter_writing() noexcept;           // beside the phase, with a timeout of its own
  void leave_writing() noexcept;
  void cancel_io() noexcept;
  void shut_down() noexcept;

  [[nodiscard]] HeadParser::Status parse_head();
  void prepare_read();       // room in the workspace; phase idle or head
  void expect_home() const;  // throws Error "wrong_loop" when this runs on another loop
  void begin_request();
  [[nodiscard]] Answer ask();
  [[nodiscard]] Response response_to(const std::exception_ptr& failure) const;
  [[nodiscard]] Response response_to_cancelled() const;
  [[nodiscard]] Response response_for_handler();
  [[nodiscard]] Response refuse(int status, std::string_view detail, std::string_view target) const;
  // Puts the head, and the body if small, into the workspace's `out`; a large one into `large_body_`.
  BodyFraming queue(Response& response);
  void queue_refusal(const Refusal& refusal);
  // Whether the request asks for this protocol, and all of it is there.
  [[nodiscard]] bool may_upgrade_to(std::string_view protocol) const;
  void settle_unread_body();  // drops what has arrived of it; decides whether the rest is worth reading
  // Of what the bodies of all connections may take together (ServerOptions::body_memory_limit_bytes): throws Error
  // "overloaded" (503) when so much is not there, which ends the connection.
  void expect_room_for(std::size_t bytes);
  // Room for the first `bytes` of a body that may come to `most`.
  void hold_body(std::size_t bytes, std::size_t most);
  [[nodiscard]] std::optional<std::string_view> take_whole_body();  // as `body_now`
  void forgo_continue() noexcept;                                   // the answer has begun: too late for 100 (Continue)
  [[nodiscard]] bool has_arrived() noexcept;                        // bytes of the peer, or its end, wait to be read
  void end_request() noexcept;
  [[nodiscard]] bool has_output() const noexcept { return !out().empty() || !large_body_.empty(); }
  [[nodiscard]] bool must_send() const noexcept;  // too much has gathered to be kept for one write
  [[nodiscard]] std::string& out() const noexcept { return workspace_->out; }
  void park() noexcept;
  void unpark();

  std::shared_ptr<Worker> worker_;
  std::unique_ptr<Workspace> workspace_;  // none while parked
  HeadParser parser_;
  BodyReader body_;
  std::optional<std::string_view> whole_body_;
  BodyBudget::Share held_;  // by workspace_->body
  std::string large_body_;
  std::size_t sent_bytes_ = 0;  // of `out` and `large_body_` together, which stay until all is sent
  boost::asio::cancellation_signal cancel_handler_;

  ConnectionLife life_;
  const bool over_limit_;
  bool continue_due_ = false;          // the peer waits for 100 (Continue)
  bool is_being_read_ = false;         // there is a Reading
  std::size_t served_ = 0;             // bytes that read_some has handed out
  std::optional<Event> answered_for_;  // there once a handler is answered for; set when that is done

 private:
  friend class Worker;
  [[noreturn]] void refuse_body();
  void on_write_timeout() noexcept;
  void obey(ConnectionLife::Order order);
  [[nodiscard]] ConnectionLife::Peer look_at_peer() noexcept;
  [[nodiscard]] int count_unacknowledged() noexcept;  // bytes sent that the peer's system has not taken
  void abandon_handler(bool has_reader) noexcept;
  void cancel_handler() noexcept { cancel_handler_.emit(boost::asio::cancellation_type::terminal); }

  boost::asio::ip::tcp::endpoint peer_;
  mutable std::string remote_address_;  // its text, once somebody has asked
  ConnectionBase* next_ = nullptr;
  ConnectionBase* previous_ = nullptr;
  TimerWheel::Entry timeout_;
  TimerWheel::Entry write_timeout_;
};

}  // namespace bailey::http
