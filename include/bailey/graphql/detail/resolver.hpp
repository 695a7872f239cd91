#pragma once

#include <bailey/graphql/arg.hpp>
#include <bailey/graphql/detail/complete.hpp>
#include <bailey/graphql/emit.hpp>
#include <bailey/graphql/error.hpp>
#include <bailey/graphql/info.hpp>
#include <bailey/graphql/loader.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/web/injection.hpp>
#include <bailey/web/owned.hpp>
#include <bailey/web/results.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

// A resolver's parameters are made as a handler's are, but for four kinds: the object whose field it is, its arguments,
// Info, and loaders.
namespace bailey::graphql::detail {

using web_detail::IsExpected;
using web_detail::Signature;
using web_detail::TaskResult;

template <class T>
inline constexpr bool is_arg = false;
template <ParameterName Name, class T, auto Rules>
inline constexpr bool is_arg<Arg<Name, T, Rules>> = true;

template <class T>
concept IsArgumentGroup = requires(const T& group) { []<class... A>(const ArgumentGroup<A...>&) {}(group); };

// What is made of arguments alone.
template <class T>
inline constexpr bool is_of_arguments = is_arg<T> || IsArgumentGroup<T>;

template <class T>
inline constexpr bool is_loader = false;
template <class K, class V, class Tag>
inline constexpr bool is_loader<Loader<K, V, Tag>> = true;

template <class T>
inline constexpr bool is_loaded = false;
template <class V>
inline constexpr bool is_loaded<Loaded<V>> = true;

// What a resolver's value is, seen through Task, std::expected and Loaded.
template <class R>
struct Resolved {
  using type = std::remove_cvref_t<R>;
};
template <class R>
  requires(TaskResult<R>::is_task && !is_loaded<R>)
struct Resolved<R> : Resolved<typename TaskResult<R>::type> {};
template <class R, class E>
struct Resolved<std::expected<R, E>> : Resolved<R> {};
template <class V>
struct Resolved<Loaded<V>> : Resolved<V> {};

// What it returns may be a part of a parameter of its own.
template <class R>
inline constexpr bool is_reference_result = std::is_reference_v<R>;
template <class R>
  requires TaskResult<R>::is_task
inline constexpr bool is_reference_result<R> = std::is_reference_v<typename TaskResult<R>::type>;
template <class R, class... P>
inline constexpr bool refers_to_what_has_gone = is_reference_result<R> && (!std::is_lvalue_reference_v<P> || ...);

template <class T>
inline constexpr bool is_emit = false;
template <class T>
inline constexpr bool is_emit<Emit<T>> = true;

// Which of a resolver's parameters are made by the app: the others are left out.
template <class Parent, class P>
inline constexpr bool is_injected =
    !is_of_arguments<std::remove_cvref_t<P>> && !std::same_as<std::remove_cvref_t<P>, Info> &&
    !is_loader<std::remove_cvref_t<P>> && !is_emit<std::remove_cvref_t<P>> &&
    !(std::same_as<std::remove_cvref_t<P>, Parent> && !std::is_void_v<Parent>);

template <class Parent, class P>
using InjectedOf = std::conditional_t<is_injected<Parent, P>, std::tuple<std::type_identity<P>>, std::tuple<>>;

template <class Parent, class... P>
struct InjectedParameters {
  using type = decltype(std::tuple_cat(std::declval<InjectedOf<Parent, P>>()...));
};

template <class P>
using ArgumentOf =
    std::conditional_t<is_of_arguments<std::remove_cvref_t<P>>, std::tuple<std::remove_cvref_t<P>>, std::tuple<>>;

// Reads what has been coerced; throws GraphQLError BAD_USER_INPUT.
void read_failed(ValidationErrors& into, ValidationErrors errors);
[[noreturn]] void refuse_arguments(ValidationErrors errors);
[[nodiscard]] bailey::Location argument_location(std::string_view name);

// An argument of its coerced value; null where it has none, which is right only where that may be.
template <class A>
  requires is_arg<A>
[[nodiscard]] std::optional<A> read_argument(const json::object& values, ValidationErrors& errors) {
  using T = typename A::value_type;
  static constexpr Constraints constraints = A::rules.constraints();
  const json::value* value = values.if_contains(A::name);
  if (value == nullptr) {
    if constexpr (web_detail::has_default<A::rules>) {
      return A(T(A::rules.template default_as<typename web_detail::Unwrapped<T>::type>()));
    } else {
      return A(T{});
    }
  }
  auto decoded = decode<T>(*value, argument_location(A::name), constraints);
  if (decoded) return A(std::move(*decoded));
  read_failed(errors, std::move(decoded).error());
  return std::nullopt;
}

template <IsArgumentGroup G>
[[nodiscard]] std::optional<G> read_argument(const json::object& values, ValidationErrors& errors) {
  return [&]<class... A>(std::type_identity<std::tuple<A...>>) -> std::optional<G> {
    std::tuple<std::optional<A>...> read{read_argument<A>(values, errors)...};
    return std::apply(
        [](auto&... argument) -> std::optional<G> {
          if (!(argument && ...)) return std::nullopt;
          return G(std::move(**argument)...);
        },
        read);
  }(std::type_identity<typename G::Arguments>{});
}

template <class Arguments>
struct ArgumentReader;
template <class... A>
struct ArgumentReader<std::tuple<A...>> {
  static std::shared_ptr<const void> read(const json::object& values) {
    if constexpr (sizeof...(A) == 0) {
      return nullptr;
    } else {
      ValidationErrors errors;
      std::tuple<std::optional<A>...> read{read_argument<A>(values, errors)...};
      if (!errors.entries.empty()) refuse_arguments(std::move(errors));
      return std::apply(
          [](auto&... argument) { return std::make_shared<const std::tuple<A...>>(*std::move(argument)...); }, read);
    }
  }
};

// How many of the first `end` parameters are of a kind.
template <class... P, class Is>
consteval std::size_t count_before(std::size_t end, Is is) {
  std::size_t count = 0;
  std::size_t at = 0;
  ((count += at++ < end && is.template operator()<P>() ? std::size_t{1} : std::size_t{0}), ...);
  return count;
}

// Null for an error of the expected's, which is thrown.
template <class R>
auto unwrap(R&& result) {
  if constexpr (IsExpected<std::remove_cvref_t<R>>::value) {
    if (!result) throw std::forward<R>(result).error();
    return *std::forward<R>(result);
  } else {
    return std::remove_cvref_t<R>(std::forward<R>(result));
  }
}

// Makes what the app makes. A dependency that is not there had something wrong with the parameters that it is made of,
// which the request's errors say.
template <class Injection>
void bind_injected(Run& run, std::size_t first_need, std::optional<typename Injection::Bound>& into) {
  ValidationErrors errors;
  into.emplace(Injection::bind(run.request(), run.shared(first_need), errors));
  if (!errors.entries.empty()) throw RequestValidationError(std::move(errors));
  const bool is_complete = std::apply([](const auto&... held) { return (static_cast<bool>(held) && ...); }, *into);
  if (!is_complete) throw RequestValidationError(run.request().validation_errors());
}

// What the parameters are held in until the callable has ended.
template <class Parent, class... P>
struct ParameterHolder {
  using Injection = web_detail::Injection<typename InjectedParameters<Parent, P...>::type>;
  using Arguments = decltype(std::tuple_cat(std::declval<ArgumentOf<P>>()...));
  static_assert(!Injection::reads_body && !Injection::reads_form && !Injection::streams_body &&
                    !Injection::streams_answer,
                "a resolver takes no part of the request's body, which is the operation: take Arg<\"name\", T>");
  static_assert((!(is_of_arguments<std::remove_cvref_t<P>> && std::is_lvalue_reference_v<P> &&
                   !std::is_const_v<std::remove_reference_t<P>>) &&
                 ...),
                "a resolver takes its arguments by value or by reference to const");
  static_assert((!(std::same_as<std::remove_cvref_t<P>, Parent> && std::is_lvalue_reference_v<P> &&
                   !std::is_const_v<std::remove_reference_t<P>>) &&
                 ...),
                "a resolver takes the object whose field it is by value or by reference to const");
  static_assert(((!std::same_as<std::remove_cvref_t<P>, Info> || std::same_as<P, const Info&>) && ...),
                "a resolver takes the operation around it as `const Info&`");
  static_assert(((!is_loader<std::remove_cvref_t<P>> || std::same_as<P, std::remove_cvref_t<P>&>) && ...),
                "a resolver takes a loader as `Loader<K, V>&`");

