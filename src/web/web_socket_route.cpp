// A WebSocket's handler begins before the handshake is answered and goes on after it, as a task of its own. So the
// dependencies of its route are made in that task: what they open stays open around the handler, and what they throw
// before anything was accepted is still the answer, through the layers of the pipeline.
//
// A guard may have left word in the request's state: that the first message brings the credentials, which is asked for
// before anything else is done, so that no handler can forget to; and when they expire.
#include "web/web_socket_route.hpp"

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>
#include <bailey/web/error.hpp>
#include "http/characters.hpp"
#include "http/web_socket_handshake.hpp"
#include "web/background_tasks.hpp"
#include "web/dependency_run.hpp"
#include "web/error_body.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

namespace bailey {
namespace {

namespace asio = boost::asio;

constexpr std::uint16_t not_authenticated = 4401, try_again_later = 1013, first_of_statuses = 4000;

// In a request's state.
class OpenWebSocket {
 public:
  explicit OpenWebSocket(WebSocket socket) : socket_(std::move(socket)) {}
  [[nodiscard]] const WebSocket& socket() const noexcept { return socket_; }

 private:
  WebSocket socket_;
};

class FirstMessage {
 public:
  using Admit = std::function<Task<>(Request&, std::string)>;
  FirstMessage(std::chrono::milliseconds timeout, Admit admit) : timeout_(timeout), admit_(std::move(admit)) {}
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }
  [[nodiscard]] const Admit& admit() const noexcept { return admit_; }

 private:
  std::chrono::milliseconds timeout_;
  Admit admit_;
};

class ConversationEnd {
 public:
  explicit ConversationEnd(Event ended) : ended_(std::move(ended)) {}
  [[nodiscard]] const Event& event() const noexcept { return ended_; }

 private:
  Event ended_;
};

// Says so when a conversation's frame has gone, and where it never came to be.
class Ending {
 public:
  explicit Ending(Event ended) : ended_(std::move(ended)) {}
  Ending(Ending&& other) noexcept : ended_(std::exchange(other.ended_, std::nullopt)) {}
  Ending& operator=(Ending&&) = delete;
  ~Ending() {
    if (ended_) ended_->set();
  }

 private:
  std::optional<Event> ended_;
};

[[noreturn]] void end_with(const WebSocket& socket, std::uint16_t code, std::string_view reason) {
  socket.close(code, reason);
  throw http::WebSocketDisconnect(socket.closed().value_or(WebSocketClosed{}));
}

Task<> admit_by_message(const FirstMessage& first, WebSocket& socket, Request& request,
                        const web_detail::Endpoint& endpoint) {
  socket.accept();
  auto received = co_await when_any(socket.receive(), sleep_for(first.timeout()));
  if (received.index() != 0) end_with(socket, not_authenticated, "No token has come in time");
  auto message = std::get<0>(std::move(received));
  if (!message) throw http::WebSocketDisconnect(std::move(message.error()));
  if (!message->is_text) end_with(socket, not_authenticated, "A token comes as text");
  try {
    co_await first.admit()(request, endpoint.credentials_in(request, std::move(message->data)));
  } catch (const Error& refusal) {
    const Error::Answer answer = refusal.answer();
    const std::string_view reason = answer.shows_message ? std::string_view(refusal.message()) : std::string_view();
    if (answer.status == 503) end_with(socket, try_again_later, reason);
    if (answer.status >= 400 && answer.status < 500)
      end_with(socket, static_cast<std::uint16_t>(first_of_statuses + answer.status), reason);
    throw;
  }
  if (!request.state().has_identity()) end_with(socket, not_authenticated, "Not authenticated");
}

}  // namespace

void admit_by_first_message(Request& request, std::chrono::milliseconds timeout, FirstMessage::Admit admit) {
  request.state().set(FirstMessage(timeout, std::move(admit)));
}

void Binder<WebSocket>::describe(RouteInfo& route) {
  if (!route.is_web_socket)
    route.refuse("a dependency of it takes the WebSocket, and it is none: app.ws(path, handler)");
}

