#include <bailey/base/error.hpp>
#include <bailey/http/local_request.hpp>

#include "http/head_parser.hpp"

#include <bailey/http/headers.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include <optional>

namespace bailey::http {

class LocalRequest::Source final : public RequestSource {
 public:
  Source(Parts parts, std::unique_ptr<Attachment> attachment)
      : body_(std::move(parts.body)), address_(std::move(parts.remote_address)), attachment_(std::move(attachment)) {
    bool has_host = false;
    wire_.append(parts.method).append(" ").append(parts.target).append(" HTTP/1.1\r\n");
    for (const auto& [name, value] : parts.headers) {
      has_host = has_host || equal_ignoring_case(name, "host");
      wire_.append(name).append(": ").append(value).append("\r\n");
    }
    if (!has_host) wire_.append("Host: localhost\r\n");
    if (!body_.empty()) wire_.append("Content-Length: ").append(std::to_string(body_.size())).append("\r\n");
    wire_.append("\r\n");
    HeadParser parser;
    const HeadParser::Status status = parser.parse(wire_, head_);
    if (status == HeadParser::Status::refused)
      throw Error("bad_request", std::string(parser.refusal().detail), parser.refusal().status);
    if (status == HeadParser::Status::incomplete || parser.size() != wire_.size())
      throw Error("bad_request", "Malformed request", 400);
    request_.assign(head_, *this, attachment_.get(), 1);
  }

  Request& request() noexcept { return request_; }

  std::optional<std::string_view> body_now() override { return body_; }
  Task<std::string_view> body(std::size_t limit_bytes) override {
    if (body_.size() > limit_bytes) throw Error("payload_too_large", "The request body is too large", 413);
    co_return body_;
  }
  Task<std::size_t> read_some(std::span<char> into) override {
    const std::size_t count = body_.copy(into.data(), into.size(), served_);
    served_ += count;
    co_return count;
  }
  std::string remote_address() const override { return address_; }
  bool peer_gone() const noexcept override { return false; }
  bool is_secure() const noexcept override { return false; }
  void limit_handler(std::chrono::milliseconds timeout) noexcept override { handler_timeout_ = timeout; }
  [[nodiscard]] std::chrono::milliseconds handler_timeout() const noexcept { return handler_timeout_; }

 private:
  std::string wire_, body_, address_;
  std::size_t served_ = 0;
  std::chrono::milliseconds handler_timeout_{0};  // none
  RequestHead head_;
  Request request_;
  std::unique_ptr<Attachment> attachment_;
};

LocalRequest::LocalRequest(Parts parts, std::unique_ptr<Attachment> attachment)
    : source_(std::make_unique<Source>(std::move(parts), std::move(attachment))) {}
LocalRequest::~LocalRequest() = default;

Request& LocalRequest::request() noexcept { return source_->request(); }

std::chrono::milliseconds LocalRequest::handler_timeout() const noexcept { return source_->handler_timeout(); }

namespace {
Task<> keep(Task<Response> task, std::optional<Response>& into) {
  Response response = co_await std::move(task);
  into.emplace(std::move(response));
}
}  // namespace

// A handler that is cancelled has ended when `when_any` comes back, and has answered for itself as a rule.
Task<Response> ask(Handler& handler, LocalRequest& request) {
  Answer answer = handler.handle(request.request());
  Task<Response>* const later = std::get_if<Task<Response>>(&answer);
  if (later == nullptr) co_return std::move(std::get<Response>(answer));
  if (request.handler_timeout().count() <= 0) {
    Response response = co_await std::move(*later);
    co_return response;
  }
  std::optional<Response> response;
  co_await when_any(keep(std::move(*later), response), sleep_for(request.handler_timeout()));
  if (response) co_return *std::move(response);
  co_return handler.refuse(504, "The request took too long", request.request().target());
}

Task<Response> ask(Handler& handler, Request& request) {
  Answer answer = handler.handle(request);
  if (Task<Response>* const later = std::get_if<Task<Response>>(&answer)) {
    Response response = co_await std::move(*later);
    co_return response;
  }
  co_return std::move(std::get<Response>(answer));
}

}  // namespace bailey::http
