#include <bailey/base/utf8.hpp>
#include <bailey/http/web_socket.hpp>

#include "http/web_socket_conversation.hpp"
#include "http/web_socket_handshake.hpp"
#include "http/web_socket_link.hpp"
#include "http/web_socket_state.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>
#include <variant>

namespace bailey::http {

namespace {

namespace asio = boost::asio;

constexpr std::uint16_t unsupported_data = 1003, reads_too_slowly = 1008;

std::string sentence(const ValidationErrors& errors) {
  if (errors.entries.empty()) return "The message is invalid";
  const ValidationError& first = errors.entries.front();
  std::string text;
  for (const auto& part : first.loc)
    std::visit(
        [&]<class P>(const P& each) {
          if (!text.empty()) text.push_back('.');
          if constexpr (std::is_integral_v<P>)
            text.append(std::to_string(each));
          else
            text.append(each);
        },
        part);
  return text.empty() ? first.msg : text.append(": ").append(first.msg);
}

bool may_be_sent(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

// Takes the token out of what is offered.
void drop_bearer(std::vector<std::string>& protocols) {
  const std::size_t dropped = std::erase_if(protocols, [](std::string_view each) {
    return equal_ignoring_case(each.substr(0, bearer_protocol.size()), bearer_protocol);
  });
  if (dropped == 0 || !protocols.empty()) return;
  throw Error("bad_request",
              "The token is not a sub-protocol to answer with. Offer one beside it: new WebSocket(url, [\"bailey\", "
              "\"bearer.\" + token])",
              400);
}

// While one task receives.
class Receiving {
 public:
  explicit Receiving(WebSocketState& state) : state_(state) {
    if (state_.is_receiving.exchange(true)) throw Error("misuse", "another task receives on this WebSocket");
  }
  ~Receiving() { state_.is_receiving = false; }
  Receiving(const Receiving&) = delete;
  Receiving& operator=(const Receiving&) = delete;

 private:
  WebSocketState& state_;
};

using Received = std::expected<WebSocketMessage, WebSocketClosed>;

Task<Received> receive_next(std::shared_ptr<WebSocketState> state) {
  const Receiving receiving(*state);
  state->accept_if_offered();
  std::optional<WebSocketMessage> message = co_await state->inbox.pop();
  if (message) co_return *std::move(message);
  co_return std::unexpected(state->closed().value_or(WebSocketClosed{}));
}

Task<std::expected<std::string, WebSocketClosed>> receive_next_text(std::shared_ptr<WebSocketState> state) {
  Received message = co_await receive_next(state);
  if (!message) co_return std::unexpected(std::move(message.error()));
  if (message->is_text) co_return std::move(message->data);
  state->close({unsupported_data, "A text message was expected"});
  co_return std::unexpected(state->closed().value_or(WebSocketClosed{}));
}

Task<> send_message(std::shared_ptr<WebSocketState> state, WebSocketMessage message) {
  if (message.is_text && !detail::is_utf8(message.data)) throw Error("invalid_text", "a text message is UTF-8");
  state->accept_if_offered();
  switch (state->outbox.try_push(message)) {
    case MessageQueue::Pushed::yes: co_return;
    case MessageQueue::Pushed::closed: break;
    case MessageQueue::Pushed::full:
      if (state->options.when_full == WebSocketOptions::WhenFull::drop) co_return;
      if (state->options.when_full == WebSocketOptions::WhenFull::close) {
        state->fail({reads_too_slowly, "You read too slowly"});
        break;
      }
      const bool was_taken = co_await state->outbox.push(std::move(message));
      if (was_taken) co_return;
  }
  throw WebSocketDisconnect(state->closed().value_or(WebSocketClosed{}));
}

}  // namespace

WebSocketInvalidMessage::WebSocketInvalidMessage(ValidationErrors errors)
    : Error("invalid_message", sentence(errors), 422), errors_(std::move(errors)) {}

void WebSocket::accept(WebSocketAcceptance acceptance) { state_->accept(std::move(acceptance)); }

Task<Received> WebSocket::receive() const { return receive_next(state_); }

Task<std::expected<std::string, WebSocketClosed>> WebSocket::receive_text() const { return receive_next_text(state_); }

Deferred<> WebSocket::send(WebSocketMessage message) const { return send_message(state_, std::move(message)); }

bool WebSocket::try_send(WebSocketMessage message) const {
  if (message.is_text && !detail::is_utf8(message.data)) return false;
  state_->accept_if_offered();
  return state_->outbox.try_push(message) == MessageQueue::Pushed::yes;
}

void WebSocket::close(std::uint16_t code, std::string_view reason) const {
  if (!may_be_sent(code))
    throw Error("misuse", "a WebSocket is closed with 1000 to 1003, 1007 to 1014, or 3000 to 4999");
  state_->close({code, detail::to_utf8(reason)});
}

std::optional<WebSocketClosed> WebSocket::closed() const { return state_->closed(); }
const std::vector<std::string>& WebSocket::offered_protocols() const noexcept { return state_->offered_protocols; }
std::string WebSocket::protocol() const { return state_->protocol(); }
std::string WebSocket::remote_address() const { return state_->remote_address; }

Task<Response> serve_web_socket(Request& request, WebSocketOptions options, WebSocketTalk talk) {
  return serve_web_socket(request, std::move(options), std::move(talk), asked_on_connection(request));
}

Task<Response> serve_web_socket(Request& request, WebSocketOptions options, WebSocketTalk talk, WebSocketAsked asked) {
  if (std::optional<Response> refusal = require_web_socket(request)) co_return *std::move(refusal);
  if (!is_allowed_origin(request, options.origins, asked))
    throw Error("forbidden", "Pages of this origin may not open a WebSocket here", 403);
  WebSocketHandshake handshake = read_web_socket_handshake(request);
  drop_bearer(handshake.protocols);
  const auto state =
      std::make_shared<WebSocketState>(std::move(options), handshake.protocols, std::move(asked.client_address));
  // Shared: the Response that carries on with it may be dropped while it runs.
  const auto conversation = std::make_shared<WebSocketConversation>(state, std::move(talk), request.id());
  WebSocketConversation::start(conversation);
  std::exception_ptr cancelled;
  try {
    co_await state->decided.wait();
    if (!state->was_accepted()) co_await conversation->ended().wait();
  } catch (const boost::system::system_error&) {
    cancelled = std::current_exception();
  }
  if (cancelled) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    conversation->cancel();
    co_await conversation->ended().wait();
    std::rethrow_exception(cancelled);
  }
  if (!state->was_accepted()) {
    if (conversation->failure()) std::rethrow_exception(conversation->failure());
    const std::string reason = state->closed().value_or(WebSocketClosed{}).reason;
    throw Error("forbidden", reason.empty() ? "The WebSocket was refused" : reason, 403);
  }
  auto link = std::make_unique<WebSocketLink>(state, conversation, Loop::current());
  Headers headers = state->take_headers();
  link->answer(handshake, headers);
  Response response = Response::upgrade(
      "websocket", [link = std::move(link)](UpgradedConnection& connection) { return link->run(connection); });
  response.headers = std::move(headers);
  co_return response;
}

}  // namespace bailey::http
