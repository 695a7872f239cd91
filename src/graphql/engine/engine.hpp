// From a request's text to its response, whatever it came by: find or make the document, choose the operation, coerce
// its variables, execute it.
#pragma once

#include <graphql/engine/document_cache.hpp>
#include <graphql/engine/open_operation.hpp>
#include <graphql/engine/operation_request.hpp>
#include <graphql/execution/execution.hpp>
#include <graphql/parser.hpp>
#include <graphql/validation/validate.hpp>

#include <bailey/graphql/operation.hpp>
#include <bailey/graphql/persisted.hpp>

#include <atomic>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bailey::graphql {

// How far an operation came. Transports tell it in their own ways.
enum class Stage : std::uint8_t { lookup, parsing, validation, operation_choice, variables, execution };

struct OperationFailure {
  Stage stage = Stage::parsing;
  std::vector<ResponseError> errors{};
  json::object extensions{};
};
[[nodiscard]] OperationFailure failure_of(Stage stage, ResponseError error);

// One operation that can be executed. It owns all that it looks at, and goes before its request does.
struct ReadyOperation {
  std::shared_ptr<const PreparedDocument> document{};
  const OperationDefinition* operation = nullptr;
  std::shared_ptr<const Plan> plan{};
  Variables variables{};
  json::object given_variables{};
  std::unique_ptr<OpenOperation> open{};  // null: there are no extensions
};

class Engine {
 public:
  // Throws Error "invalid_setting" for trusted documents that cannot be executed.
  Engine(std::shared_ptr<const CompiledSchema> schema, const OperationOptions& options,
         PersistedOptions persisted = {});

  [[nodiscard]] const CompiledSchema& schema() const noexcept { return *schema_; }
  [[nodiscard]] std::size_t answer_limit_bytes() const noexcept { return answer_limit_bytes_; }

  // Any thread. What is ready is executed, or else goes.
  [[nodiscard]] std::expected<ReadyOperation, OperationFailure> ready(OperationRequest asked, const Request& request);
  // The same for a text, whatever is said of trusted ones, and without extensions.
  [[nodiscard]] std::expected<ReadyOperation, OperationFailure> ready(std::string_view text,
                                                                      std::string_view operation_name,
                                                                      json::object variables);

  // Executes what does not suspend. Of the room that an answer may take so many bytes have been taken already.
  [[nodiscard]] ExecutionResult execute_now(const ReadyOperation& ready, Request& request,
                                            web_detail::SharedObjects shared, std::size_t taken_bytes = 0) const;
  // Executes a query or a mutation, or cancels it when it has taken too long.
  [[nodiscard]] Task<std::expected<ExecutionResult, OperationFailure>> execute(const ReadyOperation& ready,
                                                                               Request& request,
                                                                               web_detail::SharedObjects shared,
                                                                               std::size_t taken_bytes = 0) const;
  // Of an answer whose head has gone, or that has none: the log is told, once, that resolvers ask for what nobody sees.
  void drop(const http::Headers& headers, const Request& request) const;
  // Runs a subscription: see graphql::subscribe.
  [[nodiscard]] Task<ExecutionResult> subscribe(const ReadyOperation& ready, Request& request,
                                                web_detail::SharedObjects shared,
                                                std::move_only_function<Task<>(ExecutionResult)> deliver) const;

 private:
  // An operation on its way, as its extensions are told of it; null: there are none.
  struct Watched {
    Extensions& extensions;
    OperationView view;
  };
  using DocumentOrFailure = std::expected<std::shared_ptr<const PreparedDocument>, OperationFailure>;

  // Of its name alone; null where it has none, or there is none.
  [[nodiscard]] std::shared_ptr<const PreparedDocument> known(const OperationRequest& asked);
  [[nodiscard]] DocumentOrFailure document(const OperationRequest& asked, const Watched* watched);
  [[nodiscard]] DocumentOrFailure named_document(const OperationRequest& asked, const Watched* watched);
  [[nodiscard]] DocumentOrFailure document(std::string_view text, const Watched* watched);
  [[nodiscard]] DocumentOrFailure prepare(std::string_view text, const Watched* watched) const;
  [[nodiscard]] ExecutionInput input(const ReadyOperation& ready, Request& request, web_detail::SharedObjects shared,
                                     std::size_t taken_bytes = 0) const;
  [[nodiscard]] std::expected<ReadyOperation, OperationFailure> ready(std::shared_ptr<const PreparedDocument> document,
                                                                      std::string_view operation_name,
                                                                      json::object variables);
  void prepare_trusted();

  std::shared_ptr<const CompiledSchema> schema_;
  ParseLimits parse_limits_;
  ValidationOptions validation_;
  bool has_introspection_;
  std::chrono::milliseconds deadline_;
  mutable std::atomic<bool> has_dropped_headers_ = false;
  std::size_t answer_limit_bytes_;  // the largest there is: none
  DocumentCache cache_;
  PersistedOptions persisted_;
  std::unordered_map<std::string_view, std::shared_ptr<const PreparedDocument>> trusted_;  // by their ids
  std::unordered_map<std::string_view, std::shared_ptr<const PreparedDocument>> trusted_by_text_;
};

// As JSON: {"data":…,"errors":[…]}, or what there is of it.
[[nodiscard]] std::string response_text(ExecutionResult result);
// Without `data`, which only what has begun to be executed has (specification, 7.1).
[[nodiscard]] std::string response_text(const OperationFailure& failure);

}  // namespace bailey::graphql
