// A document that may be executed: parsed, valid, and with a plan for each of its operations as they are asked for.
// What it costs to make one is paid once for all requests with its text.
#pragma once

#include <graphql/document.hpp>
#include <graphql/execution/compiled_schema.hpp>
#include <graphql/execution/plan.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace bailey::graphql {

struct PreparedOperation {
  const OperationDefinition* definition = nullptr;
  std::vector<Name> conditions{};  // the variables that its @skip and @include ask
};

class PreparedDocument {
 public:
  // The document is valid.
  PreparedDocument(std::shared_ptr<const CompiledSchema> schema, std::unique_ptr<const Document> document);

  [[nodiscard]] const Document& document() const noexcept { return *document_; }
  [[nodiscard]] std::span<const PreparedOperation> operations() const noexcept { return operations_; }
  // About, with the plans that it keeps. Any thread.
  [[nodiscard]] std::size_t size_in_memory() const noexcept {
    return document_->size_in_memory() + plan_bytes_.load(std::memory_order_relaxed);
  }

  // For these values of the operation's conditions (condition_mask). Null: it would be too large. Any thread.
  [[nodiscard]] std::shared_ptr<const Plan> plan(const PreparedOperation& operation, std::uint64_t mask) const;

 private:
  struct Kept {
    const PreparedOperation* operation;
    std::uint64_t mask;
    std::shared_ptr<const Plan> plan;
  };
  // What is beyond these is planned anew each time: a short document can have a plan of many megabytes.
  static constexpr std::size_t max_kept = 16;
  static constexpr std::size_t max_kept_bytes = 4UZ * 1024 * 1024;

  std::shared_ptr<const CompiledSchema> schema_;
  std::unique_ptr<const Document> document_;
  std::vector<PreparedOperation> operations_;
  mutable std::mutex mutex_;
  mutable std::vector<Kept> plans_;
  mutable std::atomic<std::size_t> plan_bytes_ = 0;
};

}  // namespace bailey::graphql
