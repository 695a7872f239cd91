#include <graphql/engine/prepared_document.hpp>

#include <graphql/coercion.hpp>

namespace bailey::graphql {

PreparedDocument::PreparedDocument(std::shared_ptr<const CompiledSchema> schema,
                                   std::unique_ptr<const Document> document)
    : schema_(std::move(schema)), document_(std::move(document)) {
  for (const Definition& definition : document_->definitions())
    if (definition.operation != nullptr) {
      operations_.push_back(
          {.definition = definition.operation, .conditions = condition_variables(*document_, *definition.operation)});
    }
}

std::shared_ptr<const Plan> PreparedDocument::plan(const PreparedOperation& operation, std::uint64_t mask) const {
  {
    const std::lock_guard lock(mutex_);
    for (const Kept& kept : plans_)
      if (kept.operation == &operation && kept.mask == mask) return kept.plan;
  }
  const Conditions conditions{.variables = operation.conditions, .mask = mask};
  auto made = make_plan(*schema_, *document_, *operation.definition, conditions);
  if (!made) return nullptr;
  auto plan = std::make_shared<const Plan>(*std::move(made));
  const std::lock_guard lock(mutex_);
  if (plans_.size() < max_kept) plans_.push_back({.operation = &operation, .mask = mask, .plan = plan});
  return plan;
}

}  // namespace bailey::graphql
