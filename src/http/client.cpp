#include <bailey/http/client.hpp>
#include <bailey/http/headers.hpp>
#include <bailey/runtime/loop_local.hpp>

#include "http/client_request.hpp"
#include "http/streamed_transfer.hpp"
#include "http/whole_transfer.hpp"

#include <utility>

namespace bailey::http {
namespace {

Error invalid(std::string_view why) { return {"invalid_request", std::string(why), 500}; }

std::optional<std::string_view> why_unsendable(const ClientRequest& request, const BodySource& source) {
  if (!request.body.empty()) return "The request has two bodies";
  if (request.method == "HEAD") return "A HEAD request has no body";
  if (source.is_empty()) return "The source of the body makes nothing, or has been sent already";
  return detail::why_unsendable(request);
}

Task<> collect(ResponseStream& stream, std::size_t limit_bytes, Expected<ClientResponse>& into) {
  into->status = stream.status();
  into->headers = stream.headers();
  for (;;) {
    auto part = co_await stream.read();
    if (part && part->empty()) co_return;
    if (part && part->size() > limit_bytes - into->body.size()) part = std::unexpected(detail::too_large());
    if (!part) {
      into = std::unexpected(std::move(part).error());
      co_return;
    }
    into->body.append(*part);
  }
}

}  // namespace

// What the copies of a client share. When the last has gone, the loops let their connections go.
struct Client::State {
  explicit State(ClientOptions given) : options(std::make_shared<const ClientOptions>(std::move(given))) {}

  std::shared_ptr<const ClientOptions> options;  // shared with the loops' connections, which go later
  LoopLocal<detail::ClientLoop> loops;

  [[nodiscard]] detail::ClientLoop& loop() {
    return loops.get([&] { return std::make_unique<detail::ClientLoop>(options, Loop::current().executor()); });
  }
};

Task<Expected<ClientResponse>> Client::perform(std::shared_ptr<State> state, ClientRequest request) {
  if (const auto why = detail::why_unsendable(request)) co_return std::unexpected(invalid(*why));
  detail::WholeTransfer transfer(state->loop(), *state->options, request);
  co_await transfer.ended();
  co_return transfer.outcome();
}

Task<Expected<ResponseStream>> Client::open(std::shared_ptr<State> state, ClientRequest request) {
  if (const auto why = detail::why_unsendable(request)) co_return std::unexpected(invalid(*why));
  detail::ClientLoop& loop = state->loop();
  const ClientOptions& options = *state->options;
  auto opened = co_await detail::OpenStream::open(std::move(state), loop, options, std::move(request));
  co_return opened;
}

Task<Expected<void>> Client::exchange(std::shared_ptr<State> state, ClientRequest request, BodySource body,
                                      Reader read) {
  if (const auto why = why_unsendable(request, body)) co_return std::unexpected(invalid(*why));
  detail::ClientLoop& loop = state->loop();
  const ClientOptions& options = *state->options;
  auto done = co_await detail::OpenStream::exchange(std::move(state), loop, options, std::move(request),
                                                    std::move(body), std::move(read));
  co_return done;
}

Task<Expected<ClientResponse>> Client::gather(std::shared_ptr<State> state, ClientRequest request, BodySource body) {
  const std::size_t limit_bytes = request.response_limit_bytes;
  Expected<ClientResponse> gathered;
  const auto done = co_await exchange(std::move(state), std::move(request), std::move(body),
                                      [&](ResponseStream& stream) { return collect(stream, limit_bytes, gathered); });
  if (!done) co_return std::unexpected(done.error());
  co_return gathered;
}

std::optional<std::string_view> ClientResponse::header(std::string_view name) const noexcept {
  for (const auto& [present, value] : headers) {
    if (equal_ignoring_case(present, name)) return value;
  }
  return std::nullopt;
}

Client::Client(ClientOptions options) : state_(std::make_shared<State>(std::move(options))) {}

// Each task keeps what is shared, not this handle.
Task<Expected<ClientResponse>> Client::send(ClientRequest request) const { return perform(state_, std::move(request)); }

Task<Expected<ClientResponse>> Client::send(ClientRequest request, BodySource body) const {
  return gather(state_, std::move(request), std::move(body));
}

Task<Expected<ResponseStream>> Client::stream(ClientRequest request) const { return open(state_, std::move(request)); }

Task<Expected<void>> Client::stream(ClientRequest request, BodySource body, Reader read) const {
  return exchange(state_, std::move(request), std::move(body), std::move(read));
}

}  // namespace bailey::http
