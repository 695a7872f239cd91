#pragma once

#include <bailey/http/web_socket.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/web/test_reply.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {

namespace web_detail {
class TestPeer;
}

struct TestWebSocketOptions {
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::vector<std::string> protocols = {};  // offered
};

// The client's end of a WebSocket that TestClient::ws has opened, or that was refused. What waits does so for
// TestClientOptions::timeout, then throws Error "timeout". From plain code, of one thread at a time; it may outlive the
// client, and is closed then.
class TestWebSocket {
 public:
  // Says goodbye (1000) if nobody has, and waits for the handler to end.
  ~TestWebSocket();
  TestWebSocket(TestWebSocket&&) noexcept;
  TestWebSocket& operator=(TestWebSocket&&) = delete;

  // The answer to the handshake: 101, or what was answered in its place.
  [[nodiscard]] const TestReply& reply() const noexcept { return reply_; }
  [[nodiscard]] std::string protocol() const;  // that the app has chosen, "" for none

  // These throw Error "web_socket_refused" where the answer was not 101.
  void send(std::string_view text);
  void send_binary(std::string_view bytes);
  template <class T>
  void send_json(const T& value) {
    std::string text;
    encode(value, text);
    send(text);
  }

  // The next message. Throws WebSocketDisconnect with the app's code and reason when there is none any more.
  [[nodiscard]] http::WebSocketMessage receive();
  // The same of a message that is text; throws Error "invalid_value" for another.
  [[nodiscard]] std::string receive_text();
  // The same of a message that is JSON for a T.
  template <class T>
  [[nodiscard]] T receive_json() {
    return TestReply{.body = receive_text()}.as<T>();
  }

  // Says goodbye. What the app has sent can still be received.
  void close(std::uint16_t code = 1000, std::string_view reason = {});
  // Waits until it has ended, and says how the app ended it, or answered our goodbye; messages before that are dropped.
  [[nodiscard]] http::WebSocketClosed wait_closed();

 private:
  friend class TestClient;
  TestWebSocket(TestReply reply, std::shared_ptr<web_detail::TestPeer> peer);
  [[nodiscard]] web_detail::TestPeer& open_peer() const;

  TestReply reply_;
  std::shared_ptr<web_detail::TestPeer> peer_;  // shared with the connection, on the client's loop; null: refused
};

}  // namespace bailey
