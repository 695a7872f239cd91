// From a request's text to its response, whatever it came by: find or make the document, choose the operation, coerce
// its variables, execute it.
#pragma once

#include <graphql/engine/document_cache.hpp>
#include <graphql/execution/execution.hpp>
#include <graphql/parser.hpp>
#include <graphql/validation/validate.hpp>

#include <bailey/graphql/operation.hpp>

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {

// How far an operation came. Transports tell it in their own ways.
enum class Stage : std::uint8_t { parsing, validation, operation_choice, variables, execution };

struct OperationFailure {
  Stage stage = Stage::parsing;
  std::vector<ResponseError> errors{};
};

// One operation that can be executed. It owns all that it looks at.
struct ReadyOperation {
  std::shared_ptr<const PreparedDocument> document{};
  const OperationDefinition* operation = nullptr;
  std::shared_ptr<const Plan> plan{};
  Variables variables{};
  json::object given_variables{};
};

class Engine {
 public:
  Engine(std::shared_ptr<const CompiledSchema> schema, const OperationOptions& options);

  [[nodiscard]] const CompiledSchema& schema() const noexcept { return *schema_; }

  // Any thread.
  [[nodiscard]] std::expected<ReadyOperation, OperationFailure> ready(std::string_view text,
                                                                      std::string_view operation_name,
                                                                      json::object variables);

 private:
  [[nodiscard]] std::expected<std::shared_ptr<const PreparedDocument>, OperationFailure> document(
      std::string_view text);

  std::shared_ptr<const CompiledSchema> schema_;
  ParseLimits parse_limits_;
  ValidationOptions validation_;
  bool has_introspection_;
  DocumentCache cache_;
};

// As JSON: {"data":…,"errors":[…]}, or what there is of it.
[[nodiscard]] std::string response_text(ExecutionResult result);
// Without `data`, which only what has begun to be executed has (specification, 7.1).
[[nodiscard]] std::string response_text(const OperationFailure& failure);

}  // namespace bailey::graphql
