#include <graphql/execution/execution.hpp>

#include <graphql/execution/field_error.hpp>
#include <graphql/literal_json.hpp>
#include <graphql/transport/multipart_request.hpp>

#include <bailey/graphql/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace bailey::graphql {

namespace detail {
namespace {

// Of the variables' values in all arguments of an operation.
constexpr std::size_t max_argument_bytes = 256UZ * 1024 * 1024;

// What the root's fields are beneath: no place at all.
constexpr Path nowhere{};

ResponseError error_of_size() {
  return {.message = "The answer is larger than this API allows.", .extensions = {{"code", "ANSWER_TOO_LARGE"}}};
}

// About what an error takes in memory; of one that takes more than the bound, more than that.
std::size_t size_in_memory(const ResponseError& error, std::size_t bound) {
  std::size_t size = sizeof(ResponseError) + error.message.size() + error.locations.size() * sizeof(Location);
  for (const PathSegment& segment : error.path) {
    size += sizeof(PathSegment);
    if (const auto* const key = std::get_if<std::string>(&segment)) size += key->size();
  }
  for (const auto& member : error.extensions) {
    if (size > bound) break;
    size += member.key().size() + graphql::size_in_memory(member.value(), bound - size);
  }
  return size;
}

// What `response_text` writes around the data fits without another allocation.
constexpr std::size_t around_data = 16;

}  // namespace

Execution::Execution(const ExecutionInput& input) : input_(input), run_(*this), arguments_(input.plan.argument_places) {
  run_.root_.text.reserve(input.plan.length.get() + around_data);
}

Execution::~Execution() = default;

void Execution::execute_now() {
  if (!run_.write_object(*input_.plan.root, input_.event, nowhere)) make_null(run_.root_);
}

Task<> Execution::execute() {
  join_.emplace(bailey::detail::Join::CancelOthers::on_failure);
  const ObjectPlan& root = *input_.plan.root;
  if (input_.operation.kind != OperationKind::mutation) {
    if (!run_.write_object(root, input_.event, nowhere)) make_null(run_.root_);
    co_await join_->wait();
    co_return;
  }
  for (const PlannedField& field : root.fields) {
    run_.root_.text.append(field.text);
    if (field.code == nullptr) continue;
    // Cancelled when the field before had ended already, and nothing waited for it: no field is begun any more, whose
    // wait would throw at once and leave it running.
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none)
      throw boost::system::system_error(boost::asio::error::operation_aborted);
    join_.emplace(bailey::detail::Join::CancelOthers::on_failure);  // it is awaited once
    const Path path{.up = &nowhere, .key = field.response_key};
    if (!field.code->resolve(run_, nullptr, field, path)) make_null(run_.root_);
    co_await join_->wait();
    if (!run_.has_room()) run_.refuse_size(field, path);
    if (run_.root_.is_null) co_return;
  }
  run_.root_.text.push_back('}');
}

ExecutionResult Execution::take_result() {
  if (!run_.root_.is_null && !run_.has_room()) {  // what was resolved last has made it so
    run_.root_.is_null = true;
    is_too_large_ = true;
    errors_.clear();
    errors_.push_back(error_of_size());
  }
  ExecutionResult result{.errors = std::move(errors_), .headers = std::move(headers_), .is_too_large = is_too_large_};
  if (run_.root_.is_null) {
    result.data = "null";
  } else if (run_.root_.holes.empty()) {
    result.data = std::move(run_.root_.text);
  } else {
    result.data.reserve(input_.plan.length.get() + around_data);
    assemble(run_.root_, result.data);
  }
  input_.plan.length.note(result.data.size());
  return result;
}

EventSink& EventOutlet::sink() const {
  if (sink_ == nullptr) throw Error("misuse", "The subscription of this Emit has ended");
  return *sink_;
}

// Beside what it starts, so that nothing of it is left running when the task that awaits it is cancelled.
Task<> Execution::stream(EventSink& sink) {
  join_.emplace(bailey::detail::Join::CancelOthers::on_failure);
  join_->start(run_stream(sink));
  co_await join_->wait();
}

Task<> Execution::run_stream(EventSink& sink) {
  const PlannedField& field = input_.plan.root->fields.front();
  const Path path{.up = &nowhere, .key = field.response_key};
  try {
    co_await field.code->stream(run_, field, path, sink);
  } catch (...) {
    run_.fail(field, path);
  }
}

void Execution::start(Task<> task) { join_->start(std::move(task)); }