  // The loaders among them.
  static constexpr std::size_t loader_count = (std::size_t{0} + ... + (is_loader<std::remove_cvref_t<P>> ? 1 : 0));
  static constexpr std::array<LoaderNeed, loader_count> loaders = [] {
    std::array<LoaderNeed, loader_count> list{};
    [[maybe_unused]] std::size_t next = 0;
    (
        [&]<class Q>(std::type_identity<Q>) {
          using T = std::remove_cvref_t<Q>;
          if constexpr (is_loader<T>) list[next++] = {.key = type_key<T>, .type = web_detail::name_of_type<T>()};
        }(std::type_identity<P>{}),
        ...);
    return list;
  }();

  static constexpr void require() { Injection::require(); }

  // Throws GraphQLError, HttpError and RequestValidationError for what cannot be made.
  ParameterHolder(std::size_t first_need, Run& run, const void* object, const PlannedField& field, const Path& path)
      : parent(object), run_of(run), info(run, field, path) {
    if constexpr (std::tuple_size_v<Arguments> > 0) {
      arguments = static_cast<const Arguments*>(run.arguments(field));
    }
    bind_injected<Injection>(run, first_need, injected);
  }

  template <std::size_t I, class Q>
  decltype(auto) pass() {
    using T = std::remove_cvref_t<Q>;
    if constexpr (is_of_arguments<T>) {
      constexpr std::size_t place =
          count_before<P...>(I, []<class O>() { return is_of_arguments<std::remove_cvref_t<O>>; });
      static_assert(std::is_reference_v<Q> || std::is_copy_constructible_v<T>,
                    "an argument that cannot be copied is taken by reference to const: all objects whose field is "
                    "resolved share it");
      return std::get<place>(*arguments);
    } else if constexpr (std::same_as<T, Info>) {
      return static_cast<const Info&>(info);
    } else if constexpr (is_loader<T>) {
      return static_cast<T&>(run_of.loader(type_key<T>));
    } else if constexpr (!is_injected<Parent, Q>) {
      return *static_cast<const Parent*>(parent);
    } else {
      constexpr std::size_t place = count_before<P...>(I, []<class O>() { return is_injected<Parent, O>; });
      return web_detail::pass_parameter<Q>(std::get<place>(*injected));
    }
  }

