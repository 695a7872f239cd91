#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/body_source.hpp>
#include <bailey/http/response_stream.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

// A request to another server.
struct ClientRequest {
  std::string method = "GET";
  std::string url;                                             // http or https, absolute
  std::vector<std::pair<std::string, std::string>> headers{};  // sent as they are, in this order
  std::string body{};                                          // sent when not empty, or with POST, PUT and PATCH
  // How long the exchange may take, from `send` to the last byte of the answer. Where a body is streamed, in either
  // direction, it bounds each pause instead: how long the server, when it is its turn, may neither take nor send a
  // byte. A pause may last a quarter longer than that, and 200 ms.
  std::chrono::milliseconds timeout{30000};
  // The longest body that `send` gathers. `stream` has no limit.
  std::size_t response_limit_bytes = std::size_t{64} * 1024 * 1024;
};

// An answer with its whole body. A value.
struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in the order received
  std::string body;

  // The value of the first header of this name, compared without case; nullopt when there is none. Valid until this
  // response is changed or destroyed.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
};

// How a Client connects.
struct ClientOptions {
  std::chrono::milliseconds connect_timeout{5000};  // name lookup, TCP and TLS together
  std::size_t connection_limit = 64;  // to one host, of one loop; further requests wait within their timeout
  // All connections, in use or idle, of one loop: with more, those that become idle are closed. Less than what is in
  // use at a time makes every request pay for a new connection.
  std::size_t kept_connection_limit = 256;
  // How many redirects are followed; 0: a 3xx is returned like any other answer. All headers but Authorization are sent
  // to the new place, too.
  std::size_t redirect_limit = 0;
  std::string ca_file{};  // PEM; "": the system's
};

// Sends requests to other servers, by libcurl, on the event loop of the task that awaits. Each loop keeps connections
// and uses them again. HTTP/2 is used where TLS offers it, proxies come from the usual environment variables,
// certificates are always verified.
//
// An immutable handle: copy it freely, any thread may hold one. Await its calls on a loop; they keep what they need of
// it. Cancelling the task that awaits closes the transfer and ends the call with boost::system::system_error
// (operation_aborted).
class Client {
 public:
  explicit Client(ClientOptions options = {});

  // Sends the request and returns the answer, whatever its status. Errors, whose texts name neither URL nor header:
  //   invalid_request     500  a method, URL or header that cannot be sent (bad characters, another scheme, framing)
  //   unreachable         503  no such host, refused, TLS failed, the connection broke
  //   timeout             504  `timeout` or `connect_timeout` passed
  //   response_too_large  502  body over `response_limit_bytes`, or headers over 64 KiB
  // It is sent again only when a connection that was kept turns out to be closed.
  [[nodiscard]] Task<Expected<ClientResponse>> send(ClientRequest request) const;
  // The same with a body that is made while it is sent; leave ClientRequest::body empty. Further errors:
  //   body_length_mismatch  500  the source made more or less than it had announced; thrown
  //   body_not_repeatable   502  it would have to be sent again: for a redirect that is followed, or because a
  //                              connection that was kept turned out to be closed when a part had been sent
  // Throws what the source throws.
  [[nodiscard]] Task<Expected<ClientResponse>> send(ClientRequest request, BodySource body) const;

  // Returns as soon as the head of the answer is there; read its body, of any length, from the ResponseStream. Errors
  // as of `send`.
  [[nodiscard]] Task<Expected<ResponseStream>> stream(ClientRequest request) const;
  // Streams both ways at once: calls `read` when the head of the answer is there, which may be before the body has been
  // sent. When `read` has ended, cancels the source if it is not done, waits for it and returns: what both refer to
  // need only live as long as the task that awaits. Errors as of `send`, when no head comes. Throws what `read` throws.
  using Reader = std::move_only_function<Task<>(ResponseStream&)>;
  [[nodiscard]] Task<Expected<void>> stream(ClientRequest request, BodySource body, Reader read) const;

 private:
  struct State;
  [[nodiscard]] static Task<Expected<ClientResponse>> perform(std::shared_ptr<State> state, ClientRequest request);
  [[nodiscard]] static Task<Expected<ClientResponse>> gather(std::shared_ptr<State> state, ClientRequest request,
                                                             BodySource body);
  [[nodiscard]] static Task<Expected<ResponseStream>> open(std::shared_ptr<State> state, ClientRequest request);
  [[nodiscard]] static Task<Expected<void>> exchange(std::shared_ptr<State> state, ClientRequest request,
                                                     BodySource body, Reader read);

  std::shared_ptr<State> state_;
};

}  // namespace bailey::http
