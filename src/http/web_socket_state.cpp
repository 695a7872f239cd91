#include "http/web_socket_state.hpp"

#include <algorithm>
#include <utility>

namespace bailey::http {

namespace {

// Messages that the peer has sent and nobody has received, so that its pings are still heard.
constexpr std::size_t inbox_messages = 16;
constexpr std::size_t inbox_bytes = std::size_t{64} * 1024;

}  // namespace

WebSocketState::WebSocketState(WebSocketOptions the_options, std::vector<std::string> the_offered_protocols,
                               std::string the_address)
    : options(std::move(the_options)),
      offered_protocols(std::move(the_offered_protocols)),
      remote_address(std::move(the_address)),
      inbox(inbox_messages, inbox_bytes),
      outbox(options.send_queue_messages, options.send_queue_bytes) {}

bool WebSocketState::was_offered(const std::string& protocol) const {
  return std::ranges::find(offered_protocols, protocol) != offered_protocols.end();
}

std::string WebSocketState::preferred_protocol() const {
  const auto chosen =
      std::ranges::find_if(options.protocols, [&](const std::string& each) { return was_offered(each); });
  if (chosen != options.protocols.end()) return *chosen;
  const std::string plain(plain_protocol);
  return was_offered(plain) ? plain : std::string();
}

void WebSocketState::accept_locked(WebSocketAcceptance acceptance) {
  if (!acceptance.protocol) acceptance.protocol = preferred_protocol();
  acceptance_ = std::move(acceptance);
  accepted_ = true;
  phase_ = Phase::open;
  decided.set();
}

void WebSocketState::accept(WebSocketAcceptance acceptance) {
  if (acceptance.protocol && !acceptance.protocol->empty() && !was_offered(*acceptance.protocol))
    throw Error("misuse", "a WebSocket is accepted with a sub-protocol that the peer has offered, or none");
  const std::lock_guard lock(mutex_);
  if (accepted_ && !acceptance.protocol && acceptance.headers.empty()) return;
  if (phase_ != Phase::offered)
    throw Error(
        "misuse",
        "a WebSocket's sub-protocol and headers are chosen once, before anything is received or sent, and before "
        "a guard has it accepted for a token in the first message");
  accept_locked(std::move(acceptance));
}

void WebSocketState::accept_if_offered() {
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::offered) accept_locked({});
}

void WebSocketState::close(WebSocketClosed how) {
  const std::lock_guard lock(mutex_);
  if (phase_ >= Phase::closing) return;
  phase_ = phase_ == Phase::offered ? Phase::over : Phase::closing;
  closed_ = std::move(how);
  inbox.close();
  outbox.close();
  decided.set();
}

void WebSocketState::fail(WebSocketClosed how) {
  close(std::move(how));
  outbox.close_and_clear();
}

void WebSocketState::end(WebSocketClosed how) {
  fail(std::move(how));
  const std::lock_guard lock(mutex_);
  phase_ = Phase::over;
}

bool WebSocketState::is_open() const {
  const std::lock_guard lock(mutex_);
  return phase_ == Phase::open;
}

bool WebSocketState::was_accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::optional<WebSocketClosed> WebSocketState::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::string WebSocketState::protocol() const {
  const std::lock_guard lock(mutex_);
  return acceptance_.protocol.value_or("");
}

Headers WebSocketState::take_headers() {
  const std::lock_guard lock(mutex_);
  return std::move(acceptance_.headers);
}

}  // namespace bailey::http
