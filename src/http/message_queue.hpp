#pragma once

#include <bailey/http/web_socket.hpp>
#include <bailey/runtime/waiter.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

namespace bailey::http {

// Messages of a WebSocket on their way between two tasks: a Channel that is bounded by bytes as well. One that does not
// fit waits in its sender, and goes from there to the receiver when all before it have gone. Any thread.
class MessageQueue {
 public:
  MessageQueue(std::size_t message_limit, std::size_t byte_limit) noexcept
      : message_limit_(message_limit), byte_limit_(byte_limit) {}
  MessageQueue(const MessageQueue&) = delete;
  MessageQueue& operator=(const MessageQueue&) = delete;

  // The queue must outlive the task that awaits these. Cancelling it ends it with operation_aborted; then the message
  // has not been sent, or none received. False: closed.
  [[nodiscard]] Task<bool> push(WebSocketMessage message);
  [[nodiscard]] Task<std::optional<WebSocketMessage>> pop();
  enum class Pushed { yes, full, closed };
  [[nodiscard]] Pushed try_push(WebSocketMessage& message);

  // How often something was taken that had waited: it tells whether anybody receives.
  [[nodiscard]] std::size_t taken() const;

  // Nothing comes in any more; what lies in it still comes out.
  void close();
  // Nor does that.
  void close_and_clear();

 private:
  class Wait;
  [[nodiscard]] Pushed put(WebSocketMessage& message);
  [[nodiscard]] std::optional<WebSocketMessage> take();
  void close_locked();

  const std::size_t message_limit_, byte_limit_;
  mutable std::mutex mutex_;
  bool closed_ = false;
  std::size_t bytes_ = 0, taken_ = 0;
  std::deque<WebSocketMessage> messages_;
  detail::WaiterQueue senders_, receivers_;
};

}  // namespace bailey::http
