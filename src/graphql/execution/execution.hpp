// One operation, executed: section 6 of the specification. What resolvers return at once is written at once; what they
// return later leaves a hole (detail/piece.hpp) that is filled when it is there, all of them beside each other but for
// the fields of a mutation's root.
#pragma once

#include <bailey/graphql/detail/run.hpp>
#include <graphql/coercion.hpp>
#include <graphql/engine/extensions.hpp>
#include <graphql/execution/compiled_schema.hpp>
#include <graphql/execution/plan.hpp>
#include <graphql/response_error.hpp>

#include <bailey/http/headers.hpp>
#include <bailey/runtime/when.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bailey::graphql {

// All that an execution is of. What it refers to outlives it.
struct ExecutionInput {
  const CompiledSchema& schema;
  const Document& document;
  const OperationDefinition& operation;
  const Plan& plan;
  const Variables& variables;
  const json::object& given_variables;
  Request& request;
  web_detail::SharedObjects shared{};
  Extensions* extensions = nullptr;  // null: there are none
  std::size_t answer_limit_bytes = std::numeric_limits<std::size_t>::max();
  const void* event = nullptr;  // of a subscription: what has happened
};

[[nodiscard]] OperationView view_of(const ExecutionInput& input) noexcept;

struct ExecutionResult {
  std::string data{};  // JSON; "null" where an error has left nothing; empty: an extension has refused the execution
  std::vector<ResponseError> errors{};
  http::Headers headers{};  // of the response, that resolvers have asked for
  json::object extensions{};
  bool is_too_large = false;  // so that nothing of it is told but that
};

namespace detail {

class Execution {
 public:
  explicit Execution(const ExecutionInput& input);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Where nothing of the plan can be there later only.
  void execute_now();
  // Throws where the task that awaits it is cancelled.
  Task<> execute();
  [[nodiscard]] ExecutionResult take_result();
  // Of a subscription: runs what makes its events. What that throws is an error of the result.
  Task<> stream(EventSink& sink);

  [[nodiscard]] const ExecutionInput& input() const noexcept { return input_; }
  void start(Task<> task);
  void add(const PlannedField& field, const Path& path, ResponseError error);
  // In place of all errors: that the answer is too large, of the field at which it became so.
  void refuse_size(const PlannedField& field, const Path& path);
  [[nodiscard]] const void* arguments(const PlannedField& field);
  [[nodiscard]] http::Headers& response_headers() noexcept { return headers_; }
  [[nodiscard]] LoaderBase& loader(TypeKey key) { return loading_.loader(key); }

 private:
  struct BoundArguments {
    bool is_there = false;
    std::shared_ptr<const void> values{};
    std::exception_ptr error{};
  };

  Task<> run_stream(EventSink& sink);

  ExecutionInput input_;
  Run run_;
  Loading loading_{run_};
  std::vector<ResponseError> errors_;
  std::vector<BoundArguments> arguments_;
  std::size_t argument_bytes_ = 0;  // about, of variables' values in arguments
  http::Headers headers_;
  bool is_too_large_ = false;
  std::optional<bailey::detail::Join> join_;
};

}  // namespace detail

// Runs a subscription until its resolver ends: `deliver` is awaited with the result of each event, and then the next
// one is asked for. What the resolver throws is the error of what is returned, which has no data, and the headers that
// it has asked for; it throws where the task is cancelled.
[[nodiscard]] Task<ExecutionResult> subscribe(ExecutionInput input,
                                              std::move_only_function<Task<>(ExecutionResult)> deliver);

// The result of an operation whose plan has nothing that suspends, at once.
[[nodiscard]] ExecutionResult execute_now(const ExecutionInput& input);
// That of any.
[[nodiscard]] Task<ExecutionResult> execute(ExecutionInput input);

}  // namespace bailey::graphql
