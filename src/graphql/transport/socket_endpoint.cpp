#include <graphql/transport/socket_endpoint.hpp>

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>
#include <bailey/runtime/when.hpp>
#include <bailey/web/web_socket.hpp>
#include <graphql/shortened.hpp>
#include <graphql/transport/operation_load.hpp>
#include <graphql/transport/socket_messages.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <utility>

namespace bailey::graphql {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t first_of_reasons = 4000;  // of close codes: what is below says how, not why

// In the request's state: that the first message has been read, for the guard.
struct Initialised {};

// One client: what it has asked for and what runs for it. All is on the connection's loop.
class Conversation {
 public:
  Conversation(Engine& engine, const SocketOptions& options, Request& request, web_detail::SharedObjects shared)
      : engine_(engine),
        options_(options),
        request_(request),
        shared_(shared),
        socket_(Binder<WebSocket>::bind(request)),
        is_acknowledged_(request.state().get<Initialised>() != nullptr) {}

  Task<> talk() {
    socket_.accept();
    if (socket_.protocol() == to_string(SocketProtocol::legacy_ws) && options_.legacy) {
      protocol_ = SocketProtocol::legacy_ws;
    } else if (socket_.protocol() != to_string(SocketProtocol::transport_ws)) {
      end(SocketClose::not_acceptable, "Subprotocol not acceptable: offer graphql-transport-ws");
      co_return;
    }
    if (is_acknowledged_) co_await socket_.send(connection_ack());
    // What still runs when the client has gone, or has been sent away, is cancelled, and may take its time: it may wait
    // for a database that is told, too.
    co_await with_task_group("graphql", 5s, [this](TaskGroup& group) -> Task<> {
      // What has come before an end of ours is no longer carried out behind it: the token has expired meanwhile, or the
      // client has broken the protocol.
      while (auto text = co_await next_text()) {
        if (has_sent_away()) break;
        auto message = read_socket_message(protocol_, *text);
        if (!message) {
          end(SocketClose::bad_message, message.error());
        } else {
          co_await take(*std::move(message), text->size(), group);
        }
      }
      group.cancel();
    });
  }

 private:
  struct Operation {
    Operation(OperationLoad& load, std::size_t bytes) : share(load, bytes) {}
    Event stopped{};
    OperationLoad::Share share;
  };

  void end(SocketClose code, std::string_view reason) const { socket_.close(static_cast<std::uint16_t>(code), reason); }

  // Whether we have ended it, for a reason of this protocol's or of the guard's.
  [[nodiscard]] bool has_sent_away() const {
    const auto closed = socket_.closed();
    return closed && closed->code >= first_of_reasons;
  }

  // Nothing: it has ended.
  Task<std::optional<std::string>> next_text() {
    if (is_acknowledged_) co_return text_of(co_await socket_.receive());
    // One deadline, however often the client says something else.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(init_deadline_ - std::chrono::steady_clock::now());
    auto received = co_await when_any(socket_.receive(), sleep_for(std::max(left, 1ms)));
    if (received.index() == 0) co_return text_of(std::get<0>(std::move(received)));
    end(SocketClose::init_timeout, "Connection initialisation timeout");
    co_return std::nullopt;
  }
  std::optional<std::string> text_of(std::expected<WebSocketMessage, WebSocketClosed> received) const {
    if (!received) return std::nullopt;
    if (received->is_text) return std::move(received->data);
    end(SocketClose::bad_message, "Messages are text");
    return std::nullopt;
  }

