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

std::optional<std::string_view> why_unsendable(const ClientRequest& request, const std::optional<BodySource>& source) {
  if (source && !request.body.empty()) return "The request has two bodies";
  if (source && request.method == "HEAD") return "A HEAD request has no body";
  if (source && source->is_empty()) return "The source of the body makes nothing, or has been sent already";
  return detail::why_unsendable(request);
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

Task<Expected<ResponseStream>> Client::open(std::shared_ptr<State> state, ClientRequest request,
                                            std::optional<BodySource> source) {
  if (const auto why = why_unsendable(request, source)) co_return std::unexpected(invalid(*why));
  detail::ClientLoop& loop = state->loop();
  const ClientOptions& options = *state->options;
  auto opened =
      co_await detail::OpenStream::open(std::move(state), loop, options, std::move(request), std::move(source));
  co_return opened;
}

Task<Expected<ClientResponse>> Client::gather(std::shared_ptr<State> state, ClientRequest request, BodySource source) {
  const std::size_t limit_bytes = request.response_limit_bytes;
  auto stream = co_await open(std::move(state), std::move(request), std::move(source));
  if (!stream) co_return std::unexpected(std::move(stream).error());
  ClientResponse response{.status = stream->status(), .headers = stream->headers(), .body = {}};
  for (;;) {
    auto part = co_await stream->read();
    if (!part) co_return std::unexpected(std::move(part).error());
    if (part->empty()) break;
    if (part->size() > limit_bytes - response.body.size()) co_return std::unexpected(detail::too_large());
    response.body.append(*part);
  }
  co_return response;
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

Task<Expected<ResponseStream>> Client::stream(ClientRequest request) const {
  return open(state_, std::move(request), std::nullopt);
}

Task<Expected<ResponseStream>> Client::stream(ClientRequest request, BodySource body) const {
  return open(state_, std::move(request), std::move(body));
}

}  // namespace bailey::http
