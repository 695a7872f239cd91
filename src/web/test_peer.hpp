#pragma once

#include <bailey/http/upgrade.hpp>
#include <bailey/http/web_socket.hpp>
#include <bailey/runtime/event.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// Both ends of a WebSocket without a socket: for the app a connection that has changed its protocol, for a test the
// client that speaks over it. The client's members: any thread. The connection's: on the loop.
class TestPeer final : public http::UpgradedConnection {
 public:
  TestPeer(std::chrono::milliseconds timeout, Event draining) : timeout_(timeout), draining_(std::move(draining)) {}

  void send(const http::WebSocketMessage& message);
  // nullopt: it has ended.
  [[nodiscard]] std::optional<http::WebSocketMessage> receive();
  void close(std::uint16_t code, std::string_view reason);
  // Whether the app has let go of it within the timeout.
  bool wait_ended();
  [[nodiscard]] http::WebSocketClosed closed() const;

  Task<std::size_t> read_some(std::span<char> into) override;
  Task<> write(std::string_view bytes) override;
  bool hold(std::size_t) noexcept override { return true; }
  [[nodiscard]] Event draining() const override { return draining_; }
  [[nodiscard]] std::string remote_address() const override { return "127.0.0.1"; }
  // The app has let go of it.
  void end();
  [[nodiscard]] Event ended() const { return ended_; }

 private:
  void put_frame(unsigned opcode, std::string_view payload);
  void take_frames();
  void take_frame(unsigned opcode, bool is_last, std::string_view payload);
  void say_goodbye(std::string_view payload);

  const std::chrono::milliseconds timeout_;
  const Event draining_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string to_app_;
  Event has_bytes_;
  std::string from_app_;
  http::WebSocketMessage partial_;
  std::deque<http::WebSocketMessage> messages_;
  std::optional<http::WebSocketClosed> closed_;
  bool said_goodbye_ = false;
  bool has_ended_ = false;
  Event ended_;
};

}  // namespace bailey::web_detail