  const void* parent;
  Run& run_of;
  Info info;
  const Arguments* arguments = nullptr;  // the operation's
  std::optional<typename Injection::Bound> injected;
};

// The same for a callable that takes dependencies alone.
template <class... P>
struct InjectedHolder {
  using Injection = web_detail::Injection<std::tuple<std::type_identity<P>...>>;

  InjectedHolder(std::size_t first_need, Run& run) { bind_injected<Injection>(run, first_need, injected); }
  template <std::size_t I, class Q>
  decltype(auto) pass() {
    return web_detail::pass_parameter<Q>(std::get<I>(*injected));
  }

  std::optional<typename Injection::Bound> injected;
};

template <class Parent, class F, class Parameters = typename Signature<F>::Parameters>
class ResolverField;

template <class Parent, class F, class... P>
class ResolverField<Parent, F, std::tuple<std::type_identity<P>...>> final : public FieldCode {
  using Result = typename Signature<F>::Result;
  using Value = typename Resolved<Result>::type;
  using Holder = ParameterHolder<Parent, P...>;
  static constexpr bool is_task = TaskResult<Result>::is_task && !is_loaded<Result>;
  static constexpr bool has_object = std::is_member_function_pointer_v<F>;
  static_assert(!std::is_void_v<Value>, "a resolver returns its field's value; of one that has none, std::monostate");

 public:
  explicit ResolverField(F function) : function_(std::move(function)) {
    Holder::require();
    web_detail::require_owned<Value>();
    static_assert(!refers_to_what_has_gone<Result, P...>,
                  "A resolver that returns a reference takes its parameters by reference, too: those that it takes by "
                  "value are gone when it has returned. Return the value.");
    if constexpr (has_object) {
      static_assert(std::is_invocable_v<F, const Parent&, P...>, "a member function that resolves a field is const");
    } else {
      static_assert(std::is_invocable_v<const F&, P...>,
                    "a resolver is shared by all threads, so it must be callable as const: a lambda without `mutable`");
    }
  }

