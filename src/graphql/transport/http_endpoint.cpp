#include <graphql/transport/http_endpoint.hpp>

#include <bailey/web/error.hpp>
#include <graphql/execution/field_error.hpp>
#include <graphql/schema_printer.hpp>
#include <graphql/transport/event_answer.hpp>
#include <graphql/transport/multipart_request.hpp>

#include <exception>
#include <utility>

namespace bailey::graphql {
namespace {

Response response_of(int status, MediaType type, std::string body) {
  Response response = Response::empty(status);
  if (type == MediaType::graphql_response) {
    response.content_type(to_string(type));
  } else {  // what is no stream of events is JSON to those who ask for one, too
    response.content_type("application/json");
  }
  response.body = std::move(body);
  return response;
}

bool suspends(const ReadyOperation& ready) noexcept { return ready.plan->root->suspends; }

bool is_subscription(const std::expected<ReadyOperation, OperationFailure>& prepared) noexcept {
  return prepared && prepared->operation->kind == OperationKind::subscription;
}

// Of an operation that was not executed, for those before it in its batch have left no room for its answer.
OperationFailure batch_too_large() {
  return failure_of(
      Stage::execution,
      {.message = "The answer of the batch is larger than this API allows: this operation was not executed.",
       .extensions = {{"code", "ANSWER_TOO_LARGE"}}});
}

// The responses of a batch, or the only one. All that a batch answers is one answer, as large as one may be.
class Answers {
 public:
  Answers(bool is_batch, std::size_t limit_bytes) : is_batch_(is_batch), limit_bytes_(limit_bytes) {}
  void add(std::string text) {
    if (!is_batch_) {
      text_ = std::move(text);
      return;
    }
    text_.push_back(text_.empty() ? '[' : ',');
    text_.append(text);
  }
  void add(ExecutionResult result) {
    add_headers(result.headers);
    // The first that does not fit behind others is the last that is begun: nobody would hear what the next ones do.
    is_full_ |= result.is_too_large && !text_.empty();
    add(response_text(std::move(result)));
  }
  [[nodiscard]] bool is_full() const noexcept { return is_full_ || text_.size() >= limit_bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] Response take(int status, MediaType type) {
    if (is_batch_) text_.push_back(']');
    Response response = type == MediaType::events ? event_answer(text_) : response_of(status, type, std::move(text_));
    headers_.for_each([&](std::string_view name, std::string_view value) { response.headers.add(name, value); });
    return response;
  }

 private:
  void add_headers(const http::Headers& headers) {
    headers.for_each([this](std::string_view name, std::string_view value) { headers_.add(name, value); });
  }