  Task<> take(SocketMessage message, std::size_t bytes, TaskGroup& group) {
    switch (message.kind) {
      case SocketMessage::Kind::init:
        // The older protocol knows no such fault, but nobody is told that a token counts which does not.
        if (std::exchange(is_acknowledged_, true) && (!is_legacy() || message.has_token)) {
          end(SocketClose::too_many_inits, "Too many initialisation requests");
        } else {
          co_await socket_.send(connection_ack());
        }
        break;
      case SocketMessage::Kind::ping: co_await socket_.send(pong(message.payload)); break;
      case SocketMessage::Kind::pong:
      case SocketMessage::Kind::nothing: break;
      case SocketMessage::Kind::terminate: end(SocketClose::normal, {}); break;
      case SocketMessage::Kind::complete:
        // Nothing more is sent for it from now on, whatever it still does.
        if (stop(message.id) && is_legacy()) co_await socket_.send(complete(message.id));
        break;
      case SocketMessage::Kind::subscribe: co_await begin(std::move(message), bytes, group); break;
    }
  }

  Task<> begin(SocketMessage message, std::size_t bytes, TaskGroup& group) {
    if (!is_acknowledged_) {
      end(SocketClose::unauthorized, "Unauthorized");
      co_return;
    }
    if (is_legacy()) stop(message.id);  // the new one takes its place
    if (running_.contains(message.id)) {
      end(SocketClose::already_active, "Subscriber for " + shortened(message.id, 60) + " already exists");
      co_return;
    }
    std::size_t running_bytes = 0;
    for (const auto& [id, operation] : running_) running_bytes += operation->share.bytes();
    if (!load_.admits(bytes, running_.size(), running_bytes)) {
      std::vector<ResponseError> errors;
      errors.push_back(
          {.message = "There are " + std::to_string(running_.size()) +
                      " operations on this WebSocket already, and no more beside them as large as this one.",
           .extensions = {{"code", "TOO_MANY_OPERATIONS"}}});
      co_await socket_.send(error(protocol_, message.id, errors));
      co_return;
    }
    // Those that are no longer running for the client, but have not stopped yet.
    co_await load_.room_for(bytes);
    if (has_sent_away()) co_return;
    auto operation = std::make_shared<Operation>(load_, bytes);
    running_.emplace(message.id, operation);
    group.spawn([this, message = std::move(message), operation]() mutable -> Task<> {
      // Copies: they outlive what awaits them.
      static_cast<void>(co_await when_any(execute_one(message, operation), operation->stopped.wait()));
    });
  }

  [[nodiscard]] bool is_legacy() const noexcept { return protocol_ == SocketProtocol::legacy_ws; }

  // Whether it ran.
  bool stop(const std::string& id) {
    auto running = running_.extract(id);
    if (running) running.mapped()->stopped.set();
    return static_cast<bool>(running);
  }

  [[nodiscard]] bool is_running(const std::string& id, const std::shared_ptr<Operation>& operation) const {
    const auto at = running_.find(id);
    return at != running_.end() && at->second == operation;
  }

  // What has not been sent yet, for others come first, or the client does not read.
  class Unsent {
   public:
    Unsent(std::size_t& total, std::size_t bytes) noexcept : total_(total), bytes_(bytes) { total_ += bytes_; }
    ~Unsent() { total_ -= bytes_; }
    Unsent(const Unsent&) = delete;
    Unsent& operator=(const Unsent&) = delete;

   private:
    std::size_t& total_;
    std::size_t bytes_;
  };

  // As a client is told it. Answers that are not read yet may be as large in all as a single one may.
  [[nodiscard]] std::string answer_of(ExecutionResult result) const {
    std::string text = response_text(std::move(result));
    const std::size_t room = engine_.answer_limit_bytes() - std::min(unsent_bytes_, engine_.answer_limit_bytes());
    if (unsent_bytes_ == 0 || text.size() <= room) return text;
    return response_text(
        failure_of(Stage::execution, {.message = "Answers that have not been read yet leave no room for this one.",
                                      .extensions = {{"code", "ANSWER_TOO_LARGE"}}}));
  }