  bool resolve(Run& run, const void* parent, const PlannedField& field, const Path& path) const override {
    if constexpr (is_task) {
      const Run::Later later = run.leave_hole(path);
      run.start(resolve_later(run, parent, field, later, std::index_sequence_for<P...>{}));
      return true;
    } else if constexpr (is_loaded<Result>) {
      return resolve_loaded(run, parent, field, path);
    } else {
      std::optional<Value> value;
      std::optional<FieldWatch> watch;
      try {
        watch.emplace(run, field, path);
        Holder held(first_need, run, parent, field, path);
        value.emplace(unwrap(call(held, std::index_sequence_for<P...>{})));
      } catch (...) {
        return fail(run, field, path);
      }
      if (field.suspends_below) return complete(run, run.keep(std::move(*value)), field, path);
      return complete(run, *value, field, path);
    }
  }

  std::shared_ptr<const void> bind(const json::object& arguments) const override {
    return ArgumentReader<typename Holder::Arguments>::read(arguments);
  }
  [[nodiscard]] bool suspends() const noexcept override { return is_task || is_loaded<Result>; }
  [[nodiscard]] std::span<const LoaderNeed> loaders() const noexcept override { return Holder::loaders; }
  [[nodiscard]] std::span<const web_detail::Need> needs() const noexcept override { return Holder::Injection::needs; }
  void describe(RouteInfo& route) const override { Holder::Injection::describe(route); }

 private:
  template <std::size_t... I>
  decltype(auto) call(Holder& held, std::index_sequence<I...>) const {
    if constexpr (has_object) {
      return (static_cast<const Parent*>(held.parent)->*function_)(held.template pass<I, P>()...);
    } else {
      return function_(held.template pass<I, P>()...);
    }
  }

  static bool fail(Run& run, const PlannedField& field, const Path& path) {
    run.fail(field, path);
    if constexpr (can_be_null<Value>) {
      run.out().append("null");
      return true;
    } else {
      return false;
    }
  }

  bool resolve_loaded(Run& run, const void* parent, const PlannedField& field, const Path& path) const
    requires is_loaded<Result>
  {
    std::shared_ptr<LoadedEntry<Value>> entry;
    std::optional<FieldWatch> watch;
    try {
      watch.emplace(run, field, path);
      Holder held(first_need, run, parent, field, path);
      entry = call(held, std::index_sequence_for<P...>{}).entry();
    } catch (...) {
      return fail(run, field, path);
    }
    LoadedEntry<Value>& loaded = *run.keep(std::move(entry));  // for what refers to the value
    if (loaded.is_settled()) return complete_loaded(run, loaded, field, path);
    const Run::Later later = run.leave_hole(path);
    if (watch) watch->end();  // what the loader does then is no call
    loaded.then(run.keep(WaitingField{{.go_on = &go_on}, {run, loaded, field, later}}));
    return true;
  }
  struct WaitingField : EntryBase::Waiting {
    struct {
      Run& run;
      const LoadedEntry<Value>& loaded;
      const PlannedField& field;
      Run::Later later;
    } what;
  };
  static void go_on(EntryBase::Waiting& waiting)
    requires is_loaded<Result>
  {
    auto& [run, loaded, field, later] = static_cast<WaitingField&>(waiting).what;
    if (run.is_wanted(later.piece))
      run.fill(later.piece, [&] { return complete_loaded(run, loaded, field, later.path); });
  }
  static bool complete_loaded(Run& run, const LoadedEntry<Value>& loaded, const PlannedField& field, const Path& path)
    requires is_loaded<Result>
  {
    const Value* value = nullptr;
    try {
      value = &loaded.value();
    } catch (...) {
      return fail(run, field, path);
    }
    return complete(run, *value, field, path);
  }

