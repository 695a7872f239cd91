#include <bailey/http/client.hpp>
#include <bailey/http/headers.hpp>

#include "http/client_request.hpp"
#include "http/client_transfer.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace bailey::http {
namespace {

namespace asio = boost::asio;

// Users of a client and the loops' connections of it both keep its options, apart: when the last user has gone, the
// loops let their connections go.
struct KeptOptions {
  std::shared_ptr<const ClientOptions> kept;
  void operator()(const ClientOptions*) noexcept { kept.reset(); }
};

std::shared_ptr<const ClientOptions> for_users(ClientOptions options) {
  auto kept = std::make_shared<const ClientOptions>(std::move(options));
  const ClientOptions* const address = kept.get();
  return {address, KeptOptions{std::move(kept)}};
}

Task<Expected<ClientResponse>> perform(std::shared_ptr<const ClientOptions> options, ClientRequest request) {
  if (const auto why = detail::why_unsendable(request)) {
    co_return std::unexpected(Error("invalid_request", std::string(*why), 500));
  }
  Loop& loop = Loop::current();
  auto& client_loop = loop.local<detail::ClientLoop>(options.get(), options, [&] {
    return std::make_unique<detail::ClientLoop>(std::get_deleter<KeptOptions>(options)->kept, loop.executor());
  });
  detail::ClientTransfer transfer(client_loop, *options, request);

  boost::system::error_code error;
  co_await transfer.ended().async_wait(asio::redirect_error(use_task, error));
  if (transfer.is_finished()) co_return transfer.outcome();
  if (error) throw boost::system::system_error(error);  // the awaiting task was cancelled
  co_return std::unexpected(Error("timeout", "The server did not answer in time", 504));
}

}  // namespace

std::optional<std::string_view> ClientResponse::header(std::string_view name) const noexcept {
  for (const auto& [present, value] : headers) {
    if (equal_ignoring_case(present, name)) return value;
  }
  return std::nullopt;
}

Client::Client(ClientOptions options) : options_(for_users(std::move(options))) {}

Task<Expected<ClientResponse>> Client::send(ClientRequest request) const {
  return perform(options_, std::move(request));  // the task keeps the options, not this handle
}

}  // namespace bailey::http