  // To a client who has gone meanwhile nothing is said any more: the operation is cancelled, as one that the client has
  // had enough of. It is no fault of the resolver's that emits, and none that the log need know.
  Task<> say(Operation& operation, std::string text) {
    try {
      const Unsent unsent(unsent_bytes_, text.size());
      co_await socket_.send(std::move(text));
      co_return;
    } catch (const http::WebSocketDisconnect&) {
      operation.stopped.set();
    }
    co_await end_unheard();
  }

  // Of an operation that has been stopped, which has yet to be cancelled: nothing more is done for it. Were it told
  // that it has been heard, one that makes events without ever waiting would go on for ever, and hold up the loop.
  static Task<> end_unheard() {
    const Event never;
    co_await never.wait();
  }

  Task<> execute_one(SocketMessage& message, std::shared_ptr<Operation> operation) {
    const auto ready = engine_.ready(std::move(message.operation), request_);
    OperationFailure failure;  // of which there is none, as long as it has no errors
    if (!ready) {
      failure = ready.error();
    } else {
      const auto deliver = [&](ExecutionResult result) -> Task<> {
        engine_.drop(result.headers, request_);
        if (!is_running(message.id, operation)) co_await end_unheard();
        // Made before it is waited for: what it is made of would live as long.
        std::string text = next(protocol_, message.id, answer_of(std::move(result)));
        co_await say(*operation, std::move(text));
      };
      if (ready->operation->kind == OperationKind::subscription) {
        ExecutionResult end = co_await engine_.subscribe(*ready, request_, shared_, deliver);
        engine_.drop(end.headers, request_);
        failure.errors = std::move(end.errors);
      } else {
        auto result = co_await engine_.execute(*ready, request_, shared_);
        if (result) {
          co_await deliver(*std::move(result));
        } else {
          failure = std::move(result).error();
        }
      }
    }
    // The protocols' errors have no room for what extensions have told: such a failure is a result, as it is over HTTP.
    const bool is_result = !failure.extensions.empty();
    if (is_result && is_running(message.id, operation))
      co_await say(*operation, next(protocol_, message.id, response_text(failure)));
    if (!is_running(message.id, operation)) co_return;
    running_.erase(message.id);
    const bool is_error = !is_result && !failure.errors.empty();
    co_await say(*operation, is_error ? error(protocol_, message.id, failure.errors) : complete(message.id));
  }

  Engine& engine_;
  const SocketOptions& options_;
  Request& request_;
  web_detail::SharedObjects shared_;
  WebSocket socket_;
  SocketProtocol protocol_ = SocketProtocol::transport_ws;
  const std::chrono::steady_clock::time_point init_deadline_ = std::chrono::steady_clock::now() + options_.init_timeout;
  bool is_acknowledged_;
  OperationLoad load_{{.operations = options_.max_operations, .bytes = options_.operations_limit_bytes}};
  std::map<std::string, std::shared_ptr<Operation>> running_;
  std::size_t unsent_bytes_ = 0;
};

}  // namespace

SocketEndpoint::SocketEndpoint(std::shared_ptr<Engine> engine, SocketOptions options)
    : engine_(std::move(engine)), options_(std::move(options)) {}

void SocketEndpoint::describe(RouteInfo& route) const {
  for (const auto& field : engine_->schema().fields) field->describe(route);
  for (const auto& loader : engine_->schema().loaders) loader->describe(route);
}

std::string SocketEndpoint::credentials_in(Request& request, std::string first_message) const {
  request.state().set(Initialised{});
  return to_json_text(json::object{{"access_token", token_in_init(first_message)}});
}

Task<Response> SocketEndpoint::invoke(Request& request, const web_detail::CallOptions& options) const {
  ValidationErrors& errors = request.validation_errors();
  if (!errors.entries.empty()) throw RequestValidationError(std::move(errors));
  Conversation conversation(*engine_, options_, request, options.shared);
  try {
    co_await conversation.talk();
  } catch (const http::WebSocketDisconnect&) {  // while something was sent: it has gone
  }
  co_return Response(101);
}

}  // namespace bailey::graphql