  // Calls and awaits in one expression, whose end is where a parameter taken by value dies: see BoundEndpoint.
  template <std::size_t... I>
    requires is_task
  Task<> resolve_later(Run& run, const void* parent, const PlannedField& field, Run::Later later,
                       std::index_sequence<I...>) const {
    std::optional<Value> value;
    std::optional<FieldWatch> watch;
    try {
      watch.emplace(run, field, later.path);
      Holder held(first_need, run, parent, field, later.path);
      if constexpr (has_object) {
        value.emplace(
            unwrap(co_await (static_cast<const Parent*>(held.parent)->*function_)(held.template pass<I, P>()...)));
      } else {
        value.emplace(unwrap(co_await function_(held.template pass<I, P>()...)));
      }
    } catch (...) {
      run.fill(later.piece, [&] { return fail(run, field, later.path); });
      co_return;
    }
    if (!run.is_wanted(later.piece)) co_return;
    run.fill(later.piece, [&] {
      if (field.suspends_below) return complete(run, run.keep(std::move(*value)), field, later.path);
      return complete(run, *value, field, later.path);
    });
  }

  F function_;
};

// A data member.
template <class T, std::size_t I>
class MemberField final : public FieldCode {
 public:
  bool resolve(Run& run, const void* parent, const PlannedField& field, const Path& path) const override {
    const auto pointers = bailey::detail::Tie<member_count<T>>::pointers(*static_cast<const T*>(parent));
    return complete<MemberType<T, I>>(run, *bailey::detail::get<I>(pointers), field, path);
  }
  [[nodiscard]] std::string_view member() const noexcept override { return member_names<T>[I]; }
};

// What a subscription's resolver emits.
template <class... P>
struct EmittedBy {
  static_assert(sizeof...(P) > 0, "the resolver of a subscription takes an Emit<T> as its last parameter");
};
template <class Last>
struct EmittedBy<Last> {
  static_assert(is_emit<std::remove_cvref_t<Last>>,
                "the resolver of a subscription takes an Emit<T> as its last parameter");
  using type = typename std::remove_cvref_t<Last>::value_type;
};
template <class First, class Second, class... Rest>
struct EmittedBy<First, Second, Rest...> : EmittedBy<Second, Rest...> {};

template <class F, class Parameters = typename Signature<F>::Parameters>
class StreamField;

template <class F, class... P>
class StreamField<F, std::tuple<std::type_identity<P>...>> final : public FieldCode {
  using Holder = ParameterHolder<void, P...>;
  static_assert(std::same_as<typename Signature<F>::Result, Task<>>,
                "the resolver of a subscription is a coroutine that returns Task<>: what it has to say it emits");
  static_assert(std::is_invocable_v<const F&, P...>,
                "a resolver is shared by all threads, so it must be callable as const: a lambda without `mutable`");

 public:
  using Value = typename EmittedBy<P...>::type;

  explicit StreamField(F function) : function_(std::move(function)) {
    Holder::require();
    web_detail::require_owned<Value>();
  }

  bool resolve(Run& run, const void* event, const PlannedField& field, const Path& path) const override {
    return complete(run, *static_cast<const Value*>(event), field, path);
  }
  [[nodiscard]] Task<> stream(Run& run, const PlannedField& field, const Path& path, EventSink& sink) const override {
    return stream(run, field, path, sink, std::index_sequence_for<P...>{});
  }
  std::shared_ptr<const void> bind(const json::object& arguments) const override {
    return ArgumentReader<typename Holder::Arguments>::read(arguments);
  }
  [[nodiscard]] std::span<const LoaderNeed> loaders() const noexcept override { return Holder::loaders; }
  [[nodiscard]] std::span<const web_detail::Need> needs() const noexcept override { return Holder::Injection::needs; }
  void describe(RouteInfo& route) const override { Holder::Injection::describe(route); }

 private:
  template <std::size_t I, class Q>
  static decltype(auto) pass(Holder& held, const EventOutletScope& scope) {
    if constexpr (is_emit<std::remove_cvref_t<Q>>) {
      return std::remove_cvref_t<Q>(scope.outlet());
    } else {
      return held.template pass<I, Q>();
    }
  }
  template <std::size_t... I>
  Task<> stream(Run& run, const PlannedField& field, const Path& path, EventSink& sink,
                std::index_sequence<I...>) const {
    Holder held(first_need, run, nullptr, field, path);
    const EventOutletScope scope(sink);
    co_await function_(pass<I, P>(held, scope)...);
  }

  F function_;
};

}  // namespace bailey::graphql::detail
