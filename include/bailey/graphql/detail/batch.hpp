#pragma once

#include <bailey/graphql/detail/resolver.hpp>
#include <bailey/graphql/loader.hpp>
#include <bailey/web/dependency.hpp>

#include <concepts>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// The batch function of a loader: keys in, values out.
namespace bailey::graphql::detail {

// The value of a key: of a vector's elements, or of what a map has, which may lack it.
template <class R>
struct BatchValue;
template <class X>
struct BatchValue<std::vector<X>> {
  using type = X;
};
template <class X, class E>
struct BatchValue<std::vector<std::expected<X, E>>> {
  using type = X;
};
template <class R>
  requires requires { typename R::mapped_type; }
struct BatchValue<R> {
  using type = std::optional<typename R::mapped_type>;
};

template <class Keys>
struct KeyOf;
template <class K>
struct KeyOf<std::vector<K>> {
  using type = K;
};

template <class Tag, class F, class Parameters = typename Signature<F>::Parameters>
class BoundBatch;

template <class Tag, class F, class Keys, class... P>
class BoundBatch<Tag, F, std::tuple<std::type_identity<Keys>, std::type_identity<P>...>> final
    : public BatchCode<typename KeyOf<std::remove_cvref_t<Keys>>::type,
                       typename BatchValue<typename web_detail::Provided<typename Signature<F>::Result>::type>::type> {
  using K = typename KeyOf<std::remove_cvref_t<Keys>>::type;
  using Result = typename web_detail::Provided<typename Signature<F>::Result>::type;
  using V = typename BatchValue<Result>::type;
  using Holder = InjectedHolder<P...>;
  static constexpr bool is_task = TaskResult<typename Signature<F>::Result>::is_task;
  static_assert(!std::is_lvalue_reference_v<Keys> || std::is_const_v<std::remove_reference_t<Keys>>,
                "a batch function takes its keys by value or by reference to const");
  static_assert(std::is_invocable_v<const F&, Keys, P...>,
                "a batch function is shared by all threads, so it must be callable as const: a lambda without "
                "`mutable`");

 public:
  explicit BoundBatch(F function) : function_(std::move(function)) { Holder::Injection::require(); }

  [[nodiscard]] web_detail::TypeKey key() const noexcept override { return type_key<Loader<K, V, Tag>>; }
  [[nodiscard]] std::string_view type() const noexcept override {
    return web_detail::name_of_type<Loader<K, V, Tag>>();
  }
  [[nodiscard]] std::unique_ptr<LoaderBase> make(Loading& loading) const override {
    return std::make_unique<Loader<K, V, Tag>>(loading, *this);
  }
  [[nodiscard]] std::span<const web_detail::Need> needs() const noexcept override { return Holder::Injection::needs; }
  void describe(RouteInfo& route) const override { Holder::Injection::describe(route); }

  [[nodiscard]] Task<> load(Run& run, std::vector<K> keys,
                            std::span<const std::shared_ptr<LoadedEntry<V>>> entries) const override {
    return load(run, std::move(keys), entries, std::index_sequence_for<P...>{});
  }

 private:
  template <std::size_t... I>
  Task<> load(Run& run, std::vector<K> keys, std::span<const std::shared_ptr<LoadedEntry<V>>> entries,
              std::index_sequence<I...>) const {
    Holder held(this->first_need, run);
    if constexpr (is_task) {
      settle(keys, unwrap(co_await function_(std::vector<K>(keys), held.template pass<I, P>()...)), entries);
    } else {
      settle(keys, unwrap(function_(std::vector<K>(keys), held.template pass<I, P>()...)), entries);
      co_return;
    }
  }

  static void settle(const std::vector<K>& keys, Result values,
                     std::span<const std::shared_ptr<LoadedEntry<V>>> entries) {
    if constexpr (requires { typename Result::mapped_type; }) {
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto at = values.find(keys[i]);
        entries[i]->succeed(at == values.end() ? V() : V(std::move(at->second)));
      }
    } else {
      if (values.size() != keys.size()) refuse_batch(keys.size(), values.size());
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if constexpr (IsExpected<typename Result::value_type>::value) {
          if (values[i]) {
            entries[i]->succeed(*std::move(values[i]));
          } else {
            entries[i]->fail(std::make_exception_ptr(std::move(values[i]).error()));
          }
        } else {
          entries[i]->succeed(std::move(values[i]));
        }
      }
    }
  }

  F function_;
};

}  // namespace bailey::graphql::detail
