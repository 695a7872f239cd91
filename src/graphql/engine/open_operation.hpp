// An operation that extensions go along with, from its beginning to its end.
#pragma once

#include <graphql/engine/extensions.hpp>
#include <graphql/engine/operation_request.hpp>
#include <graphql/engine/prepared_document.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace bailey::graphql {

// Where it is never executed they are told of its end when this goes, which is before its request does.
class OpenOperation {
 public:
  // Throws what making an extension throws. The document is null where it is not known yet.
  OpenOperation(std::span<const MakeExtension> make, const Request& request, OperationRequest asked,
                std::shared_ptr<const PreparedDocument> document);
  ~OpenOperation() { end(); }
  OpenOperation(const OpenOperation&) = delete;
  OpenOperation& operator=(const OpenOperation&) = delete;

  [[nodiscard]] Extensions& extensions() noexcept { return extensions_; }
  [[nodiscard]] const OperationRequest& asked() const noexcept { return asked_; }
  // What it looks at is in this.
  [[nodiscard]] OperationView view() const noexcept;

  [[nodiscard]] std::optional<ResponseError> begin();
  // Which one of a document it has turned out to be.
  void found(std::shared_ptr<const PreparedDocument> document, std::string_view name);
  // Again: nothing.
  void end() noexcept;

 private:
  Extensions extensions_;
  const Request& request_;
  OperationRequest asked_;
  std::shared_ptr<const PreparedDocument> document_;
  bool is_open_ = false;
};

}  // namespace bailey::graphql
