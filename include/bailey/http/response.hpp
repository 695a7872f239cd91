#pragma once

#include <bailey/http/headers.hpp>
#include <bailey/http/upgrade.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/task.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::http {

// Where the body of a streamed answer goes. It belongs to the server and is valid until the stream's task ends; use it
// on the connection's loop.
class BodyWriter {
 public:
  // Sends `part`, which must live until this returns, and waits while the peer does not keep up. When several
  // tasks write, each part leaves as a whole, first come, first served. Throws Error "peer_gone" when the peer has gone
  // or is too slow (ServerOptions::write_timeout), "body_length_mismatch" when more is written than was announced, and
  // "wrong_loop" on another loop than the connection's.
  // A text of its own, as `a + b` makes one, is kept until then.
  [[nodiscard]] virtual Task<> write(std::string_view part) = 0;
  template <std::same_as<std::string> Text>
  [[nodiscard]] Task<> write(Text&& part) {
    return write_kept(*this, std::forward<Text>(part));
  }
  // Set when the server drains. A stream without an end of its own should end then: it is cut after
  // ServerOptions::shutdown_timeout.
  [[nodiscard]] virtual Event draining() const = 0;
  BodyWriter(const BodyWriter&) = delete;
  BodyWriter& operator=(const BodyWriter&) = delete;

 protected:
  BodyWriter() = default;
  ~BodyWriter() = default;

 private:
  static Task<> write_kept(BodyWriter& to, std::string text) { co_await to.write(std::string_view(text)); }
};

// An answer: a value that moves and is not copied. The server adds Date, Server, Content-Length or Transfer-Encoding,
// and Connection. It answers HEAD with the length of the body and without the body; a handler that leaves the body out
// for HEAD may set Content-Length itself. The memory of the body is used again (buffer.hpp).
class [[nodiscard]] Response {
 public:
  using Stream = std::move_only_function<Task<>(BodyWriter&)>;
  using Takeover = std::move_only_function<Task<>(UpgradedConnection&)>;

  explicit Response(int code = 200) noexcept : status(code) {}
  ~Response();
  Response(Response&&) noexcept = default;
  Response& operator=(Response&&) noexcept = default;

  static Response text(int status, std::string_view body);  // text/plain; charset=utf-8
  static Response json(int status, std::string body);       // application/json
  static Response empty(int status);
  // A body of a length that is not known yet, sent in chunks (to HTTP/1.0: until the connection is closed). `stream` is
  // kept, called when the head has been sent, and may use the request until its task ends. It has no deadline but those
  // of its writes. When it throws, the connection is cut, so that the peer sees an incomplete body.
  static Response stream(int status, std::string_view content_type, Stream stream);
  // The same for a body of a known length, sent as Content-Length. A write beyond it throws Error
  // "body_length_mismatch"; a stream that ends before it has the connection cut.
  static Response stream(int status, std::string_view content_type, std::uint64_t length, Stream stream);
  // Changes the connection to another protocol ("websocket", a token): the server sends 101 and calls `takeover`, which
  // has the connection until its task ends. It is kept until then. A request that did not ask for this protocol is
  // answered by `upgrade_required` instead.
  static Response upgrade(std::string_view protocol, Takeover takeover);
  // 426: the path serves this protocol only, and the request does not ask for it (RFC 9110 section 15.5.22).
  static Response upgrade_required(std::string_view protocol);

  int status = 200;
  Headers headers;
  std::string body;

  // Sets the media type, as Headers::set does.
  void content_type(std::string_view value);
  // "" when there is none. Valid until the answer is changed.
  [[nodiscard]] std::string_view content_type() const noexcept;
  // Has the server close the connection after this answer.
  void close_connection() noexcept { closes_ = true; }
  [[nodiscard]] bool closes_connection() const noexcept { return closes_; }
  [[nodiscard]] bool is_stream() const noexcept { return static_cast<bool>(stream_); }
  [[nodiscard]] Stream& stream() noexcept { return stream_; }
  [[nodiscard]] std::optional<std::uint64_t> stream_length() const noexcept { return stream_length_; }
  [[nodiscard]] bool is_upgrade() const noexcept { return static_cast<bool>(takeover_); }
  [[nodiscard]] Takeover& takeover() noexcept { return takeover_; }
  // The protocol of `upgrade` and `upgrade_required`; "" for any other answer.
  [[nodiscard]] std::string_view protocol() const noexcept { return protocol_; }

 private:
  bool closes_ = false;
  std::string_view static_content_type_;  // the types used most, without a string; any other is in `headers`
  Stream stream_;
  std::optional<std::uint64_t> stream_length_;
  std::string protocol_;
  Takeover takeover_;
};

}  // namespace bailey::http
