#include <bailey/graphql/executor.hpp>

#include <bailey/base/error.hpp>

#include <algorithm>
#include <optional>

namespace bailey::graphql {
namespace {

constexpr std::string_view path = "/";

Executed executed_of(std::string_view text) {
  auto parsed = parse_json(text, {.depth = 256});
  if (!parsed) throw parsed.error();
  json::object& answer = parsed->as_object();
  Executed executed;
  if (json::value* const data = answer.if_contains("data"))
    executed.data = std::move(*data);
  else
    executed.was_executed = false;
  if (json::value* const said = answer.if_contains("extensions")) executed.extensions = std::move(said->as_object());
  if (json::value* const errors = answer.if_contains("errors")) executed.errors = std::move(errors->as_array());
  return executed;
}

}  // namespace

std::string Executed::text_at(std::string_view pointer) const {
  boost::system::error_code none;
  const json::value* const found = data.find_pointer(pointer, none);
  if (found == nullptr) {
    throw Error("invalid_value", "There is no " + std::string(pointer) + " in " + to_json_text(data) +
                                     (errors.empty() ? "" : ", with the errors " + to_json_text(errors)));
  }
  return to_json_text(*found);
}

void Executed::fail(std::string_view pointer, const ValidationErrors& errors) {
  throw Error("invalid_value", std::string(pointer) + " is not of that type: " + to_json_text(errors.to_json()));
}

struct Executor::State {
  App app{{.openapi_path = "", .docs_path = ""}};
  std::optional<TestClient> client{};  // from the first operation on
};

Executor::Executor(const Schema& schema, OperationOptions options) : state_(std::make_unique<State>()) {
  state_->app.graphql(path, schema, {.operations = options, .socket = {.is_served = false}});
}
Executor::~Executor() = default;

App& Executor::app() { return state_->app; }

Executor& Executor::use(Guard guard) {
  state_->app.use(std::move(guard));
  return *this;
}

TestReply Executor::ask(std::string_view document, ExecuteOptions options, std::string_view accept) {
  if (!state_->client) state_->client.emplace(state_->app);
  json::object body{{"query", document}, {"variables", std::move(options.variables)}};
  if (!options.operation_name.empty()) body.emplace("operationName", std::move(options.operation_name));
  TestReply reply = state_->client->post(path, body, {{"Accept", std::string(accept)}});
  if (reply.status != 200) {
    throw Error("refused", "The operation was answered " + std::to_string(reply.status) + ": " + reply.body,
                reply.status);
  }
  return reply;
}

Executed Executor::execute(std::string_view document, ExecuteOptions options) {
  return executed_of(ask(document, std::move(options), "application/json").body);
}

std::vector<Executed> Executor::subscribe(std::string_view document, ExecuteOptions options) {
  const TestReply reply = ask(document, std::move(options), "text/event-stream");
  std::vector<Executed> events;
  constexpr std::string_view begin = "event: next\ndata: ";
  for (std::string_view rest = reply.body; !rest.empty();) {
    const std::size_t end = std::min(rest.find("\n\n"), rest.size());
    const std::string_view event = rest.substr(0, end);
    if (event.starts_with(begin)) events.push_back(executed_of(event.substr(begin.size())));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return events;
}

}  // namespace bailey::graphql
