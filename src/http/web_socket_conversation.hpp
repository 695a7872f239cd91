#pragma once

#include "http/web_socket_state.hpp"

#include <bailey/http/request.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <functional>
#include <memory>

namespace bailey::http {

// A handler that talks over a WebSocket: a task of its own, since it begins before the answer of its request and goes
// on after it. Its end is the WebSocket's. On one loop.
class WebSocketConversation {
 public:
  WebSocketConversation(std::shared_ptr<WebSocketState> state, WebSocketTalk talk, RequestId request);
  WebSocketConversation(const WebSocketConversation&) = delete;
  WebSocketConversation& operator=(const WebSocketConversation&) = delete;

  static void start(const std::shared_ptr<WebSocketConversation>& self);
  void cancel() { cancel_.emit(boost::asio::cancellation_type::terminal); }

  [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }
  [[nodiscard]] Event ended() const { return ended_; }
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }
  // Called at its end; not if it has ended already.
  std::function<void()> on_end;

 private:
  [[nodiscard]] Task<> converse();
  void end(const std::exception_ptr& failure);
  [[nodiscard]] WebSocketClosed farewell() const;

  std::shared_ptr<WebSocketState> state_;
  WebSocketTalk talk_;
  RequestId request_;
  boost::asio::cancellation_signal cancel_;
  bool has_ended_ = false;
  Event ended_;
  std::exception_ptr failure_;
};

}  // namespace bailey::http
