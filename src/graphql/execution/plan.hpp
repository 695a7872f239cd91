// What is to be done for an operation, worked out once for all of its executions: the fields of each object with what
// all of their nodes select (CollectFields, section 6.3.2), by the types that there can be. It looks into the document
// and the schema, which outlive it, and never changes.
#pragma once

#include <bailey/graphql/detail/plan.hpp>
#include <graphql/document.hpp>
#include <graphql/execution/compiled_schema.hpp>

#include <algorithm>
#include <atomic>
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

// How long the responses have been lately, so that the next one is given its memory at once. Any thread.
class ExpectedLength {
 public:
  ExpectedLength() = default;
  ExpectedLength(ExpectedLength&& other) noexcept : length_(other.get()) {}
  ExpectedLength& operator=(ExpectedLength&& other) noexcept {
    length_.store(other.get(), std::memory_order_relaxed);
    return *this;
  }

  [[nodiscard]] std::size_t get() const noexcept { return length_.load(std::memory_order_relaxed); }
  // A longer one counts at once, and is forgotten by and by.
  void note(std::size_t length) const noexcept {
    const std::size_t before = get();
    length_.store(std::clamp(length, before - before / 8, most), std::memory_order_relaxed);
  }

 private:
  static constexpr std::size_t most = std::size_t{1} << 20;

  mutable std::atomic<std::size_t> length_ = 0;
};

struct Plan {
  std::deque<detail::ObjectPlan> objects{};
  const detail::ObjectPlan* root = nullptr;
  std::uint32_t argument_places = 0;
  ExpectedLength length{};
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
