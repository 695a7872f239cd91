#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/headers.hpp>
#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/runtime/deferred.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

struct WebSocketMessage {
  std::string data;
  bool is_text = true;  // then `data` is UTF-8
};

// How a WebSocket has ended: the close code (RFC 6455 section 7.4) and reason that the peer has sent, or that we have.
// 1005: the peer gave no code; 1006: the connection broke without a word.
struct WebSocketClosed {
  std::uint16_t code = 1000;
  std::string reason{};
};

// What is thrown where a WebSocket is sent to that has ended. One that leaves a handler is no failure: it is not
// logged.
class WebSocketDisconnect : public Error {
 public:
  explicit WebSocketDisconnect(WebSocketClosed closed)
      : Error("web_socket_closed", "The WebSocket is closed", 503), closed_(std::move(closed)) {}
  [[nodiscard]] const WebSocketClosed& closed() const noexcept { return closed_; }

 private:
  WebSocketClosed closed_;
};

// What is thrown where a message is not the JSON that was wanted. One that leaves a handler closes the WebSocket with
// 1008 and this message, which names the first entry.
class WebSocketInvalidMessage : public Error {
 public:
  explicit WebSocketInvalidMessage(ValidationErrors errors);
  [[nodiscard]] const ValidationErrors& errors() const noexcept { return errors_; }

 private:
  ValidationErrors errors_;
};

// permessage-deflate (RFC 7692), where the peer offers it; messages under 256 bytes go as they are. Windows are of 4
// KB.
enum class WebSocketCompression : std::uint8_t {
  off,
  each_message,  // by itself: no window is kept between messages
  with_context   // with what came before: smaller, some 25 KB a connection
};

// Browsers cannot set headers on a WebSocket. A token comes as a sub-protocol that begins with `bearer_protocol`,
// beside one to be answered with: new WebSocket(url, ["bailey", "bearer." + token]). Who checks it reads the request's
// header: it is not among the protocols that are shown as offered, and never chosen, so that it goes no further.
inline constexpr std::string_view bearer_protocol = "bearer.";
// Chosen where it is offered and nothing else fits: it says nothing of the messages.
inline constexpr std::string_view plain_protocol = "bailey";

struct WebSocketOptions {
  // Sub-protocols that we speak, best first. The first that the peer offers is chosen, else `plain_protocol` if it is
  // offered; else none: the peer decides whether it goes on.
  std::vector<std::string> protocols{};
  // Pages that may connect: "https://app.example.com". A browser lets any page open a WebSocket to us and sends our
  // cookies along, and CORS does not apply. Our own host may always, and so may what sends no Origin, which is no
  // browser. "*": every page. Others get 403.
  std::vector<std::string> origins{};

  std::size_t message_limit_bytes = std::size_t{1024} * 1024;  // 1009: a message of the peer's, unpacked
  // What `send` has accepted and the peer has not taken. A larger message than that waits in its sender.
  std::size_t send_queue_messages = 64;
  std::size_t send_queue_bytes = std::size_t{1024} * 1024;
  enum class WhenFull : std::uint8_t {
    wait,  // `send` does
    drop,  // the message
    close  // the WebSocket, with 1008: the peer reads too slowly
  };
  WhenFull when_full = WhenFull::wait;
  WebSocketCompression compression = WebSocketCompression::each_message;

