#pragma once

#include "http/test_server.hpp"

#include <bailey/http/web_socket.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::http::test {

// A server whose every address is a WebSocket for `talk`.
[[nodiscard]] inline std::function<Answer(Request&)> web_socket(std::function<Task<>(WebSocket)> talk,
                                                                WebSocketOptions options = {}) {
  return [talk = std::move(talk), options = std::move(options)](Request& request) -> Answer {
    return serve_web_socket(request, options, talk);
  };
}

inline Task<> echo_messages(WebSocket socket) {
  for (;;) {
    auto message = co_await socket.receive();
    if (!message) co_return;
    co_await socket.send(*std::move(message));
  }
}

// Another's WebSocket (Beast's), which blocks.
class WebSocketPeer {
 public:
  using Stream = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;

  explicit WebSocketPeer(std::uint16_t port, const std::function<void(Stream&)>& prepare = {}) : stream_(io_) {
    stream_.next_layer().connect({boost::asio::ip::make_address("127.0.0.1"), port});
    if (prepare) prepare(stream_);
    stream_.handshake(response_, "localhost", "/chat");
  }
  void send(std::string_view text) {
    stream_.text(true);
    stream_.write(boost::asio::buffer(text));
  }
  // The next message; "closed CODE REASON" when there is none any more.
  std::string receive() {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    stream_.read(buffer, error);
    if (!error) return boost::beast::buffers_to_string(buffer.data());
    const auto& reason = stream_.reason();
    return std::string("closed ")
        .append(std::to_string(reason.code))
        .append(" ")
        .append(reason.reason.data(), reason.reason.size());
  }
  void close(std::uint16_t code, std::string_view reason = {}) {
    boost::system::error_code error;
    stream_.close({static_cast<boost::beast::websocket::close_code>(code),
                   boost::beast::string_view(reason.data(), reason.size())},
                  error);
  }
  [[nodiscard]] Stream& stream() { return stream_; }
  [[nodiscard]] std::string header(std::string_view name) const {
    const auto found = response_.find(std::string(name));
    return found == response_.end() ? std::string() : std::string(found->value());
  }

 private:
  boost::asio::io_context io_;
  Stream stream_;
  boost::beast::websocket::response_type response_;
};

inline constexpr std::string_view handshake =
    "GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

// A client's frame: its first byte as it is, the payload masked.
[[nodiscard]] inline std::string frame(unsigned first, std::string_view payload) {
  std::string bytes(1, static_cast<char>(first));
  if (payload.size() < 126) {
    bytes.push_back(static_cast<char>(0x80U | payload.size()));
  } else if (payload.size() < 65536) {
    bytes.push_back(static_cast<char>(0x80U | 126U));
    for (const unsigned shift : {8U, 0U}) bytes.push_back(static_cast<char>(payload.size() >> shift));
  } else {
    bytes.push_back(static_cast<char>(0x80U | 127U));
    for (unsigned shift = 64; shift > 0; shift -= 8) bytes.push_back(static_cast<char>(payload.size() >> (shift - 8)));
  }
  constexpr std::string_view mask = "\x01\x02\x03\x04";
  bytes.append(mask);
  for (std::size_t i = 0; i < payload.size(); ++i) bytes.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  return bytes;
}
[[nodiscard]] inline std::string close_payload(unsigned code, std::string_view reason = {}) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code)}.append(reason);
}
// What a server sends.
[[nodiscard]] inline std::string plain_frame(unsigned first, std::string_view payload) {
  return std::string{static_cast<char>(first), static_cast<char>(payload.size())}.append(payload);
}

// A client that has shaken hands and says and hears bytes.
class RawWebSocket : public RawClient {
 public:
  explicit RawWebSocket(std::uint16_t port, int receive_buffer_bytes = 0) : RawClient(port, receive_buffer_bytes) {
    static_cast<void>(send(std::string(handshake) + "\r\n"));
    status_ = status_of(answer(true));
  }
  [[nodiscard]] bool is_open() const { return status_ == 101; }

 private:
  int status_ = 0;
};

}  // namespace bailey::http::test
