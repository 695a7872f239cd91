#pragma once

#include <bailey/model/shape.hpp>
#include <bailey/model/spelling.hpp>
#include <bailey/web/bind.hpp>
#include <bailey/web/binder.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

// How the parameters of a handler, or of a function that makes a dependency, are made: each by its Binder, or, where
// there is none for its type, as a dependency by what the app provides.
namespace bailey::web_detail {

// The return type and parameters of a callable.
template <class F>
struct Signature {};
template <class F>
  requires requires { &F::operator(); }
struct Signature<F> : Signature<decltype(&F::operator())> {};
template <class R, class... P>
struct Signature<R (*)(P...)> {
  using Result = R;
  using Parameters = std::tuple<std::type_identity<P>...>;
};
template <class R, class... P>
struct Signature<R (*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...)> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const noexcept> : Signature<R (*)(P...)> {};

template <class F>
concept PlainCallable = requires { typename Signature<F>::Result; };

// Types that a program may provide and a handler may ask for by nothing but their name. What is a value of a parameter
// has no meaning without one.
template <class T>
concept Providable = std::is_class_v<T> && !Bindable<T> && !std::same_as<T, Request> &&
                     (shape_of<T> == Shape::none || shape_of<T> == Shape::model || shape_of<T> == Shape::optional);

// A dependency that a parameter asks for.
struct Need {
  enum class Access : std::uint8_t { copy, read, change };  // T, const T&, T&
  TypeKey key = nullptr;
  std::string_view type = {};
  Access access = Access::copy;
};

template <class T>
consteval std::string_view name_of_type() {
  return detail::type_in_spelling(detail::spell_type<T>());
}

// In a request's state: a dependency that was made for it, or that something holds for it as long as this is set.
template <class T>
class Made {
 public:
  explicit Made(T value) : own_(std::move(value)) {}
  explicit Made(T* held) noexcept : held_(held) {}
  [[nodiscard]] T* value() noexcept { return own_ ? &*own_ : held_; }

 private:
  std::optional<T> own_;
  T* held_ = nullptr;
};

// A dependency that every request shares, or null for one that was made for this request; by the needs' order.
using SharedObjects = std::span<void* const>;

template <class P>
constexpr void require_injectable() {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::same_as<T, Request>) {
    static_assert(std::same_as<P, const Request&>, "a handler takes the request as `const Request&`");
  } else if constexpr (Bindable<T>) {
    static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                  "a handler takes its parameters by value or by reference to const");
  } else {
    static_assert(
        Providable<T>,
        "no way to make this parameter from a request: use const Request&, Path, Query, Header, Cookie, Json, Form, "
        "File, Body, User, Supabase, a type that the app provides, or specialise bailey::Binder for the type");
    static_assert(!std::is_rvalue_reference_v<P>,
                  "a dependency is shared by all that ask for it in a request: take it by value or by reference");
  }
}

// What a parameter is held in until the callable has ended.
template <class P>
[[nodiscard]] auto bind_parameter(Request& request, [[maybe_unused]] SharedObjects shared,
                                  [[maybe_unused]] std::size_t need, [[maybe_unused]] ValidationErrors& errors) {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::same_as<T, Request>) {
    return static_cast<const Request*>(&request);
  } else if constexpr (CollectingBinder<T>) {
    return Binder<T>::bind(request, errors);
  } else if constexpr (ThrowingBinder<T>) {
    return std::optional<T>(Binder<T>::bind(request));
  } else {
    if (void* const object = shared[need]) return static_cast<T*>(object);
    Made<T>* const made = request.state().template get<Made<T>>();
    return made == nullptr ? nullptr : made->value();
  }
}

template <class P>
using BoundParameter =
    decltype(bind_parameter<P>(std::declval<Request&>(), SharedObjects{}, 0, std::declval<ValidationErrors&>()));

// To a callable that takes it by reference: what is held itself, which lives until the callable has ended.
template <class P, class Held>
[[nodiscard]] decltype(auto) pass_parameter(Held& held) {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::same_as<T, Request> || !Bindable<T>) {
    return (*held);
  } else {
    return std::move(*held);
  }
}

template <class P>
constexpr bool is_dependency = !Bindable<std::remove_cvref_t<P>> && !std::same_as<std::remove_cvref_t<P>, Request>;

