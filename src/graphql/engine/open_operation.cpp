#include <graphql/engine/open_operation.hpp>

#include <utility>

namespace bailey::graphql {

OpenOperation::OpenOperation(std::span<const MakeExtension> make, const Request& request, OperationRequest asked,
                             std::shared_ptr<const PreparedDocument> document)
    : extensions_(make), request_(request), asked_(std::move(asked)), document_(std::move(document)) {}

OperationView OpenOperation::view() const noexcept {
  return {.request = request_,
          .document = document_ ? std::string_view(document_->document().text()) : std::string_view(asked_.query),
          .name = asked_.operation_name,
          .variables = asked_.variables};
}

std::optional<ResponseError> OpenOperation::begin() {
  auto refused = extensions_.begin(Phase::operation, view());
  is_open_ = !refused;
  return refused;
}

void OpenOperation::found(std::shared_ptr<const PreparedDocument> document, std::string_view name) {
  document_ = std::move(document);
  asked_.operation_name = name;
}

void OpenOperation::end() noexcept {
  if (std::exchange(is_open_, false)) extensions_.end(Phase::operation, view());
}

}  // namespace bailey::graphql
