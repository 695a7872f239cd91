#include <bailey/http/client.hpp>
#include <bailey/http/headers.hpp>
#include <bailey/runtime/loop_local.hpp>

#include "http/client_request.hpp"
#include "http/client_transfer.hpp"

#include <utility>

namespace bailey::http {

// What the copies of a client share. When the last has gone, the loops let their connections go.
struct Client::State {
  explicit State(ClientOptions given) : options(std::make_shared<const ClientOptions>(std::move(given))) {}

  std::shared_ptr<const ClientOptions> options;  // shared with the loops' connections, which go later
  LoopLocal<detail::ClientLoop> loops;
};

Task<Expected<ClientResponse>> Client::perform(std::shared_ptr<State> state, ClientRequest request) {
  if (const auto why = detail::why_unsendable(request)) {
    co_return std::unexpected(Error("invalid_request", std::string(*why), 500));
  }
  detail::ClientLoop& loop = state->loops.get(
      [&] { return std::make_unique<detail::ClientLoop>(state->options, Loop::current().executor()); });
  detail::ClientTransfer transfer(loop, *state->options, request);
  co_await transfer.ended();
  co_return transfer.outcome();
}

std::optional<std::string_view> ClientResponse::header(std::string_view name) const noexcept {
  for (const auto& [present, value] : headers) {
    if (equal_ignoring_case(present, name)) return value;
  }
  return std::nullopt;
}

Client::Client(ClientOptions options) : state_(std::make_shared<State>(std::move(options))) {}

Task<Expected<ClientResponse>> Client::send(ClientRequest request) const {
  return perform(state_, std::move(request));  // the task keeps what is shared, not this handle
}

}  // namespace bailey::http