  std::chrono::milliseconds ping_interval{20'000};  // a peer silent for so long is asked; 0: never
  std::chrono::milliseconds pong_timeout{20'000};   // 1011: it does not answer. Not while we do not listen to it
  std::chrono::milliseconds close_timeout{5'000};   // how long the peer may take to say goodbye, too
  // A handler still at work so long after the end is cancelled; while the server drains half a second, at most.
  std::chrono::milliseconds handler_timeout{30'000};

  std::string name{};  // what the log calls it: "/rooms/{room}"
};

struct WebSocketAcceptance {
  std::optional<std::string> protocol{};  // one of those offered; not set: see WebSocketOptions::protocols
  Headers headers{};                      // of the 101 (Set-Cookie)
};

// Whether the page that a handshake comes from may connect, as WebSocketOptions::origins says.
[[nodiscard]] bool is_allowed_origin(const Request& request, const std::vector<std::string>& origins);

class WebSocketState;

// Messages both ways over one connection (RFC 6455). A handle: copies share the WebSocket, and it may be closed or gone
// while they live. Any task of any loop may send, any number at once: messages go in the order of the calls, whole. One
// task at a time receives. Pings are answered and sent unseen.
//
//   while (auto message = co_await socket.receive()) co_await socket.send(message->data);
class WebSocket {
 public:
  // Answers the handshake with 101. Only where a sub-protocol or a header is to be chosen: the first `receive` or
  // `send` accepts as well. Until then the handler may refuse, by an error that it throws. Nothing when it has been
  // accepted; throws Error "misuse" when something is to be chosen then, or the protocol was not offered.
  void accept(WebSocketAcceptance acceptance = {});

  // The next message, or how the WebSocket has ended; again and again the same then. Messages that came before the end
  // come first. Cancelling the task ends it with operation_aborted and loses no message:
  // `when_any(socket.receive(), sleep_for(1s))` can be repeated. Throws Error "misuse" while another task receives.
  [[nodiscard]] Task<std::expected<WebSocketMessage, WebSocketClosed>> receive() const;
  // The same where every message is text. A binary one closes the WebSocket with 1003.
  [[nodiscard]] Task<std::expected<std::string, WebSocketClosed>> receive_text() const;
  // The same where every message, text or binary, is JSON for a T. Throws WebSocketInvalidMessage for one that is not;
  // the next call gives the next message.
  template <class T>
  [[nodiscard]] Task<std::expected<T, WebSocketClosed>> receive_json() const {
    return decode_next<T>(*this);
  }

  // Comes back as soon as there is room in the queue of what is to be sent, see WebSocketOptions::WhenFull. Throws
  // WebSocketDisconnect when the WebSocket has ended, Error "invalid_text" for a text that is not UTF-8.
  [[nodiscard]] Deferred<> send(std::string text) const { return send(WebSocketMessage{std::move(text), true}); }
  [[nodiscard]] Deferred<> send_binary(std::string bytes) const {
    return send(WebSocketMessage{std::move(bytes), false});
  }
  template <class T>
  [[nodiscard]] Deferred<> send_json(const T& value) const {
    return send(encode(value));
  }
  [[nodiscard]] Deferred<> send(WebSocketMessage message) const;
  // At once, from any thread: whether there was room. False, too, when it has ended, or the text is not UTF-8.
  bool try_send(WebSocketMessage message) const;

  // Begins the end: what was sent before still goes out, then the code and the reason (cut to 123 bytes). From now on
  // `send` throws, and `receive` tells of this end. Nothing when it has ended already. Before it was accepted: the
  // handshake is answered with 403. A handler that returns closes with 1000, one that throws with 1011, or with 1008
  // and the message for an Error below 500. Any thread. Throws Error "misuse" for a code that nobody may send.
  void close(std::uint16_t code = 1000, std::string_view reason = {}) const;

  // Set once it has ended, or its end has begun. Any thread.
  [[nodiscard]] std::optional<WebSocketClosed> closed() const;
  [[nodiscard]] const std::vector<std::string>& offered_protocols() const noexcept;  // without tokens
  [[nodiscard]] std::string protocol() const;  // the one that was chosen, "" for none
  [[nodiscard]] std::string remote_address() const;

  explicit WebSocket(std::shared_ptr<WebSocketState> state) noexcept : state_(std::move(state)) {}

 private:
  template <class T>
  static Task<std::expected<T, WebSocketClosed>> decode_next(WebSocket socket) {
    auto message = co_await socket.receive();
    if (!message) co_return std::unexpected(std::move(message.error()));
    Decoded<T> decoded = decode_json<T>(message->data);
    if (!decoded) throw WebSocketInvalidMessage(std::move(decoded.error()));
    co_return *std::move(decoded);
  }

  std::shared_ptr<WebSocketState> state_;
};

// Talks with the peer until it returns. It runs on the request's loop, beside whatever else waits there.
using WebSocketTalk = std::move_only_function<Task<>(WebSocket)>;

// Answers a WebSocket's handshake, and lets `talk` have the WebSocket: what App::ws does. It starts before the answer:
// as long as it has accepted nothing, what it throws is the answer, as with any handler, and where it returns or closes
// the answer is 403. Then the Response is 101; the connection is `talk`'s until it ends, and so long the request is
// valid. Throws Error 400 for a malformed handshake and 403 for a page that may not connect; a request that asks for no
// WebSocket, or another version of it, is answered with 426. A Response that is dropped cancels `talk`.
[[nodiscard]] Task<Response> serve_web_socket(Request& request, WebSocketOptions options, WebSocketTalk talk);

}  // namespace bailey::http
