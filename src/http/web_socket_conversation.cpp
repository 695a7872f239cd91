#include "http/web_socket_conversation.hpp"

#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace bailey::http {

namespace asio = boost::asio;

WebSocketConversation::WebSocketConversation(std::shared_ptr<WebSocketState> state, WebSocketTalk talk,
                                             RequestId request)
    : state_(std::move(state)), talk_(std::move(talk)), request_(request) {}

void WebSocketConversation::start(const std::shared_ptr<WebSocketConversation>& self) {
  asio::co_spawn(Loop::current().executor(), self->converse(),
                 asio::bind_cancellation_slot(self->cancel_.slot(),
                                              [self](const std::exception_ptr& failure) { self->end(failure); }));
}

Task<> WebSocketConversation::converse() {
  Task<> task = talk_(WebSocket(state_));
  co_await std::move(task);
}

void WebSocketConversation::end(const std::exception_ptr& failure) {
  failure_ = failure;
  has_ended_ = true;
  state_->close(farewell());
  ended_.set();
  if (on_end) on_end();
}

// What the handler's end says to the peer, and to the log. Before the handshake was accepted it is the server's to say.
WebSocketClosed WebSocketConversation::farewell() const {
  if (!failure_) return {};
  const bool is_told_by_answer = !state_->was_accepted();
  const std::string& name = state_->options.name;
  const auto log_failure = [&](const char* text) {
    if (!is_told_by_answer)
      log::error("the handler of a WebSocket failed",
                 {{"request", to_hex(request_)}, {"route", name.empty() ? "unknown" : name}, {"error", text}});
  };
  constexpr std::uint16_t internal_error = 1011, policy_violation = 1008;
  try {
    std::rethrow_exception(failure_);
  } catch (const WebSocketDisconnect&) {
    return {};
  } catch (const Error& error) {
    const Error::Answer answer = error.answer();
    if (answer.is_logged || answer.status >= 500) log_failure(error.what());
    if (answer.status >= 500) return {internal_error, "The server failed"};
    return {policy_violation, answer.shows_message ? error.message() : std::string()};
  } catch (const boost::system::system_error& error) {
    const bool was_cancelled = error.code() == asio::error::operation_aborted;
    if (!was_cancelled || state_->is_open()) log_failure(error.what());
  } catch (const std::exception& error) {
    log_failure(error.what());
  } catch (...) {
    log_failure("not a std::exception");
  }
  return {internal_error, "The server failed"};
}

}  // namespace bailey::http
