// A field that is resolved only where its permissions say so, asked one after another.
#pragma once

#include <bailey/graphql/detail/parts.hpp>
#include <bailey/graphql/permission.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace bailey::graphql {

class GuardedField final : public detail::FieldCode {
 public:
  struct Check {
    std::shared_ptr<const detail::PermissionCode> permission;
    std::size_t first_need = 0;
  };

  GuardedField(std::shared_ptr<const detail::FieldCode> field, std::vector<Check> checks, bool is_nullable);

  bool resolve(detail::Run& run, const void* parent, const detail::PlannedField& field,
               const detail::Path& path) const override;
  [[nodiscard]] Task<> stream(detail::Run& run, const detail::PlannedField& field, const detail::Path& path,
                              detail::EventSink& sink) const override;
  std::shared_ptr<const void> bind(const json::object& arguments) const override { return field_->bind(arguments); }
  [[nodiscard]] bool suspends() const noexcept override { return suspends_ || field_->suspends(); }
  void describe(RouteInfo& route) const override;
  [[nodiscard]] std::span<const detail::LoaderNeed> loaders() const noexcept override { return loaders_; }
  [[nodiscard]] std::string_view member() const noexcept override { return field_->member(); }

 private:
  bool refuse(detail::Run& run, const detail::PlannedField& field, const detail::Path& path) const;
  Task<> resolve_later(detail::Run& run, const void* parent, const detail::PlannedField& field,
                       detail::Run::Later later) const;

  // Throws for one who may not.
  Task<> require_all(detail::Run& run, const void* parent, const detail::PlannedField& field,
                     const detail::Path& path) const;

  std::shared_ptr<const detail::FieldCode> field_;
  std::vector<Check> checks_;
  std::vector<detail::LoaderNeed> loaders_;
  bool is_nullable_;
  bool suspends_ = false;
};

}  // namespace bailey::graphql
