#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <bailey/model/spelling.hpp>
#include <bailey/model/tie.hpp>

namespace bailey {

// The most members a model may have.
inline constexpr std::size_t max_members = 64;

// Specialise it to give a type (not one of the standard library) a text form, in JSON and in parameters. It comes
// before the form that a model or an enumeration has without it:
//   template <> struct bailey::TextCodec<Money> {
//     static std::string to_text(const Money&);
//     static std::expected<Money, std::string> from_text(std::string_view);   // the error: a sentence for the user
//     static constexpr std::string_view format = "money";                       // of the JSON Schema; optional
//     // Optional, too: the `type` of the errors instead of "value_error" (then the sentence stands alone, or behind
//     // `error_begin`, and is `ctx.error`), that of values of another kind than a text, with their sentence, and
//     // whether a JSON number is handed over as its text.
//     static constexpr std::string_view error_type = "money_parsing", error_begin = "No money: ";
//     static constexpr std::string_view kind_error_type = "money_type", kind_error = "…";
//     static constexpr bool takes_numbers = true;
//   };
// Both may be called by any thread. What they throw is passed on. What from_text returns must own what it holds: the
// text it is given ends before the value does.
template <class T>
struct TextCodec;

template <class T>
concept HasTextCodec = requires(const T& value, std::string_view text) {
  { TextCodec<T>::to_text(value) } -> std::convertible_to<std::string>;
  TextCodec<T>::from_text(text).has_value();
};

// A struct whose members are public, without constructors.
template <class T>
concept PlainAggregate = std::is_class_v<T> && std::is_aggregate_v<T> && !std::is_const_v<T> &&
                         !std::ranges::range<T> && !requires { std::tuple_size<T>::value; };

// A plain aggregate that is known by its members. What looks like one but cannot be reflected (C arrays, references,
// bases, more than 64 members) fails to compile with a sentence when used.
template <class T>
concept Model = PlainAggregate<T> && !HasTextCodec<T>;

namespace detail {

// Stands for a value of any type, to find out how many initialisers an aggregate takes.
struct Wildcard {
  template <class U>
  operator U&() const& noexcept;
  template <class U>
  operator U&&() const&& noexcept;
};
struct ScalarWildcard {
  template <class U>
    requires std::is_scalar_v<U>
  operator U() const noexcept;
};
struct ClassWildcard {
  template <class U>
    requires(std::is_class_v<U> || std::is_union_v<U>)
  operator U&() const& noexcept;
  template <class U>
    requires(std::is_class_v<U> || std::is_union_v<U>)
  operator U&&() const&& noexcept;
};
template <class T>
struct BaseWildcard {
  template <class U>
    requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>)
  operator U() const noexcept;
};
struct Nothing {};

template <std::size_t>
using WildcardAt = Wildcard;

template <class T, class Indexes>
inline constexpr bool takes_indexes = false;
template <class T, std::size_t... I>
inline constexpr bool takes_indexes<T, std::index_sequence<I...>> = requires { T{WildcardAt<I>{}...}; };
template <class T, std::size_t N>
concept Takes = takes_indexes<T, std::make_index_sequence<N>>;

// The greatest N for which T{N wildcards} is well formed. Bisection is right because T{} is: each shorter list is too.
template <class T, std::size_t Low, std::size_t High>
consteval std::size_t count_initialisers() {
  if constexpr (Low == High) {
    return Low;
  } else {
    constexpr std::size_t middle = (Low + High + 1) / 2;
    if constexpr (Takes<T, middle>) {
      return count_initialisers<T, middle, High>();
    } else {
      return count_initialisers<T, Low, middle - 1>();
    }
  }
}

template <class T>
concept HasBase = requires { T{BaseWildcard<T>{}}; } && !requires { T{Nothing{}}; };

// A C array at position I takes two scalars in braces as an aggregate does, but nothing of class type.
template <class T, class Indexes>
inline constexpr bool array_behind = false;
template <class T, std::size_t... I>
inline constexpr bool array_behind<T, std::index_sequence<I...>> = requires {
  T{WildcardAt<I>{}..., {ScalarWildcard{}, ScalarWildcard{}}};
} && !requires { T{WildcardAt<I>{}..., ClassWildcard{}}; };
template <class T, std::size_t... I>
consteval bool has_array(std::index_sequence<I...>) {
  return (array_behind<T, std::make_index_sequence<I>> || ...);
}

template <class T>
consteval void require_default() {
  static_assert(std::is_default_constructible_v<T>,
                "A model must be default constructible: it cannot have references or members without a default.");
}

template <class T>
consteval std::size_t count_members() {
  require_default<T>();
  static_assert(!HasBase<T>, "A model cannot have base classes: make the base a member, or repeat its members.");
  static_assert(!Takes<T, max_members + 1>,
                "A model can have 64 members at most (a C array counts once an element): group some into a struct.");
  constexpr std::size_t count = count_initialisers<T, 0, max_members>();
  static_assert(!has_array<T>(std::make_index_sequence<count>{}),
                "A model cannot have C arrays: use std::array or std::string.");
  return count;
}

// Whether count_members would take it, asked without a refusal.
template <class T>
consteval bool is_reflectable() {
  if constexpr (!std::is_default_constructible_v<T> || HasBase<T> || Takes<T, max_members + 1>) {
    return false;
  } else {
    return !has_array<T>(std::make_index_sequence<count_initialisers<T, 0, max_members>()>{});
  }
}

// An object that is declared and never defined: only the addresses of its members are ever formed. That it is used so
// is what the compiler would warn of, up to the one use.
template <class T>
struct Holder {
  T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern Holder<T> phantom;

}  // namespace detail

template <PlainAggregate T>
inline constexpr std::size_t member_count = detail::count_members<T>();

namespace detail {

// consteval on purpose: a variable that held the addresses would be emitted for local types and fail to link.
template <class T, std::size_t I>
consteval auto phantom_address() {
  return get<I>(Tie<member_count<T>>::pointers(phantom<T>.value));
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <class T, std::size_t... I>
consteval auto spell_members(std::index_sequence<I...>) {
  return std::array<std::string_view, sizeof...(I)>{last_identifier(spell<as_argument(phantom_address<T, I>())>())...};
}

}  // namespace detail

// The names of a model's members as C++ has them, in the order of their declaration.
template <Model T>
inline constexpr auto member_names = detail::spell_members<T>(std::make_index_sequence<member_count<T>>{});

// The type of the I-th member, without const.
template <PlainAggregate T, std::size_t I>
using MemberType = std::remove_const_t<std::remove_pointer_t<decltype(detail::phantom_address<T, I>())>>;

// Calls f.template operator()<I>(member) with a reference to each member of an object, in the order of their
// declaration. The number of members is known at compile time, so nothing is kept and nothing allocated.
template <class T, class F>
constexpr void for_each_member(T& object, F&& f) {
  constexpr std::size_t count = member_count<std::remove_const_t<T>>;
  auto pointers = detail::Tie<count>::pointers(object);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f.template operator()<I>(*detail::get<I>(pointers)), ...);
  }(std::make_index_sequence<count>{});
}

// A type's name without namespaces: "Card", "Page<Card>" as the compiler spells it.
template <class T>
inline constexpr std::string_view type_name =
    detail::without_namespaces(detail::type_in_spelling(detail::spell_type<T>()));

}  // namespace bailey
