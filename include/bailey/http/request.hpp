#pragma once

#include <bailey/http/method.hpp>
#include <bailey/http/request_head.hpp>
#include <bailey/runtime/task.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bailey::http {

// Names a request in logs and answers; unique in the process, but no secret: from one the next can be reckoned.
using RequestId = std::uint64_t;
[[nodiscard]] std::string to_hex(RequestId id);  // 16 digits

// What an upper layer keeps beside a Request and uses again for later ones: made by Handler::attach, reset after each
// request has been answered, used for one request at a time, always on the same loop.
struct Attachment {
  virtual ~Attachment() = default;
  virtual void reset() noexcept = 0;
};

// Where the rest of a request comes from: the connection, or memory (LocalRequest).
class RequestSource {
 public:
  // The body if it is all there, without waiting.
  [[nodiscard]] virtual std::optional<std::string_view> body_now() = 0;
  [[nodiscard]] virtual Task<std::string_view> body(std::size_t limit_bytes) = 0;
  [[nodiscard]] virtual Task<std::size_t> read_some(std::span<char> into) = 0;
  [[nodiscard]] virtual std::string remote_address() const = 0;
  [[nodiscard]] virtual bool peer_gone() const noexcept = 0;
  [[nodiscard]] virtual bool is_secure() const noexcept = 0;

 protected:
  ~RequestSource() = default;
};

// One request. Views into the connection's buffers: valid until the answer is complete (for a streamed answer: until
// its stream has ended). Neither copied nor moved: what is to outlive it must be copied out. On the loop's thread only.
//
// While a handler's task is pending and the peer goes away, or its time is up (ServerOptions::handler_timeout), the
// task is cancelled: the operation it awaits ends with boost::asio::error::operation_aborted. Let it pass.
class Request {
 public:
  Request() = default;
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  [[nodiscard]] Method method() const noexcept { return head_->method; }
  [[nodiscard]] std::string_view method_text() const noexcept { return head_->method_text; }
  [[nodiscard]] std::string_view target() const noexcept { return head_->target; }      // as sent
  [[nodiscard]] std::string_view path() const noexcept { return head_->path; }          // percent-decoded once
  [[nodiscard]] std::string_view raw_path() const noexcept { return head_->raw_path; }  // as sent, without the query
  [[nodiscard]] std::string_view query() const noexcept { return head_->query; }        // as sent, without the '?'
  [[nodiscard]] int version_minor() const noexcept { return head_->version_minor; }     // HTTP/1.x
  [[nodiscard]] std::string_view host() const noexcept { return head_->host; }          // "" in HTTP/1.0 without one

  // The first field of this name, in any case; its value trimmed.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
    return head_->header(name);
  }
  [[nodiscard]] std::size_t header_count(std::string_view name) const noexcept { return head_->header_count(name); }
  // Calls f(name, value) for each, in the order sent, names as sent.
  template <class F>
  void for_each_header(F&& f) const {
    for (const HeaderField& field : head_->fields) f(field.name, field.value);
  }

  // Whether a body is announced (it may still turn out empty when chunked).
  [[nodiscard]] bool has_body() const noexcept { return head_->chunked || head_->content_length > 0; }
  [[nodiscard]] std::optional<std::uint64_t> content_length() const noexcept {
    return head_->chunked ? std::nullopt : std::optional(head_->content_length);
  }

  // The whole body if it has arrived with the head, "" if there is none: asked for first, it saves a coroutine.
  [[nodiscard]] std::optional<std::string_view> body_now() { return source_->body_now(); }
  // Reads the body to its end and returns all of it; again returns the same. Throws Error "payload_too_large" (413)
  // when it is longer than `limit_bytes` (default: ServerOptions::body_limit_bytes), "request_timeout" (408) when it
  // stalls, "bad_request" (400) when it is malformed, "overloaded" (503) when the bodies of all requests together take
  // all the memory they may (ServerOptions::body_memory_limit_bytes). Not after `read_some`.
  [[nodiscard]] Task<std::string_view> body(std::size_t limit_bytes = default_limit) {
    return source_->body(limit_bytes);
  }
  // The next part of the body, as it arrives; 0 at its end. No limit but the caller's. Errors as `body`.
  [[nodiscard]] Task<std::size_t> read_some(std::span<char> into) { return source_->read_some(into); }

  [[nodiscard]] std::string remote_address() const { return source_->remote_address(); }  // "192.0.2.7", "2001:db8::7"
  [[nodiscard]] bool is_secure() const noexcept { return source_->is_secure(); }          // over TLS
  [[nodiscard]] bool peer_gone() const noexcept { return source_->peer_gone(); }
  [[nodiscard]] RequestId id() const noexcept { return id_; }
  [[nodiscard]] Attachment* attachment() const noexcept { return attachment_; }

  static constexpr std::size_t default_limit = ~std::size_t{0};

  // Puts a request together; done by the server and LocalRequest. All must outlive it.
  void assign(const RequestHead& head, RequestSource& source, Attachment* attachment, RequestId id) noexcept {
    head_ = &head;
    source_ = &source;
    attachment_ = attachment;
    id_ = id;
  }

 private:
  const RequestHead* head_ = nullptr;
  RequestSource* source_ = nullptr;
  Attachment* attachment_ = nullptr;
  RequestId id_ = 0;
};

}  // namespace bailey::http
