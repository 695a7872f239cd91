#include <graphql/engine/engine.hpp>

#include <graphql/coercion.hpp>
#include <graphql/engine/document_walk.hpp>
#include <graphql/execution/field_error.hpp>
#include <graphql/inspect.hpp>
#include <graphql/shortened.hpp>

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <span>

namespace bailey::graphql {
namespace {

ResponseError error_with(std::string message, std::string_view code, std::vector<Location> locations = {}) {
  return {.message = std::move(message), .locations = std::move(locations), .extensions = {{"code", code}}};
}

std::unexpected<OperationFailure> failed(Stage stage, ResponseError error) {
  return std::unexpected(failure_of(stage, std::move(error)));
}

std::expected<const PreparedOperation*, OperationFailure> choose(const PreparedDocument& document,
                                                                 std::string_view name) {
  constexpr std::string_view code = "OPERATION_RESOLUTION_FAILURE";
  if (name.empty()) {
    if (document.operations().size() == 1) return &document.operations().front();
    return failed(Stage::operation_choice,
                  error_with("Must provide operation name if query contains multiple operations.", code));
  }
  for (const PreparedOperation& operation : document.operations())
    if (operation.definition->name.text == name) return &operation;
  return failed(Stage::operation_choice, error_with("Unknown operation named \"" + shortened(name) + "\".", code));
}

std::string hash_of(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hash;
  for (const unsigned char byte : digest) {
    hash.push_back(digits[byte >> 4U]);
    hash.push_back(digits[byte & 15U]);
  }
  return hash;
}

void write_errors(const std::vector<ResponseError>& errors, std::string& out) {
  out.append("\"errors\":");
  char before = '[';
  for (const ResponseError& error : errors) {
    out.push_back(before);
    write_error(error, out);
    before = ',';
  }
  out.push_back(']');
}

void write_extensions(const json::object& extensions, std::string& out) {
  if (extensions.empty()) return;
  if (out.size() > 1) out.push_back(',');
  out.append("\"extensions\":");
  append_json(out, extensions);
}

}  // namespace

OperationFailure failure_of(Stage stage, ResponseError error) {
  OperationFailure failure{.stage = stage};
  failure.errors.push_back(std::move(error));
  return failure;
}

Engine::Engine(std::shared_ptr<const CompiledSchema> schema, const OperationOptions& options,
               PersistedOptions persisted)
    : schema_(std::move(schema)),
      has_introspection_(options.introspection),
      deadline_(options.deadline),
      answer_limit_bytes_(options.answer_limit_bytes == 0 ? std::numeric_limits<std::size_t>::max()
                                                          : options.answer_limit_bytes),
      cache_({.documents = options.cached_documents}),
      persisted_(std::move(persisted)) {
  parse_limits_.max_tokens = options.max_tokens;
  validation_.suggestions = options.suggestions;
  validation_.bounds.max_depth = options.max_depth;
  validation_.bounds.max_aliases = options.max_aliases;
  validation_.bounds.max_root_fields = options.max_root_fields;
  validation_.bounds.max_cost = options.max_cost;
  validation_.bounds.assumed_list_size = options.assumed_list_size;
  prepare_trusted();
}

void Engine::prepare_trusted() {
  std::string problems;
  for (const auto& [id, text] : persisted_.trusted) {
    const auto prepared = prepare(text, nullptr);
    if (prepared) {
      trusted_.emplace(id, *prepared);
      trusted_by_text_.emplace((**prepared).document().text(), *prepared);
    } else {
      problems.append("\n  ").append(shortened(id, 80)).append(": ").append(prepared.error().errors.front().message);
    }
  }
  if (!problems.empty()) throw Error("invalid_setting", "Trusted documents that the schema cannot execute:" + problems);
  if (persisted_.only_trusted && trusted_.empty())
    throw Error("invalid_setting",
                "Only trusted documents are executed, and there are none: PersistedOptions::trusted");
}

std::shared_ptr<const PreparedDocument> Engine::known(const OperationRequest& asked) {
  if (asked.document_id.empty()) return nullptr;
  if (const auto trusted = trusted_.find(asked.document_id); trusted != trusted_.end()) return trusted->second;
  const bool may_be_kept = persisted_.automatic && !persisted_.only_trusted && asked.is_hash && asked.query.empty();
  return may_be_kept ? cache_.find_named(asked.document_id) : nullptr;
}

Engine::DocumentOrFailure Engine::document(const OperationRequest& asked, const Watched* watched) {
  if (auto known = this->known(asked)) return known;
  if (persisted_.only_trusted) {
    // One that is sent whole may be one of them.
    const auto same = trusted_by_text_.find(asked.query);
    if (same != trusted_by_text_.end()) return same->second;
    return failed(Stage::lookup,
                  error_with("The document is none of those that are executed here.", "PERSISTED_QUERY_NOT_IN_LIST"));
  }
  if (asked.document_id.empty()) return document(asked.query, watched);
  return named_document(asked, watched);
}

Engine::DocumentOrFailure Engine::named_document(const OperationRequest& asked, const Watched* watched) {
  if (!asked.is_hash) {
    if (!asked.query.empty()) return document(asked.query, watched);
    return failed(Stage::lookup, error_with("There is no document of this documentId.", "PERSISTED_QUERY_NOT_FOUND"));
  }
  // The messages are those that Apollo's clients know.
  if (!persisted_.automatic) {
    if (!asked.query.empty()) return document(asked.query, watched);
    return failed(Stage::lookup, error_with("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED"));
  }
  if (asked.query.empty())
    return failed(Stage::lookup, error_with("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"));
  if (hash_of(asked.query) != asked.document_id) {
    return failed(Stage::lookup, error_with("provided sha does not match query", "PERSISTED_QUERY_HASH_MISMATCH"));
  }
  auto found = document(asked.query, watched);
  if (found) cache_.name(asked.query, asked.document_id);
  return found;
}

Engine::DocumentOrFailure Engine::document(std::string_view text, const Watched* watched) {
  if (auto kept = cache_.find(text)) return kept;
  auto prepared = prepare(text, watched);
  if (prepared) cache_.keep(*prepared);
  return prepared;
}

Engine::DocumentOrFailure Engine::prepare(std::string_view text, const Watched* watched) const {
  // In a phase that extensions may refuse.
  const auto in_phase = [watched]<class F>(Phase phase,
                                           F step) -> std::expected<std::invoke_result_t<F&>, ResponseError> {
    if (watched == nullptr) return step();
    if (auto refused = watched->extensions.begin(phase, watched->view)) return std::unexpected(*std::move(refused));
    auto result = step();
    watched->extensions.end(phase, watched->view);
    return result;
  };
  auto parsing = in_phase(Phase::parsing, [&] { return parse(std::string(text), parse_limits_); });
  if (!parsing) return failed(Stage::parsing, std::move(parsing).error());
  auto& parsed = *parsing;
  if (!parsed) {
    return failed(Stage::parsing,
                  error_with(parsed.error().message, "GRAPHQL_PARSE_FAILED", {parsed.error().location}));
  }
  auto validation = in_phase(Phase::validation, [&] { return validate(schema_->types, **parsed, validation_); });
  if (!validation) return failed(Stage::validation, std::move(validation).error());
  std::vector<ValidationError>& errors = *validation;
  if (!errors.empty()) {
    OperationFailure failure{.stage = Stage::validation};
    for (ValidationError& error : errors)
      failure.errors.push_back(
          error_with(std::move(error.message), "GRAPHQL_VALIDATION_FAILED", std::move(error.locations)));
    return std::unexpected(std::move(failure));
  }
  if (const auto asked = has_introspection_ ? std::nullopt : introspection_in(**parsed)) {
    return failed(Stage::validation,
                  error_with("GraphQL introspection is switched off here: the query contained __schema or __type.",
                             "GRAPHQL_VALIDATION_FAILED", {(**parsed).location(*asked)}));
  }
  return std::make_shared<const PreparedDocument>(schema_, *std::move(parsed));
}

std::expected<ReadyOperation, OperationFailure> Engine::ready(OperationRequest asked, const Request& request) {
  if (schema_->extensions.empty()) {
    auto found = document(asked, nullptr);
    if (!found) return std::unexpected(std::move(found).error());
    return ready(*std::move(found), asked.operation_name, std::move(asked.variables));
  }
  std::unique_ptr<OpenOperation> open;
  try {
    auto document = known(asked);
    open = std::make_unique<OpenOperation>(schema_->extensions, request, std::move(asked), std::move(document));
  } catch (...) {
    return failed(Stage::validation, error_of(std::current_exception(), request));
  }
  std::expected<ReadyOperation, OperationFailure> made = std::unexpected(OperationFailure());
  if (auto refused = open->begin()) {
    made = failed(Stage::validation, *std::move(refused));
  } else {
    const Watched watched{.extensions = open->extensions(), .view = open->view()};
    auto found = document(open->asked(), &watched);
    if (found) {
      made = ready(*std::move(found), open->asked().operation_name, open->asked().variables);
    } else {
      made = std::unexpected(std::move(found).error());
    }
  }
  if (made) {
    open->found(made->document, made->operation->name.text);
    made->open = std::move(open);
  } else {
    open->end();
    made.error().extensions = open->extensions().told();
  }
  return made;
}

std::expected<ReadyOperation, OperationFailure> Engine::ready(std::string_view text, std::string_view operation_name,
                                                              json::object variables) {
  auto found = document(text, nullptr);
  if (!found) return std::unexpected(std::move(found).error());
  return ready(*std::move(found), operation_name, std::move(variables));
}

std::expected<ReadyOperation, OperationFailure> Engine::ready(std::shared_ptr<const PreparedDocument> document,
                                                              std::string_view operation_name, json::object variables) {
  ReadyOperation ready{.document = std::move(document), .given_variables = std::move(variables)};
  const auto operation = choose(*ready.document, operation_name);
  if (!operation) return std::unexpected(operation.error());
  ready.operation = (*operation)->definition;

  auto coerced = coerce_variables(schema_->types, ready.document->document(), *ready.operation, ready.given_variables,
                                  50, validation_.suggestions ? Suggestions::on : Suggestions::off);
  if (!coerced) {
    return std::unexpected(OperationFailure{.stage = Stage::variables, .errors = std::move(coerced).error()});
  }
  ready.variables = *std::move(coerced);
  if (validation_.bounds.max_cost > 0) {
    const auto number = [&](std::string_view variable) -> std::optional<double> {
      const json::value* const value = ready.variables.find(variable);
      if (value == nullptr || !value->is_number()) return std::nullopt;
      return value->to_number<double>();
    };
    const double cost = operation_cost(schema_->types, ready.document->document(), *ready.operation, number,
                                       validation_.bounds.assumed_list_size);
    if (cost > validation_.bounds.max_cost) {
      return failed(Stage::variables, error_with("The operation costs more than this API allows.", "COST_TOO_HIGH"));
    }
  }

  const auto mask = condition_mask(ready.document->document(), (*operation)->conditions, ready.variables);
  if (!mask) return failed(Stage::variables, mask.error());
  const std::size_t bytes = ready.document->size_in_memory();
  ready.plan = ready.document->plan(**operation, *mask);
  if (ready.document->size_in_memory() > bytes) cache_.weigh(*ready.document);
  if (ready.plan == nullptr) {
    return failed(Stage::validation, error_with("The operation is too complex to be executed.", "TOO_COMPLEX"));
  }
  return ready;
}

ExecutionInput Engine::input(const ReadyOperation& ready, Request& request, web_detail::SharedObjects shared,
                             std::size_t taken_bytes) const {
  return {.schema = *schema_,
          .document = ready.document->document(),
          .operation = *ready.operation,
          .plan = *ready.plan,
          .variables = ready.variables,
          .given_variables = ready.given_variables,
          .request = request,
          .shared = shared,
          .extensions = ready.open ? &ready.open->extensions() : nullptr,
          .answer_limit_bytes = answer_limit_bytes_ - std::min(taken_bytes, answer_limit_bytes_)};
}

namespace {

// However its execution ends, the operation has ended.
class Ending {
 public:
  explicit Ending(const ReadyOperation& ready) noexcept : ready_(ready) {}
  ~Ending() {
    if (ready_.open) ready_.open->end();
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

 private:
  const ReadyOperation& ready_;
};

}  // namespace

ExecutionResult Engine::execute_now(const ReadyOperation& ready, Request& request, web_detail::SharedObjects shared,
                                    std::size_t taken_bytes) const {
  const Ending ending(ready);
  return graphql::execute_now(input(ready, request, shared, taken_bytes));
}

void Engine::drop(const http::Headers& headers, const Request& request) const {
  if (headers.empty() || has_dropped_headers_.exchange(true, std::memory_order_relaxed)) return;
  log::warning(
      "a GraphQL resolver has set a header or a cookie of an answer that has none: a subscription's, or one over a "
      "WebSocket",
      {{"route", request.route()}, {"request_id", request.id()}});
}

Task<ExecutionResult> Engine::subscribe(const ReadyOperation& ready, Request& request, web_detail::SharedObjects shared,
                                        std::move_only_function<Task<>(ExecutionResult)> deliver) const {
  const Ending ending(ready);
  co_return co_await graphql::subscribe(input(ready, request, shared), std::move(deliver));
}

Task<std::expected<ExecutionResult, OperationFailure>> Engine::execute(const ReadyOperation& ready, Request& request,
                                                                       web_detail::SharedObjects shared,
                                                                       std::size_t taken_bytes) const {
  const Ending ending(ready);
  if (deadline_.count() == 0) co_return co_await graphql::execute(input(ready, request, shared, taken_bytes));
  auto first = co_await when_any(graphql::execute(input(ready, request, shared, taken_bytes)), sleep_for(deadline_));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  log::warning("a GraphQL operation was cancelled at its deadline", {{"operation", ready.operation->name.text},
                                                                     {"deadline_ms", deadline_.count()},
                                                                     {"route", request.route()},
                                                                     {"request_id", request.id()}});
  auto failure = failed(Stage::execution, error_with("The operation has taken longer than it may, and was cancelled.",
                                                     "DEADLINE_EXCEEDED"));
  if (ready.open) failure.error().extensions = ready.open->extensions().told();
  co_return failure;
}

std::string response_text(ExecutionResult result) {
  std::string text = std::move(result.data);
  text.insert(0, text.empty() ? "{" : "{\"data\":");
  if (!result.errors.empty()) {
    if (text.size() > 1) text.push_back(',');
    write_errors(result.errors, text);
  }
  write_extensions(result.extensions, text);
  text.push_back('}');
  return text;
}

std::string response_text(const OperationFailure& failure) {
  std::string text = "{";
  write_errors(failure.errors, text);
  write_extensions(failure.extensions, text);
  text.push_back('}');
  return text;
}

}  // namespace bailey::graphql
