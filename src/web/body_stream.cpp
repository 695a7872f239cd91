// What reads a body is the handler's and could be kept, the request is not: the request's state tells it when the body
// has gone.
#include <bailey/web/body_stream.hpp>

#include <bailey/base/error.hpp>

#include <cstddef>
#include <utility>

namespace bailey {
namespace web_detail {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

[[noreturn]] void fail_late() { throw Error("misuse", "A body is read while its request lasts", 500); }
[[noreturn]] void fail_too_large(std::uint64_t limit) {
  throw Error("payload_too_large", "The body is longer than " + std::to_string(limit) + " bytes", 413);
}

}  // namespace

struct IncomingBody {
  IncomingBody(http::Request& of, std::uint64_t most) noexcept : request(&of), limit(most) {}

  http::Request* request;  // null: it has ended
  std::uint64_t limit;
  std::uint64_t received = 0;

  void end() noexcept { request = nullptr; }

  static Task<std::string> read(std::shared_ptr<IncomingBody> self) {
    if (self->request == nullptr) fail_late();
    std::string bytes(piece_bytes, '\0');
    const std::size_t count = co_await self->request->read_some(bytes);
    self->received += count;
    if (self->received > self->limit) fail_too_large(self->limit);
    bytes.resize(count);
    co_return bytes;
  }
};

struct IncomingParts {
  IncomingParts(http::Request& request, const http::FormLimits& limits) : reader(std::in_place, request, limits) {}

  std::optional<http::PartReader> reader;  // nothing: the request has ended

  void end() noexcept {
    if (reader) reader->end();
    reader.reset();
  }

  static Task<std::optional<http::Part>> next(std::shared_ptr<IncomingParts> self) {
    if (!self->reader) fail_late();
    co_return co_await self->reader->next();
  }
};

namespace {

// In a request's state: its end is the request's.
template <class T>
class EndsWithRequest {
 public:
  explicit EndsWithRequest(std::shared_ptr<T> what) noexcept : what_(std::move(what)) {}
  EndsWithRequest(EndsWithRequest&&) noexcept = default;
  EndsWithRequest& operator=(EndsWithRequest&&) = delete;
  ~EndsWithRequest() {
    if (what_) what_->end();
  }

 private:
  std::shared_ptr<T> what_;
};

}  // namespace
}  // namespace web_detail

BodyStream::BodyStream(std::shared_ptr<web_detail::IncomingBody> body) noexcept : body_(std::move(body)) {}
BodyStream::BodyStream(BodyStream&&) noexcept = default;
BodyStream& BodyStream::operator=(BodyStream&&) noexcept = default;
BodyStream::~BodyStream() = default;

Task<std::string> BodyStream::read() const { return web_detail::IncomingBody::read(body_); }

std::optional<std::uint64_t> BodyStream::announced_bytes() const noexcept {
  return body_->request == nullptr ? std::nullopt : body_->request->content_length();
}

void Binder<BodyStream>::describe(RouteInfo& route) {
  route.is_body_streamed = true;
  route.add(BodyInfo{.content_type = "application/octet-stream", .is_required = false});
}

BodyStream Binder<BodyStream>::bind(Request& request) {
  const std::uint64_t limit = request.body_limit_bytes();
  if (request.http().content_length().value_or(0) > limit) web_detail::fail_too_large(limit);
  auto body = std::make_shared<web_detail::IncomingBody>(request.http(), limit);
  request.state().set(web_detail::EndsWithRequest(body));
  return BodyStream(std::move(body));
}

Multipart::Multipart(std::shared_ptr<web_detail::IncomingParts> parts) noexcept : parts_(std::move(parts)) {}
Multipart::Multipart(Multipart&&) noexcept = default;
Multipart& Multipart::operator=(Multipart&&) noexcept = default;
Multipart::~Multipart() = default;

Task<std::optional<http::Part>> Multipart::next() const { return web_detail::IncomingParts::next(parts_); }

void Binder<Multipart>::describe(RouteInfo& route) {
  route.is_body_streamed = true;
  route.add(BodyInfo{.content_type = "multipart/form-data"});
}

Multipart Binder<Multipart>::bind(Request& request) {
  auto parts = std::make_shared<web_detail::IncomingParts>(request.http(), request.form_limits());
  request.state().set(web_detail::EndsWithRequest(parts));
  return Multipart(std::move(parts));
}

}  // namespace bailey