template <class T>
constexpr bool looks_into_bound = false;
template <Bindable T>
constexpr bool looks_into_bound<T> = looks_into_request<T>;

template <class Parameters>
struct Injection;

template <class... P>
struct Injection<std::tuple<std::type_identity<P>...>> {
  using Bound = std::tuple<BoundParameter<P>...>;

  static constexpr bool reads_body = (web_detail::reads_body<std::remove_cvref_t<P>> || ...);
  static constexpr bool reads_form = (web_detail::reads_form<std::remove_cvref_t<P>> || ...);
  static constexpr bool streams_body = (web_detail::streams_body<std::remove_cvref_t<P>> || ...);
  static constexpr bool streams_answer = (web_detail::streams_answer<std::remove_cvref_t<P>> || ...);
  static_assert(reads_body + reads_form + streams_body <= 1,
                "a body is read in one way: as a form (Form, File, FormOf), whole (Json, JsonField, Body), or as it "
                "arrives (BodyStream, Multipart)");
  static_assert((std::size_t{0} + ... + (web_detail::streams_body<std::remove_cvref_t<P>> ? 1 : 0)) <= 1,
                "a body that is read as it arrives is read once");
  static_assert((std::size_t{0} + ... + (web_detail::streams_answer<std::remove_cvref_t<P>> ? 1 : 0)) <= 1,
                "a handler has one answer: one EventStream, JsonLines or Output");
  // What a handler or a dependency that may outlive the request must not take.
  static consteval bool looks_into_request() {
    return ((std::same_as<std::remove_cvref_t<P>, Request> || looks_into_bound<std::remove_cvref_t<P>>) || ...);
  }
  static constexpr std::size_t need_count = (std::size_t{0} + ... + (is_dependency<P> ? 1 : 0));
  // The place of the parameter's need among the needs.
  static constexpr std::array<std::size_t, sizeof...(P)> need_index = [] {
    std::array<std::size_t, sizeof...(P)> indexes{};
    [[maybe_unused]] std::size_t next = 0;
    std::size_t at = 0;
    ((indexes[at++] = is_dependency<P> ? next++ : 0), ...);
    return indexes;
  }();
  static constexpr std::array<Need, need_count> needs = [] {
    std::array<Need, need_count> list{};
    [[maybe_unused]] std::size_t next = 0;
    (
        [&]<class Q>(std::type_identity<Q>) {
          if constexpr (is_dependency<Q>) {
            using T = std::remove_cvref_t<Q>;
            constexpr bool is_reference = std::is_reference_v<Q>;
            constexpr bool is_const = std::is_const_v<std::remove_reference_t<Q>>;
            list[next++] = {.key = type_key<T>,
                            .type = name_of_type<T>(),
                            .access = !is_reference ? Need::Access::copy
                                      : is_const    ? Need::Access::read
                                                    : Need::Access::change};
          }
        }(std::type_identity<P>{}),
        ...);
    return list;
  }();

  static constexpr void require() { (require_injectable<P>(), ...); }

  static void describe([[maybe_unused]] RouteInfo& route) { (describe_one<std::remove_cvref_t<P>>(route), ...); }

  // Refuses what can be refused before the body is read, by throwing HttpError.
  static void admit([[maybe_unused]] const Request& request) { (admit_one<std::remove_cvref_t<P>>(request), ...); }

  // Without anything that is wrong added to the errors all are there.
  static Bound bind(Request& request, SharedObjects shared, ValidationErrors& errors) {
    const std::size_t first = errors.entries.size();
    Bound bound = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Bound{bind_parameter<P>(request, shared, need_index[I], errors)...};  // braces: left to right
    }(std::index_sequence_for<P...>{});
    if (errors.entries.size() > first + 1) order_by_source(errors, first);
    return bound;
  }

 private:
  template <class T>
  static void describe_one(RouteInfo& route) {
    if constexpr (requires { Binder<T>::describe(route); }) Binder<T>::describe(route);
  }
  template <class T>
  static void admit_one([[maybe_unused]] const Request& request) {
    if constexpr (requires { Binder<T>::admit(request); }) Binder<T>::admit(request);
  }
};

}  // namespace bailey::web_detail