void Execution::add(const PlannedField& field, const Path& path, ResponseError error) {
  std::vector<Offset> offsets;
  offsets.reserve(field.nodes.size());
  for (const Field* node : field.nodes) offsets.push_back(node->at);
  error.locations = input_.document.locations(offsets);
  error.path.clear();
  for (const Path* at = &path; at->up != nullptr; at = at->up) {
    if (at->key.empty()) {
      error.path.emplace_back(at->index);
    } else {
      error.path.emplace_back(std::string(at->key));
    }
  }
  std::ranges::reverse(error.path);
  run_.settled_bytes_ += size_in_memory(error, run_.limit_bytes_);
  errors_.push_back(std::move(error));
}

void Execution::refuse_size(const PlannedField& field, const Path& path) {
  is_too_large_ = true;
  errors_.clear();
  add(field, path, error_of_size());
}

const void* Execution::arguments(const PlannedField& field) {
  BoundArguments& bound = arguments_[field.arguments];
  if (!bound.is_there) {
    bound.is_there = true;
    try {
      const Field& node = *field.nodes.front();
      auto values = coerce_arguments(input_.schema.types, input_.document, field.definition->arguments, node.arguments,
                                     node.at, input_.variables);
      if (!values) throw FieldError(std::move(values).error());
      // What a variable says is copied into each argument that it stands in.
      if (std::ranges::any_of(node.arguments, has_variable, &Argument::value))
        argument_bytes_ += input_.variables.size_in_memory;
      if (argument_bytes_ > max_argument_bytes)
        throw GraphQLError("The variables of the operation stand in too many arguments for their size",
                           {.code = "TOO_COMPLEX"});
      const UploadScope uploads(input_.request.state().get<RequestFiles>());
      bound.values = field.code->bind(*values);
    } catch (...) {
      bound.error = std::current_exception();
    }
  }
  if (bound.error) std::rethrow_exception(bound.error);
  return bound.values.get();
}

}  // namespace detail

OperationView view_of(const ExecutionInput& input) noexcept {
  return {.request = input.request,
          .document = input.document.text(),
          .name = input.operation.name.text,
          .variables = input.given_variables};
}

namespace {

// An execution as the extensions see it.
class ExecutionPhase {
 public:
  explicit ExecutionPhase(const ExecutionInput& input) : input_(input) {
    if (input.extensions != nullptr) error_ = input.extensions->begin(Phase::execution, view_of(input));
    is_open_ = input.extensions != nullptr && !error_;
  }
  ~ExecutionPhase() { end(); }
  ExecutionPhase(const ExecutionPhase&) = delete;
  ExecutionPhase& operator=(const ExecutionPhase&) = delete;

  [[nodiscard]] bool is_refused() const noexcept { return error_.has_value(); }
  [[nodiscard]] ExecutionResult refusal() {
    ExecutionResult result;
    result.errors.push_back(*std::move(error_));
    return finish(std::move(result));
  }
  [[nodiscard]] ExecutionResult finish(ExecutionResult result) {
    end();
    if (input_.extensions != nullptr) result.extensions = input_.extensions->told();
    return result;
  }

 private:
  void end() noexcept {
    if (std::exchange(is_open_, false)) input_.extensions->end(Phase::execution, view_of(input_));
  }

  const ExecutionInput& input_;
  std::optional<ResponseError> error_;
  bool is_open_ = false;
};

class Delivery final : public detail::EventSink {
 public:
  using Deliver = std::move_only_function<Task<>(ExecutionResult)>;
  Delivery(const ExecutionInput& input, Deliver& deliver) : input_(input), deliver_(deliver) {}

  Task<> emit(const void* event) override {
    ExecutionInput input = input_;
    input.event = event;
    if (input.plan.root->suspends) {
      co_await deliver_(co_await execute(input));
    } else {
      co_await deliver_(execute_now(input));
    }
  }

 private:
  const ExecutionInput& input_;
  Deliver& deliver_;
};

}  // namespace

Task<ExecutionResult> subscribe(ExecutionInput input, std::move_only_function<Task<>(ExecutionResult)> deliver) {
  detail::Execution execution(input);
  Delivery delivery(input, deliver);
  co_await execution.stream(delivery);
  ExecutionResult result = execution.take_result();
  result.data.clear();
  co_return result;
}

ExecutionResult execute_now(const ExecutionInput& input) {
  ExecutionPhase phase(input);
  if (phase.is_refused()) return phase.refusal();
  detail::Execution execution(input);
  execution.execute_now();
  return phase.finish(execution.take_result());
}

Task<ExecutionResult> execute(ExecutionInput input) {
  ExecutionPhase phase(input);
  if (phase.is_refused()) co_return phase.refusal();
  detail::Execution execution(input);
  co_await execution.execute();
  co_return phase.finish(execution.take_result());
}

}  // namespace bailey::graphql
