#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/http/web_socket.hpp>
#include <bailey/http/web_socket_hub.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/dependency.hpp>
#include <bailey/web/endpoint.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/injection.hpp>
#include <bailey/web/middleware.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Routes that are WebSockets: Router::ws.
namespace bailey {

using http::WebSocket;
using http::WebSocketClosed;
using http::WebSocketHub;
using http::WebSocketMessage;
using http::WebSocketOptions;

// What a WebSocket's route is beside its path and its handler. See RouteOptions.
struct WebSocketRouteOptions {
  WebSocketOptions web_socket = {};
  std::string name = {};                      // for `--routes`
  std::optional<Guard> guard = {};            // in place of the router's or the app's
  std::vector<Dependency> dependencies = {};  // before the handler's own, in this order
  std::vector<Middleware> middleware = {};    // inside of the router's and the app's
};

// The WebSocket that a route is for, as a parameter of its handler and of what provides its dependencies.
template <>
struct Binder<WebSocket> {
  static void describe(RouteInfo& route);
  static WebSocket bind(const Request& request);
};

// For guards, in `admit`, where Request::is_web_socket: the handshake has brought no credentials, and may go on without
// an identity, for the first message brings them. The WebSocket is accepted and its first message, a text, given to
// `admit`; only then dependencies are made and the handler is called. An Error that `admit` throws closes it: 401 with
// 4401, any below 500 with 4000 and its status, 503 with 1013. No message within `timeout`: 4401. What is awaited may
// use the request.
void admit_by_first_message(Request& request, std::chrono::milliseconds timeout,
                            std::function<Task<>(Request& request, std::string message)> admit);

namespace web_detail {

template <class P>
constexpr bool is_web_socket = std::same_as<std::remove_cvref_t<P>, WebSocket>;

template <class F, class Parameters = typename Signature<F>::Parameters>
class WebSocketEndpoint;

// The handler of a WebSocket. It runs within the conversation, see web_socket_route.cpp.
template <class F, class... P>
class WebSocketEndpoint<F, std::tuple<std::type_identity<P>...>> final : public Endpoint {
  using Parameters = Injection<std::tuple<std::type_identity<P>...>>;
  static_assert(std::is_invocable_v<const F&, P...>,
                "a handler is shared by all threads, so it must be callable as const: a lambda without `mutable`");
  static_assert(std::same_as<typename Signature<F>::Result, Task<>>,
                "the handler of a WebSocket is a coroutine that returns Task<>: what it has to say it sends");
  static_assert((is_web_socket<P> || ...), "the handler of a WebSocket takes a WebSocket");
  static_assert(!Parameters::reads_body && !Parameters::reads_form,
                "the handshake of a WebSocket has no body: read messages with socket.receive_json<T>()");
  static_assert(!Parameters::streams_body && !Parameters::streams_answer,
                "a WebSocket is the way in and out of its handler: no EventStream, Output, BodyStream beside it");

 public:
  explicit WebSocketEndpoint(F handler) : handler_(std::move(handler)) { Parameters::require(); }

  void describe(RouteInfo& route) const override { Parameters::describe(route); }
  [[nodiscard]] std::span<const Need> needs() const noexcept override { return Parameters::needs; }
  [[nodiscard]] bool reads_form() const noexcept override { return false; }

  http::Answer call(Request& request, const CallOptions& options, Outlet) const override {
    return invoke(request, options);
  }
  Task<Response> invoke(Request& request, const CallOptions& options) const override {
    return talk(request, options, std::index_sequence_for<P...>{});
  }

 private:
  // As in BoundEndpoint: what is bound lives until the handler has ended.
  template <std::size_t... I>
  Task<Response> talk(Request& request, const CallOptions& options, std::index_sequence<I...>) const {
    ValidationErrors& errors = request.validation_errors();
    auto bound = Parameters::bind(request, options.shared, errors);
    if (!errors.entries.empty()) fail_validation(std::move(errors));
    co_await handler_(pass_parameter<P>(std::get<I>(bound))...);
    co_return Response(101);
  }

  F handler_;
};

}  // namespace web_detail
}  // namespace bailey
