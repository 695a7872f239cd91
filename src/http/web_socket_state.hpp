#pragma once

#include "http/message_queue.hpp"

#include <bailey/http/web_socket.hpp>
#include <bailey/runtime/event.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bailey::http {

// What the handles of a WebSocket share with its connection, which may be gone: the messages under way, and where it
// stands. It only goes on: offered, open, closing (goodbye is to be said), over (nothing goes out any more). Any
// thread.
class WebSocketState {
 public:
  WebSocketState(WebSocketOptions the_options, std::vector<std::string> the_offered_protocols, std::string the_address);
  WebSocketState(const WebSocketState&) = delete;
  WebSocketState& operator=(const WebSocketState&) = delete;

  void accept(WebSocketAcceptance acceptance);  // throws Error "misuse"
  void accept_if_offered();
  void close(WebSocketClosed how);
  // The same at once: what is queued is not sent.
  void fail(WebSocketClosed how);
  void end(WebSocketClosed how);

  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool was_accepted() const;
  [[nodiscard]] std::optional<WebSocketClosed> closed() const;
  [[nodiscard]] std::string protocol() const;
  [[nodiscard]] Headers take_headers();

  const WebSocketOptions options;
  const std::vector<std::string> offered_protocols;
  const std::string remote_address;
  MessageQueue inbox, outbox;
  Event decided;  // no longer offered
  std::atomic<bool> is_receiving = false;

 private:
  enum class Phase { offered, open, closing, over };
  void accept_locked(WebSocketAcceptance acceptance);
  [[nodiscard]] bool was_offered(const std::string& protocol) const;
  [[nodiscard]] std::string preferred_protocol() const;

  mutable std::mutex mutex_;
  Phase phase_ = Phase::offered;
  bool accepted_ = false;
  std::optional<WebSocketClosed> closed_;
  WebSocketAcceptance acceptance_;
};

}  // namespace bailey::http
