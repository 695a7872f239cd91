// What is to be done for an operation, worked out once for all of its executions: the fields of each object with what
// all of their nodes select (CollectFields, section 6.3.2), by the types that there can be. It looks into the document
// and the schema, which outlive it, and never changes.
#pragma once

#include <bailey/graphql/detail/plan.hpp>
#include <graphql/document.hpp>
#include <graphql/execution/compiled_schema.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace bailey::graphql {

// The Boolean variables that @skip and @include ask (condition_variables), with the values for which a plan is made
// (condition_mask).
struct Conditions {
  std::span<const Name> variables{};
  std::uint64_t mask = 0;
};

struct Plan {
  std::deque<detail::ObjectPlan> objects{};
  const detail::ObjectPlan* root = nullptr;
  std::uint32_t argument_places = 0;
  // The dependencies that its fields and their loaders take, by their places among the schema's, in ascending order.
  std::vector<std::size_t> needs{};
};

// Selections looked at for a plan, those of a fragment once for each type of object that it is spread on. A document
// that needs more has none: fragments can be spread so that every combination of types is a selection of its own.
inline constexpr std::size_t max_plan_steps = 500'000;

// Nothing: it would take more than max_plan_steps. The operation is one of the document, which is valid.
[[nodiscard]] std::optional<Plan> make_plan(const CompiledSchema& schema, const Document& document,
                                            const OperationDefinition& operation, const Conditions& conditions);

}  // namespace bailey::graphql
