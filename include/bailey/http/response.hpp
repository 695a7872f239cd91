#pragma once

#include <bailey/http/headers.hpp>
#include <bailey/http/upgrade.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/task.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::http {

// Where a streamed body goes. `write` suspends while the peer does not keep up; it throws when the peer is gone.
class BodyWriter {
 public:
  [[nodiscard]] virtual Task<> write(std::string_view part) = 0;  // `part` must live until it returns; sent at once
  // Set when the server drains: a stream without an end of its own ends then, or is cut after
  // ServerOptions::shutdown_timeout.
  [[nodiscard]] virtual Event draining() const = 0;
  BodyWriter(const BodyWriter&) = delete;
  BodyWriter& operator=(const BodyWriter&) = delete;

 protected:
  BodyWriter() = default;
  ~BodyWriter() = default;
};

// An answer. The server adds Date, Server, Content-Length or Transfer-Encoding, and Connection. To HEAD it tells the
// body's length without sending it, none for an empty body; a handler that leaves the body out may declare its
// Content-Length. The body's string goes back to the thread's stock (buffer.hpp) once it is written.
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
  // A body of a length not known yet: chunked, or ended by closing for a peer of HTTP/1.0. The stream runs after the
  // head has been sent, without a deadline of its own, and must not outlive the request. When it throws, the connection
  // is cut, so that the peer sees an incomplete body.
  static Response stream(int status, std::string_view content_type, Stream stream);
  // The same for a body of a known length, which the peer is told. Writing more than that throws Error
  // "body_length_mismatch", writing less cuts the connection.
  static Response stream(int status, std::string_view content_type, std::uint64_t length, Stream stream);
  // Changes the connection to another protocol ("websocket"): 101, and from then on it is the takeover's, until that
  // has ended. A request that did not ask for it is answered as by `upgrade_required` instead. `protocol` is a token.
  static Response upgrade(std::string_view protocol, Takeover takeover);
  // 426: here is another protocol, and the request does not ask for it (RFC 9110 section 15.5.22).
  static Response upgrade_required(std::string_view protocol);

  int status = 200;
  Headers headers;
  std::string body;

  void content_type(std::string_view value);                     // throws like Headers::set
  [[nodiscard]] std::string_view content_type() const noexcept;  // "" when there is none
  // Closes the connection after this answer.
  void close_connection() noexcept { closes_ = true; }
  [[nodiscard]] bool closes_connection() const noexcept { return closes_; }
  [[nodiscard]] bool is_stream() const noexcept { return static_cast<bool>(stream_); }
  [[nodiscard]] Stream& stream() noexcept { return stream_; }
  [[nodiscard]] std::optional<std::uint64_t> stream_length() const noexcept { return stream_length_; }
  [[nodiscard]] bool is_upgrade() const noexcept { return static_cast<bool>(takeover_); }
  [[nodiscard]] Takeover& takeover() noexcept { return takeover_; }
  [[nodiscard]] std::string_view protocol() const noexcept { return protocol_; }  // upgraded to, or required; else ""

 private:
  bool closes_ = false;
  std::string_view static_content_type_;  // the types used most, without a string; any other is in `headers`
  Stream stream_;
  std::optional<std::uint64_t> stream_length_;
  std::string protocol_;
  Takeover takeover_;
};

}  // namespace bailey::http
