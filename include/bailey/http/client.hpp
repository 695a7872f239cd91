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
  // From `send` to the last byte of the answer. Where a body is streamed, either way: how long the server may be
  // silent, neither taking nor sending a byte while it is its turn (to a quarter of it).
  std::chrono::milliseconds timeout{30000};
  std::size_t response_limit_bytes =
      std::size_t{64} * 1024 * 1024;  // of the answer's body, where it is gathered by `send`
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in the order received
  std::string body;

  // The first header of this name (any case). A view into this response.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
};

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{5000};  // name lookup, TCP and TLS together
  std::size_t connection_limit = 64;  // to one host, of one loop; further requests wait within their timeout
  // All connections, in use or idle, of one loop: with more, those that become idle are closed. Less than what is in
  // use at a time makes every request pay for a new connection.
  std::size_t kept_connection_limit = 256;
  // Redirects followed; 0: a 3xx is an answer like others. Headers other than Authorization go to the new place as
  // well.
  std::size_t redirect_limit = 0;
  std::string ca_file{};  // PEM; "": the system's
};

// HTTP out, on libcurl and the current event loop: connections are kept and reused per loop, HTTP/2 is used where TLS
// offers it, proxies come from the usual environment variables. Certificates are always verified.
//
// An immutable handle: copies share it, any thread may hold it; `send` runs on the loop that awaits it. Cancelling the
// awaiting task drops the transfer and the task ends with operation_aborted, as with any Asio operation.
class Client {
 public:
  explicit Client(ClientOptions options = {});

  // The answer, whatever its status. Errors, whose texts name neither URL nor header:
  //   invalid_request     500  a method, URL or header that cannot be sent (bad characters, another scheme, framing)
  //   unreachable         503  no such host, refused, TLS failed, the connection broke
  //   timeout             504  `timeout` or `connect_timeout` passed
  //   response_too_large  502  body over `response_limit_bytes`, or headers over 64 KiB
  // A request is sent once more, at once, when a connection that was kept turns out to be closed; else never.
  [[nodiscard]] Task<Expected<ClientResponse>> send(ClientRequest request) const;
  // The same with a body that is made while it is sent; the request's own is empty. Further errors:
  //   body_length_mismatch  500  the source made more or less than it had announced; thrown
  //   body_not_repeatable   502  it would have to be sent again: for a redirect that is followed, or because a
  //                              connection that was kept turned out to be closed when a part had been sent
  // Throws what the source throws.
  [[nodiscard]] Task<Expected<ClientResponse>> send(ClientRequest request, BodySource body) const;

  // The answer as soon as its head is there, its body, of any length, to be read as it arrives. Errors as of `send`.
  [[nodiscard]] Task<Expected<ResponseStream>> stream(ClientRequest request) const;
  // Both ways at once: `read` is called when the answer's head is there, which may be before the body has been sent.
  // Comes back when `read` has ended and the source, which is cancelled if it is not done: what they refer to need
  // not live longer than the task that awaits this. Errors as those of `send`, where no head comes. Throws what
  // `read` throws.
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
