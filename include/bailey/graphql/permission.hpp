#pragma once

#include <bailey/base/make_shared_as.hpp>
#include <bailey/graphql/detail/parts.hpp>
#include <bailey/graphql/detail/resolver.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace bailey::graphql {

// What a client is told whom a permission refuses: an error of the field.
struct PermissionOptions {
  std::string message = "You are not permitted to see this";
  std::string code = "FORBIDDEN";  // extensions.code
};

namespace detail {

class PermissionCode {
 public:
  explicit PermissionCode(PermissionOptions options) : options_(std::move(options)) {}
  virtual ~PermissionCode() = default;
  PermissionCode(const PermissionCode&) = delete;
  PermissionCode& operator=(const PermissionCode&) = delete;

  // Of one that looks at the object: its type. `first_need` is where the place of its first dependency is.
  [[nodiscard]] virtual TypeKey object() const noexcept = 0;
  [[nodiscard]] virtual bool suspends() const noexcept = 0;
  // Whether it may be; of one that suspends, `check_later`. Both throw what the predicate throws.
  [[nodiscard]] virtual bool check(std::size_t first_need, Run& run, const void* parent, const PlannedField& field,
                                   const Path& path) const = 0;
  [[nodiscard]] virtual Task<bool> check_later(std::size_t first_need, Run& run, const void* parent,
                                               const PlannedField& field, const Path& path) const = 0;
  [[nodiscard]] virtual std::span<const web_detail::Need> needs() const noexcept = 0;
  virtual void describe(RouteInfo& route) const = 0;
  [[nodiscard]] virtual std::span<const LoaderNeed> loaders() const noexcept = 0;

  [[nodiscard]] const PermissionOptions& options() const noexcept { return options_; }

 private:
  PermissionOptions options_;
};

template <class Parent, class F, class Parameters = typename Signature<F>::Parameters>
class Predicate;

template <class Parent, class F, class... P>
class Predicate<Parent, F, std::tuple<std::type_identity<P>...>> final : public PermissionCode {
  using Result = typename Signature<F>::Result;
  static constexpr bool is_task = TaskResult<Result>::is_task;
  using Holder = ParameterHolder<Parent, P...>;
  static_assert(std::same_as<typename Resolved<Result>::type, bool>, "a permission returns a bool, or a Task of one");
  static_assert(std::is_invocable_v<const F&, P...>,
                "a permission is shared by all threads, so it must be callable as const: a lambda without `mutable`");
  static_assert((!is_arg<std::remove_cvref_t<P>> && ...), "a permission takes no arguments of the field");

 public:
  Predicate(F predicate, PermissionOptions options)
      : PermissionCode(std::move(options)), predicate_(std::move(predicate)) {
    Holder::require();
  }
  [[nodiscard]] TypeKey object() const noexcept override {
    if constexpr ((std::same_as<std::remove_cvref_t<P>, Parent> || ...)) {
      return type_key<Parent>;
    } else {
      return nullptr;
    }
  }
  [[nodiscard]] bool suspends() const noexcept override { return is_task; }
  [[nodiscard]] bool check(std::size_t first_need, Run& run, const void* parent, const PlannedField& field,
                           const Path& path) const override {
    if constexpr (is_task) {
      return false;
    } else {
      Holder held(first_need, run, parent, field, path);
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return unwrap(predicate_(held.template pass<I, P>()...));
      }(std::index_sequence_for<P...>{});
    }
  }
  [[nodiscard]] Task<bool> check_later(std::size_t first_need, Run& run, const void* parent, const PlannedField& field,
                                       const Path& path) const override {
    return check_in_turn(first_need, run, parent, field, path, std::index_sequence_for<P...>{});
  }
  [[nodiscard]] std::span<const web_detail::Need> needs() const noexcept override { return Holder::Injection::needs; }
  void describe(RouteInfo& route) const override { Holder::Injection::describe(route); }
  [[nodiscard]] std::span<const LoaderNeed> loaders() const noexcept override { return Holder::loaders; }

 private:
  template <std::size_t... I>
  Task<bool> check_in_turn(std::size_t first_need, Run& run, const void* parent, const PlannedField& field,
                           const Path& path, std::index_sequence<I...>) const {
    if constexpr (is_task) {
      Holder held(first_need, run, parent, field, path);
      co_return unwrap(co_await predicate_(held.template pass<I, P>()...));
    } else {
      co_return check(first_need, run, parent, field, path);
    }
  }

  F predicate_;
};

}  // namespace detail

// Whether a field may be resolved: see allow().
class Permission {
 public:
  explicit Permission(std::shared_ptr<detail::PermissionCode> code) noexcept : code_(std::move(code)) {}
  [[nodiscard]] const std::shared_ptr<detail::PermissionCode>& code() const noexcept { return code_; }

 private:
  std::shared_ptr<detail::PermissionCode> code_;
};

// A function that says whether a field may be resolved for who asks. It takes what a resolver takes but for arguments,
// and returns a bool, or a Task of one. What it throws is the error of the field.
//   {.permissions = {allow([](User user) { return user.role() == "service_role"; })}}
// One that looks at the object whose field it is says of what type that is:
//   allow<Card>([](User user, const Card& card) { return card.owner_id == user.id(); }, {.message = "Not your card"})
template <class Object = void, class F>
[[nodiscard]] Permission allow(F predicate, PermissionOptions options = {}) {
  return Permission(
      make_shared_as<detail::PermissionCode, detail::Predicate<Object, F>>(std::move(predicate), std::move(options)));
}

namespace detail {

[[noreturn]] void refuse_permission_of_another_type();

template <class Parent>
void add_permissions(PermissionList& list, const std::vector<Permission>& permissions) {
  for (const Permission& permission : permissions) {
    const TypeKey object = permission.code()->object();
    if constexpr (std::is_void_v<Parent>) {
      if (object != nullptr) refuse_permission_of_another_type();
    } else {
      if (object != nullptr && object != type_key<Parent>) refuse_permission_of_another_type();
    }
    list.push_back(permission.code());
  }
}

}  // namespace detail
}  // namespace bailey::graphql