  bool is_batch_;
  std::size_t limit_bytes_;
  bool is_full_ = false;
  http::Headers headers_;
  std::string text_;
};

}  // namespace

HttpEndpoint::HttpEndpoint(std::shared_ptr<Engine> engine, MountOptions options)
    : engine_(std::move(engine)),
      options_(std::move(options)),
      schema_text_(std::make_shared<const std::string>(print_schema(engine_->schema().types))) {}

void HttpEndpoint::describe(RouteInfo& route) const {
  for (const auto& field : engine_->schema().fields) field->describe(route);
  for (const auto& loader : engine_->schema().loaders) loader->describe(route);
  route.responses.push_back({.status = 200});
  route.graphql_schema = schema_text_;
}

std::span<const web_detail::Need> HttpEndpoint::needs() const noexcept { return engine_->schema().needs; }

bool HttpEndpoint::may_last() const noexcept {
  return engine_->schema().types.root(OperationKind::subscription) != nullptr;
}

Response HttpEndpoint::refuse(const HttpRefusal& refusal, MediaType type) const {
  OperationFailure failure;
  failure.errors.push_back({.message = refusal.message, .extensions = {{"code", "BAD_REQUEST"}}});
  Response response = response_of(status_of(refusal, options_.profile), type, response_text(failure));
  if (!refusal.allow.empty()) response.headers.add("Allow", refusal.allow);
  return response;
}

bool HttpEndpoint::brings_files(const Request& request) const {
  const auto type = request.header("Content-Type");
  return options_.uploads && request.method() == http::Method::post && type && is_multipart(*type);
}

std::expected<HttpOperations, HttpRefusal> HttpEndpoint::read(Request& request) const {
  if (!brings_files(request)) {
    return read_http({.method = request.method_text(),
                      .content_type = request.header("Content-Type"),
                      .query = request.query(),
                      .body = request.body()},
                     options_);
  }
  auto multipart = read_multipart(*request.form());
  if (!multipart) return std::unexpected(HttpRefusal{.message = std::move(multipart).error()});
  request.state().set(std::move(multipart->files));
  return read_operations(std::move(multipart->operations), options_);
}

std::variant<Response, HttpEndpoint::Exchange> HttpEndpoint::begin(Request& request) const {
  const auto type = choose_media_type(request.header("Accept"));
  if (!type) {
    return refuse(
        {.status = 406, .message = "A GraphQL response is application/graphql-response+json or application/json."},
        MediaType::json);
  }
  auto read = this->read(request);
  if (!read) return refuse(read.error(), *type);
  const UploadScope uploads(request.state().get<RequestFiles>());
  if (read->is_batch && *type == MediaType::events)
    return refuse({.message = "A batch is not answered as events: send its operations one by one."}, *type);
  Exchange exchange{.type = *type, .is_batch = read->is_batch};
  exchange.operations.reserve(read->operations.size());
  const bool may_mutate = request.method() == http::Method::post;
  for (OperationRequest& operation : read->operations) {
    Prepared prepared = engine_->ready(std::move(operation), request);
    const auto kind = prepared ? prepared->operation->kind : OperationKind::query;
    const bool is_streamed = kind == OperationKind::subscription && *type == MediaType::events;
    const bool is_refused = kind != OperationKind::query && !may_mutate && !is_streamed;
    const bool is_misplaced = kind == OperationKind::subscription && !is_streamed;
    if (is_refused) {
      return refuse({.status = 405, .message = "Only queries are asked by GET: send it by POST.", .allow = "POST"},
                    *type);
    }
    if (is_misplaced) {
      OperationFailure failure{.stage = Stage::operation_choice};
      failure.errors.push_back({.message = "A subscription is answered as text/event-stream, or over a WebSocket.",
                                .extensions = {{"code", "BAD_REQUEST"}}});
      prepared = std::unexpected(std::move(failure));
    }
    if (prepared) {
      exchange.needs.insert(exchange.needs.end(), prepared->plan->needs.begin(), prepared->plan->needs.end());
      exchange.suspends |= suspends(*prepared);
    }
    exchange.operations.push_back(std::move(prepared));
  }
  return exchange;
}

int HttpEndpoint::status_of_result(const ExecutionResult& result, MediaType type) const noexcept {
  if (result.data.empty()) return status_of(Stage::validation, type, options_.profile);  // an extension refused it
  return status_of_executed(!result.errors.empty(), type, options_.profile);
}

Response HttpEndpoint::answer_now(Request& request, const web_detail::CallOptions& options, Exchange exchange) const {
  Answers answers(exchange.is_batch, engine_->answer_limit_bytes());
  int status = 200;
  for (Prepared& prepared : exchange.operations) {
    if (!prepared) {
      status = status_of(prepared.error().stage, exchange.type, options_.profile);
      answers.add(response_text(prepared.error()));
      continue;
    }
    if (answers.is_full()) {
      answers.add(response_text(batch_too_large()));
      continue;
    }
    ExecutionResult result = engine_->execute_now(*prepared, request, options.shared, answers.size());
    status = status_of_result(result, exchange.type);
    answers.add(std::move(result));
  }
  return answers.take(exchange.is_batch ? 200 : status, exchange.type);
}

Task<Response> HttpEndpoint::answer_later(Request& request, const web_detail::CallOptions& options,
                                          Exchange exchange) const {
  if (options.chosen->are_shared(exchange.needs)) co_return co_await execute_all(request, options, exchange);
  std::optional<Response> response;
  try {
    co_await options.chosen->run(request, exchange.needs,
                                 [&]() -> Task<> { response = co_await execute_all(request, options, exchange); });
  } catch (...) {
    if (exchange.type != MediaType::events) throw;
    // Its client reads events alone.
    response =
        event_answer(response_text(failure_of(Stage::execution, error_of_answer(std::current_exception(), request))));
  }
  co_return *std::move(response);
}

Task<Response> HttpEndpoint::execute_all(Request& request, const web_detail::CallOptions& options,
                                         const Exchange& exchange) const {
  Answers answers(exchange.is_batch, engine_->answer_limit_bytes());
  int status = 200;
  for (const Prepared& prepared : exchange.operations) {
    if (!prepared) {
      status = status_of(prepared.error().stage, exchange.type, options_.profile);
      answers.add(response_text(prepared.error()));
      continue;
    }
    if (answers.is_full()) {
      answers.add(response_text(batch_too_large()));
      continue;
    }
    auto result = co_await engine_->execute(*prepared, request, options.shared, answers.size());
    if (result) {
      status = status_of_result(*result, exchange.type);
      answers.add(*std::move(result));
    } else {
      status = status_of(result.error().stage, exchange.type, options_.profile);
      answers.add(response_text(result.error()));
    }
  }
  co_return answers.take(exchange.is_batch ? 200 : status, exchange.type);
}

http::Answer HttpEndpoint::call(Request& request, const web_detail::CallOptions& options,
                                web_detail::Outlet outlet) const {
  const bool is_post = request.method() == http::Method::post;
  if (is_post && (brings_files(request) || !request.take_body_now(options.body_limit_bytes)))
    return deliver(request, options, outlet, std::nullopt);
  auto begun = begin(request);
  if (auto* const response = std::get_if<Response>(&begun)) return std::move(*response);
  auto& exchange = std::get<Exchange>(begun);
  if (is_subscription(exchange.operations.front()))
    return event_stream(engine_, *std::move(exchange.operations.front()), request, options);
  if (exchange.suspends || !options.chosen->are_shared(exchange.needs))
    return deliver(request, options, outlet, std::move(exchange));
  return answer_now(request, options, std::move(exchange));
}

Task<Response> HttpEndpoint::invoke(Request& request, const web_detail::CallOptions& options) const {
  if (brings_files(request)) {
    if (!has_preflight_header([&](std::string_view name) { return request.header(name).has_value(); })) {
      co_return refuse({.status = 403,
                        .message = "A request with files has a header GraphQL-Require-Preflight, so that no page of a "
                                   "stranger's can have sent it."},
                       MediaType::json);
    }
    co_await request.read_form(*options.spool, options.form_limits);
  } else if (request.method() == http::Method::post && !request.take_body_now(options.body_limit_bytes)) {
    co_await request.read_body(options.body_limit_bytes);
  }
  auto begun = begin(request);
  if (auto* const response = std::get_if<Response>(&begun)) co_return std::move(*response);
  auto& exchange = std::get<Exchange>(begun);
  if (is_subscription(exchange.operations.front()))
    co_return event_stream(engine_, *std::move(exchange.operations.front()), request, options);
  co_return co_await answer_later(request, options, std::move(exchange));
}

Task<Response> HttpEndpoint::deliver(Request& request, const web_detail::CallOptions& options,
                                     web_detail::Outlet outlet, std::optional<Exchange> exchange) const {
  std::exception_ptr failure;
  try {
    Response response =
        exchange ? co_await answer_later(request, options, std::move(*exchange)) : co_await invoke(request, options);
    co_return outlet.succeed(request, std::move(response));
  } catch (...) {
    failure = std::current_exception();
  }
  co_return outlet.fail(request, failure);
}

}  // namespace bailey::graphql
