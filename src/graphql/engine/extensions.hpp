// The extensions that go along with one operation.
#pragma once

#include <bailey/graphql/extension.hpp>
#include <graphql/response_error.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace bailey::graphql {

using MakeExtension = std::function<std::unique_ptr<Extension>()>;

class Extensions {
 public:
  Extensions() = default;
  // Throws what making one throws. What is null is none.
  explicit Extensions(std::span<const MakeExtension> make);

  [[nodiscard]] bool empty() const noexcept { return extensions_.empty(); }

  // The error of the first that refuses. Then those before it have been told that the phase has ended.
  [[nodiscard]] std::optional<ResponseError> begin(Phase phase, const OperationView& operation);
  void end(Phase phase, const OperationView& operation) noexcept;
  // Throws what the first throws that refuses. Then those before it have been told that the field has ended.
  void begin_field(const Info& info);
  void end_field(const Info& info) noexcept;
  [[nodiscard]] json::object told() noexcept;

 private:
  std::vector<std::unique_ptr<Extension>> extensions_;
};

}  // namespace bailey::graphql
