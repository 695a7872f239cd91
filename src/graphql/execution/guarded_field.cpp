#include <graphql/execution/guarded_field.hpp>

#include <bailey/graphql/error.hpp>

#include <algorithm>

namespace bailey::graphql {

using detail::Path;
using detail::PermissionCode;
using detail::PlannedField;
using detail::Run;

namespace {

[[noreturn]] void throw_refusal(const PermissionCode& permission) {
  throw GraphQLError(permission.options().message, {.code = permission.options().code});
}

}  // namespace

GuardedField::GuardedField(std::shared_ptr<const detail::FieldCode> field, std::vector<Check> checks, bool is_nullable)
    : field_(std::move(field)), checks_(std::move(checks)), is_nullable_(is_nullable) {
  const auto add_loaders = [this](std::span<const detail::LoaderNeed> loaders) {
    loaders_.insert(loaders_.end(), loaders.begin(), loaders.end());
  };
  add_loaders(field_->loaders());
  for (const Check& check : checks_) add_loaders(check.permission->loaders());
  suspends_ = std::ranges::any_of(checks_, [](const Check& check) { return check.permission->suspends(); });
}

bool GuardedField::resolve(Run& run, const void* parent, const PlannedField& field, const Path& path) const {
  if (suspends_) {
    const Run::Later later = run.leave_hole(path);
    run.start(resolve_later(run, parent, field, later));
    return true;
  }
  try {
    for (const Check& check : checks_)
      if (!check.permission->check(check.first_need, run, parent, field, path)) throw_refusal(*check.permission);
  } catch (...) {
    return refuse(run, field, path);
  }
  return field_->resolve(run, parent, field, path);
}

void GuardedField::describe(RouteInfo& route) const {
  field_->describe(route);
  for (const Check& check : checks_) check.permission->describe(route);
}

// From inside a catch clause.
bool GuardedField::refuse(Run& run, const PlannedField& field, const Path& path) const {
  run.fail(field, path);
  if (is_nullable_) run.out().append("null");
  return is_nullable_;
}

Task<> GuardedField::require_all(Run& run, const void* parent, const PlannedField& field, const Path& path) const {
  for (const Check& check : checks_) {
    const PermissionCode& permission = *check.permission;
    const bool is_permitted = permission.suspends()
                                  ? co_await permission.check_later(check.first_need, run, parent, field, path)
                                  : permission.check(check.first_need, run, parent, field, path);
    if (!is_permitted) throw_refusal(permission);
  }
}

// Asked before the first event as well as before each.
Task<> GuardedField::stream(Run& run, const PlannedField& field, const Path& path, detail::EventSink& sink) const {
  co_await require_all(run, nullptr, field, path);
  co_await field_->stream(run, field, path, sink);
}

Task<> GuardedField::resolve_later(Run& run, const void* parent, const PlannedField& field, Run::Later later) const {
  try {
    co_await require_all(run, parent, field, later.path);
  } catch (...) {
    run.fill(later.piece, [&] { return refuse(run, field, later.path); });
    co_return;
  }
  if (run.is_wanted(later.piece)) {
    run.fill(later.piece, [&] { return field_->resolve(run, parent, field, later.path); });
  }
}

}  // namespace bailey::graphql
