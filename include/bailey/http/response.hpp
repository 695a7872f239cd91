#pragma once

#include <bailey/http/headers.hpp>
#include <bailey/runtime/task.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace bailey::http {

// Where a streamed body goes. `write` suspends while the peer does not keep up; it throws when the peer is gone.
class BodyWriter {
 public:
  [[nodiscard]] virtual Task<> write(std::string_view part) = 0;  // `part` must live until it returns; sent at once
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

 private:
  bool closes_ = false;
  std::string_view static_content_type_;  // the types used most, without a string; any other is in `headers`
  Stream stream_;
};

}  // namespace bailey::http
