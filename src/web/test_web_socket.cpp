// A client's side of RFC 6455, as much as a test needs: whole frames, masked with zeros, no extensions. What the app
// sends has been framed by the real server side, so a frame that is none cannot come.
#include <bailey/web/test_web_socket.hpp>

#include <bailey/base/error.hpp>
#include "web/test_peer.hpp"

#include <algorithm>
#include <utility>

namespace bailey {
namespace web_detail {
namespace {

constexpr unsigned continuation = 0x0, text = 0x1, binary = 0x2, goodbye = 0x8, ping = 0x9, pong = 0xa;
constexpr std::uint16_t no_code = 1005, broke = 1006;

std::string big_endian(std::uint64_t value, unsigned bytes) {
  std::string written;
  for (unsigned left = bytes; left-- > 0;) written.push_back(static_cast<char>(value >> (8 * left)));
  return written;
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char each : bytes) value = value << 8U | static_cast<unsigned char>(each);
  return value;
}

}  // namespace

void TestPeer::put_frame(unsigned opcode, std::string_view payload) {
  constexpr unsigned last = 0x80, masked = 0x80;
  to_app_.push_back(static_cast<char>(last | opcode));
  if (payload.size() < 126) {
    to_app_.push_back(static_cast<char>(masked | payload.size()));
  } else if (payload.size() < 65536) {
    to_app_.push_back(static_cast<char>(masked | 126U));
    to_app_ += big_endian(payload.size(), 2);
  } else {
    to_app_.push_back(static_cast<char>(masked | 127U));
    to_app_ += big_endian(payload.size(), 8);
  }
  to_app_.append(4, '\0').append(payload);
  has_bytes_.set();
}

void TestPeer::say_goodbye(std::string_view payload) {
  if (!std::exchange(said_goodbye_, true)) put_frame(goodbye, payload);
}

void TestPeer::take_frames() {
  std::string_view rest = from_app_;
  while (rest.size() >= 2) {
    const auto first = static_cast<unsigned char>(rest[0]);
    std::size_t head = 2;
    std::uint64_t size = static_cast<unsigned char>(rest[1]) & 0x7fU;
    const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (rest.size() < head + more) break;
    if (more > 0) size = read_big_endian(rest.substr(head, more));
    head += more;
    if (rest.size() - head < size) break;
    take_frame(first & 0x0fU, (first & 0x80U) != 0, rest.substr(head, size));
    rest.remove_prefix(head + size);
  }
  from_app_.erase(0, from_app_.size() - rest.size());
}

void TestPeer::take_frame(unsigned opcode, bool is_last, std::string_view payload) {
  switch (opcode) {
    case ping: return put_frame(pong, payload);
    case goodbye:
      closed_ = payload.size() < 2
                    ? http::WebSocketClosed{no_code, {}}
                    : http::WebSocketClosed{static_cast<std::uint16_t>(read_big_endian(payload.substr(0, 2))),
                                            std::string(payload.substr(2))};
      return say_goodbye(payload);
    case text:
    case binary: partial_ = {.data = {}, .is_text = opcode == text}; [[fallthrough]];
    case continuation:
      partial_.data += payload;
      if (is_last) messages_.push_back(std::exchange(partial_, {}));
      return;
    default: return;
  }
}

void TestPeer::send(const http::WebSocketMessage& message) {
  const std::lock_guard lock(mutex_);
  if (has_ended_ || said_goodbye_) throw http::WebSocketDisconnect(closed_.value_or(http::WebSocketClosed{broke, {}}));
  put_frame(message.is_text ? text : binary, message.data);
}

std::optional<http::WebSocketMessage> TestPeer::receive() {
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_for(lock, timeout_, [&] { return !messages_.empty() || closed_ || has_ended_; });
  if (!came) throw Error("timeout", "The app has sent no message in time");
  if (messages_.empty()) return std::nullopt;
  http::WebSocketMessage message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

void TestPeer::close(std::uint16_t code, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  if (!has_ended_) say_goodbye(big_endian(code, 2).append(reason));
}

bool TestPeer::wait_ended() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout_, [&] { return has_ended_; });
}

http::WebSocketClosed TestPeer::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_.value_or(http::WebSocketClosed{broke, {}});
}

Task<std::size_t> TestPeer::read_some(std::span<char> into) {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      const std::size_t count = to_app_.copy(into.data(), into.size());
      to_app_.erase(0, count);
      if (count > 0 || has_ended_) co_return count;
      has_bytes_.reset();
    }
    co_await has_bytes_.wait();
  }
}

Task<> TestPeer::write(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  from_app_ += bytes;
  take_frames();
  changed_.notify_all();
  co_return;
}

void TestPeer::end() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    has_bytes_.set();
    changed_.notify_all();
  }
  ended_.set();
}

}  // namespace web_detail

TestWebSocket::TestWebSocket(TestReply reply, std::shared_ptr<web_detail::TestPeer> peer)
    : reply_(std::move(reply)), peer_(std::move(peer)) {}
TestWebSocket::TestWebSocket(TestWebSocket&&) noexcept = default;

TestWebSocket::~TestWebSocket() {
  if (!peer_) return;
  peer_->close(1000, {});
  peer_->wait_ended();
}

web_detail::TestPeer& TestWebSocket::open_peer() const {
  if (peer_) return *peer_;
  throw Error("web_socket_refused",
              "The app has answered the handshake with " + std::to_string(reply_.status) + ": " + reply_.body);
}

std::string TestWebSocket::protocol() const { return reply_.header("sec-websocket-protocol").value_or(""); }

void TestWebSocket::send(std::string_view text) { open_peer().send({.data = std::string(text), .is_text = true}); }
void TestWebSocket::send_binary(std::string_view bytes) {
  open_peer().send({.data = std::string(bytes), .is_text = false});
}

http::WebSocketMessage TestWebSocket::receive() {
  std::optional<http::WebSocketMessage> message = open_peer().receive();
  if (!message) throw http::WebSocketDisconnect(open_peer().closed());
  return *std::move(message);
}

std::string TestWebSocket::receive_text() {
  http::WebSocketMessage message = receive();
  if (!message.is_text) throw Error("invalid_value", "The message is not text");
  return std::move(message.data);
}

void TestWebSocket::close(std::uint16_t code, std::string_view reason) { open_peer().close(code, reason); }

http::WebSocketClosed TestWebSocket::wait_closed() {
  if (!open_peer().wait_ended()) throw Error("timeout", "The app has not let go of the WebSocket in time");
  return open_peer().closed();
}

}  // namespace bailey
