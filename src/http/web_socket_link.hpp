#pragma once

#include "http/web_socket_conversation.hpp"
#include "http/web_socket_handshake.hpp"
#include "http/web_socket_state.hpp"
#include "http/web_socket_wire.hpp"

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/timer_wheel.hpp>

#include <boost/beast/websocket/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace bailey::http {

// The connection of a WebSocket: Beast's framing, and around it the tasks that read messages into the inbox and write
// those of the outbox, the pings, and the end with its deadlines. On one loop.
class WebSocketLink {
 public:
  // Dropped before it runs it cancels the conversation.
  WebSocketLink(std::shared_ptr<WebSocketState> state, std::shared_ptr<WebSocketConversation> conversation, Loop& loop);
  ~WebSocketLink();
  WebSocketLink(const WebSocketLink&) = delete;
  WebSocketLink& operator=(const WebSocketLink&) = delete;

  // Answers a client's handshake: puts what RFC 6455 section 4.2.2 asks for into the headers. Before `run`.
  void answer(const WebSocketHandshake& handshake, Headers& into);
  // Until the conversation has ended, the peer has been told, and nothing runs here any more. Once.
  [[nodiscard]] Task<> run(UpgradedConnection& connection);

 private:
  using Framing = boost::beast::websocket::stream<WebSocketWire&, true>;
  using ErrorCode = boost::system::error_code;
  // What the end of the timeout means.
  enum class Awaited : std::uint8_t { nothing, sign_of_life, pong, goodbye, handler };

  void limit_compression(const std::string& offer);
  void start(Task<> task, boost::asio::cancellation_signal& stop);
  void abort();
  void watch_for_drain();
  void ended() noexcept;
  [[nodiscard]] Task<> read_messages();
  [[nodiscard]] Task<> read_message(WebSocketMessage& message, ErrorCode& error);
  [[nodiscard]] Task<> write_messages();
  [[nodiscard]] Task<> say_goodbye_when_draining();
  [[nodiscard]] std::chrono::milliseconds goodbye_timeout() const;
  [[nodiscard]] std::chrono::milliseconds handler_timeout() const;
  [[nodiscard]] WebSocketClosed how_it_ended(ErrorCode error) const;
  void await(Awaited what, std::chrono::milliseconds timeout);
  void on_timeout();
  void watch_progress();
  void on_progress_due();
  void ping();

  std::shared_ptr<WebSocketState> state_;
  std::shared_ptr<WebSocketConversation> conversation_;
  Loop& loop_;
  WebSocketWire wire_;
  Framing framing_;
  UpgradedConnection* connection_ = nullptr;

  std::size_t running_ = 0;  // tasks and pings
  bool is_watching_drain_ = false;
  Event all_ended_;
  boost::asio::cancellation_signal stop_reading_, stop_writing_, stop_watching_drain_;

  bool is_reading_ = false;                             // and not waiting for somebody to receive what was read
  std::size_t message_bytes_ = 0;                       // that have come of the message that is being read
  std::size_t bytes_before_ = 0, received_before_ = 0;  // when progress was last looked at
  TimerWheel::Entry progress_due_;
  bool is_pinging_ = false;
  bool is_over_ = false;  // nothing is read any more
  Awaited awaited_ = Awaited::nothing;
  TimerWheel::Entry timeout_;
};

}  // namespace bailey::http
