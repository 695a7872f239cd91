#pragma once

#include <bailey/http/method.hpp>
#include <bailey/http/request_head.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bailey::http {

// Names a request in logs and answers. Unique in the process, but no secret: whoever knows one can guess the next.
using RequestId = std::uint64_t;
[[nodiscard]] std::string to_hex(RequestId id);  // 16 digits

// What an upper layer keeps beside a request and uses again for later ones, of any connection: made by Handler::attach,
// owned by the loop, used there for one request at a time.
struct Attachment {
  virtual ~Attachment() = default;
  // Called after each request has been answered: forget what was of that request.
  virtual void reset() noexcept = 0;
};

// Where the parts of a request that are not in its head come from: the connection, or memory (LocalRequest). For the
// server; the contracts are those of Request's members of the same names.
class RequestSource {
 public:
  [[nodiscard]] virtual std::optional<std::string_view> body_now() = 0;
  [[nodiscard]] virtual Task<std::string_view> body(std::size_t limit_bytes) = 0;
  [[nodiscard]] virtual Task<std::size_t> read_some(std::span<char> into) = 0;
  [[nodiscard]] virtual std::string remote_address() const = 0;
  [[nodiscard]] virtual bool peer_gone() const noexcept = 0;
  [[nodiscard]] virtual bool is_secure() const noexcept = 0;
  virtual void limit_handler(std::chrono::milliseconds timeout) noexcept = 0;

 protected:
  ~RequestSource() = default;
};

// One request. It belongs to the server. It and all views it gives look into the connection's buffers and are valid
// until the answer has been sent (a streamed answer: until its stream has ended); copy what is to live longer. Use it
// on the connection's loop only.
//
// When the peer goes away while a handler's task waits, or its time is up (ServerOptions::handler_timeout), the task is
// cancelled: what it awaits throws boost::system::system_error (operation_aborted). Let that pass.
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

  // The value of the first field of this name, compared without case and without the blanks around it; nullopt when
  // there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
    return head_->header(name);
  }
  // How many fields have this name.
  [[nodiscard]] std::size_t header_count(std::string_view name) const noexcept { return head_->header_count(name); }
  // Calls f(name, value) for each field, in the order sent, names as sent.
  template <class F>
  void for_each_header(F&& f) const {
    for (const HeaderField& field : head_->fields) f(field.name, field.value);
  }

  // Whether a body is announced (it may still turn out empty when chunked).
  [[nodiscard]] bool has_body() const noexcept { return head_->chunked || head_->content_length > 0; }
  // The length of the body; nullopt when it comes in chunks and is not known yet.
  [[nodiscard]] std::optional<std::uint64_t> content_length() const noexcept {
    return head_->chunked ? std::nullopt : std::optional(head_->content_length);
  }

  // The whole body if it has arrived already, "" if there is none, nullopt if `body` has to wait for it. Asking this
  // first saves a coroutine.
  [[nodiscard]] std::optional<std::string_view> body_now() { return source_->body_now(); }
  // Reads the body to its end and returns all of it; called again it returns the same. Throws Error "payload_too_large"
  // (413) when it is longer than `limit_bytes` (default: ServerOptions::body_limit_bytes), "request_timeout" (408) when
  // it stalls, "bad_request" (400) when it is malformed, "overloaded" (503) when the bodies of all requests together
  // take all the memory they may (ServerOptions::body_memory_limit_bytes), "read_in_progress" (500) while another task
  // reads it, and "wrong_loop" (500) on another loop than the connection's. Not after `read_some`.
  [[nodiscard]] Task<std::string_view> body(std::size_t limit_bytes = default_limit) {
    return source_->body(limit_bytes);
  }
  // Waits for the next part of the body, puts it into `into`, which must live until this returns, and returns its
  // length; 0 at the end. It sets no limit to the length of the body. Errors as of `body`.
  [[nodiscard]] Task<std::size_t> read_some(std::span<char> into) { return source_->read_some(into); }

  [[nodiscard]] std::string remote_address() const { return source_->remote_address(); }  // "192.0.2.7", "2001:db8::7"
  [[nodiscard]] bool is_secure() const noexcept { return source_->is_secure(); }          // over TLS
  // Whether the peer has closed or lost the connection, as far as is known by now.
  [[nodiscard]] bool peer_gone() const noexcept { return source_->peer_gone(); }
  // How long the handler of this request may be pending, instead of ServerOptions::handler_timeout and counted as that
  // is; 0 or less: as long as it likes. A timeout that has passed ends the handler up to 0.3 s later. Called again it
  // replaces what was said before.
  void limit_handler(std::chrono::milliseconds timeout) noexcept { source_->limit_handler(timeout); }
  [[nodiscard]] RequestId id() const noexcept { return id_; }
  // What Handler::attach has made; null when it made nothing.
  [[nodiscard]] Attachment* attachment() const noexcept { return attachment_; }

  static constexpr std::size_t default_limit = ~std::size_t{0};

  // For the server and LocalRequest: puts a request together. What is given must outlive it.
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
