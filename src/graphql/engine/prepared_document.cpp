#include <graphql/engine/prepared_document.hpp>

#include <graphql/coercion.hpp>

namespace bailey::graphql {
namespace {

// About.
std::size_t bytes_of(const Plan& plan) {
  std::size_t size = sizeof(Plan) + plan.needs.capacity() * sizeof(std::size_t);
  for (const detail::ObjectPlan& object : plan.objects) {
    size +=
        sizeof(detail::ObjectPlan) + (object.fields.capacity() - object.fields.size()) * sizeof(detail::PlannedField);
    for (const detail::PlannedField& field : object.fields) {
      size += sizeof(detail::PlannedField) + field.text.capacity() + field.nodes.capacity() * sizeof(const Field*) +
              field.selection.choices.capacity() * sizeof(detail::SelectionPlan::Choice);
    }
  }
  return size;
}

}  // namespace

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
  const std::size_t bytes = bytes_of(*plan);
  const std::lock_guard lock(mutex_);
  if (plans_.size() < max_kept && plan_bytes_ + bytes <= max_kept_bytes) {
    plans_.push_back({.operation = &operation, .mask = mask, .plan = plan});
    plan_bytes_ += bytes;
  }
  return plan;
}

}  // namespace bailey::graphql
