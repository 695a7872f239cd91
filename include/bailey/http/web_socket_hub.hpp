#pragma once

#include <bailey/http/web_socket.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace bailey::http {

// WebSockets by topic, to be sent to together: the rooms of a chat, those who look at one card. A handle: copies share
// the topics. Any thread; the sockets may be of any loop.
//
//   app.provide(WebSocketHub());
//   app.ws("/rooms/{room}", [](WebSocket socket, Path<"room"> room, WebSocketHub hub) -> Task<> {
//     const auto member = hub.join(*room, socket);
//     while (auto text = co_await socket.receive_text()) hub.send(*room, *text);
//   });
class WebSocketHub {
  struct Topics;

 public:
  // A place in a topic, as long as it lives. It may outlive the hub.
  class [[nodiscard]] Membership {
   public:
    Membership(Membership&& other) noexcept;
    Membership& operator=(Membership&&) = delete;
    ~Membership();

   private:
    friend class WebSocketHub;
    struct Place;
    explicit Membership(std::unique_ptr<Place> place) noexcept;
    std::unique_ptr<Place> place_;
  };

  WebSocketHub();

  // Joined twice a socket hears everything twice.
  Membership join(std::string topic, WebSocket socket) const;

  // Sends to all in the topic, without waiting, and returns how many have it. A socket with a full queue misses it, as
  // with WebSocket::try_send. Two texts that are sent by one thread arrive in their order.
  std::size_t send(std::string_view topic, std::string_view text) const;
  template <class T>
  std::size_t send_json(std::string_view topic, const T& value) const {
    return send(topic, encode(value));
  }
  [[nodiscard]] std::size_t size(std::string_view topic) const;

 private:
  std::shared_ptr<Topics> topics_;  // shared with memberships, which may outlive it
};

}  // namespace bailey::http