WebSocket Binder<WebSocket>::bind(const Request& request) {
  const auto* open = request.state().get<OpenWebSocket>();
  if (open == nullptr) throw Error("misuse", "A WebSocket is there for the handler and the dependencies of its route");
  return open->socket();
}

namespace web_detail {
namespace {

Task<> converse(const CompiledRoute& route, Request& request, WebSocket socket, [[maybe_unused]] Ending ending) {
  Loop& loop = Loop::current();
  loop.set_activity(&route.activity);
  request.state().set(OpenWebSocket(socket));
  const auto* const first = request.state().get<FirstMessage>();
  if (first != nullptr) co_await admit_by_message(*first, socket, request, *route.endpoint);
  TimerWheel::Entry expired([&socket] { socket.close(not_authenticated, "The token has expired"); });
  if (const auto left = request.expires_in()) loop.timers().arm(expired, *left);
  try {
    static_cast<void>(co_await invoke_with_dependencies(route, request));
  } catch (const http::WebSocketDisconnect&) {
    throw;
  } catch (const RequestValidationError& invalid) {
    if (first == nullptr) throw;
    throw http::WebSocketInvalidMessage(invalid.errors());  // it is open already: the same, as a reason
  } catch (...) {
    if (auto* const tasks = request.state().get<BackgroundTasks>()) tasks->clear();
    throw;
  }
}

Task<Response> outlast(Request& request, Task<Response> answering) {
  Response response = co_await std::move(answering);
  const auto* const end = request.state().get<ConversationEnd>();
  if (end == nullptr || end->event().is_set() || response.is_upgrade()) co_return response;
  const Event ended = end->event();
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await ended.wait();
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_return response;
}

bool is_origin(std::string_view text) {
  if (text == "*" || text == "null") return true;
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme == 0) return false;
  const std::string_view host = text.substr(scheme + 3);
  return !host.empty() && host.find_first_of("/?#@* ") == std::string_view::npos;
}

}  // namespace

Task<Response> open_web_socket(const CompiledRoute& route, Request& request, Outlet outlet, ErrorFormat format) {
  std::exception_ptr failure;
  try {
    const Event ended;
    request.state().set(ConversationEnd(ended));
    http::WebSocketAsked asked{.scheme = std::string(request.scheme()),
                               .host = std::string(request.host()),
                               .client_address = request.client_address()};
    http::WebSocketTalk talk = [&route, &request, ending = Ending(ended)](WebSocket socket) mutable {
      return converse(route, request, std::move(socket), std::move(ending));
    };
    Response response =
        co_await http::serve_web_socket(request.http(), *route.web_socket, std::move(talk), std::move(asked));
    if (response.status == 426 && format == ErrorFormat::problem) {
      Response problem = error_response(format, 426, std::string_view(response.body), request.id());
      response.content_type(problem.content_type());
      std::swap(response.body, problem.body);
    }
    co_return outlet.succeed(request, std::move(response));
  } catch (...) {
    failure = std::current_exception();
  }
  co_return outlet.fail(request, failure);
}

http::Answer outlast_conversation(Request& request, http::Answer answer) {
  if (auto* const later = std::get_if<Task<Response>>(&answer)) return outlast(request, std::move(*later));
  return answer;
}

void share_conversation(Request& inner, Request& outer) {
  if (const auto* const end = inner.state().get<ConversationEnd>()) outer.state().set(ConversationEnd(*end));
}

void require_usable(const RouteInfo& route, const WebSocketOptions& options) {
  for (const std::string& origin : options.origins) {
    if (!is_origin(origin))
      route.refuse("\"" + origin +
                   "\" of its origins is none: write \"https://app.example.com\", without a path, or \"*\"");
  }
  for (const std::string& protocol : options.protocols) {
    if (!http::is_token(protocol) || protocol.starts_with(http::bearer_protocol))
      route.refuse("\"" + protocol + "\" of its sub-protocols cannot be one");
  }
}

}  // namespace web_detail
}  // namespace bailey
