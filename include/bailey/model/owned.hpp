#pragma once

#include <bailey/model/reflect.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory_resource>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// Whether a type owns what it says. What is read is kept longer than the text it was read from, and what is returned,
// longer than the function that made it: a view would look at memory that is somebody else's by then.
namespace bailey {

namespace detail {

template <class T>
concept TextOrRange = std::ranges::range<T> || std::convertible_to<const T&, std::string_view>;

// A class with elements and nothing to give back: std::string_view, std::span, std::initializer_list, and what other
// libraries have of the kind. An array is an aggregate.
template <class T>
concept LooksLikeView = std::is_class_v<T> && TextOrRange<T> &&
                        (std::ranges::view<T> || (std::is_trivially_destructible_v<T> && !std::is_aggregate_v<T>));

}  // namespace detail

// Whether a T looks at what it does not own. Specialise it for a type of your own that is taken for the wrong kind.
template <class T>
inline constexpr bool is_view = detail::LooksLikeView<T>;
template <class T>
inline constexpr bool is_view<T*> = !std::is_function_v<T>;
template <class T>
inline constexpr bool is_view<std::reference_wrapper<T>> = true;
// The allocator of std::pmr's containers: their memory is that of a resource which may be gone before them.
template <class T>
inline constexpr bool is_view<std::pmr::polymorphic_allocator<T>> = true;

namespace detail {

template <class T, class... Seen>
consteval bool holds_view();

// A template holds what its arguments say: optional, vector, map, variant, tuple, expected, Created, WithStatus, Only,
// …
template <class T, class... Seen>
struct ArgumentsHoldView : std::false_type {};
template <template <class...> class Template, class... A, class... Seen>
struct ArgumentsHoldView<Template<A...>, Seen...>
    : std::bool_constant<(holds_view<std::remove_cv_t<A>, Seen...>() || ...)> {};
template <template <auto, class...> class Template, auto value, class... A, class... Seen>
struct ArgumentsHoldView<Template<value, A...>, Seen...>
    : std::bool_constant<(holds_view<std::remove_cv_t<A>, Seen...>() || ...)> {};
template <template <class, auto...> class Template, class A, auto... values, class... Seen>
  requires(sizeof...(values) > 0)
struct ArgumentsHoldView<Template<A, values...>, Seen...>
    : std::bool_constant<holds_view<std::remove_cv_t<A>, Seen...>()> {};

// A model, and an aggregate with a text form of its own where it is made as a model is.
template <class T>
consteval bool can_be_looked_into() {
  if constexpr (Model<T>) {
    static_assert(std::is_default_constructible_v<T>,
                  "Whether this struct holds a view cannot be seen, because it has no default constructor: give every "
                  "member a default and make none a reference, or give the struct a constructor.");
    return std::is_default_constructible_v<T>;
  } else if constexpr (PlainAggregate<T>) {
    return is_reflectable<T>();
  } else {
    return false;
  }
}

// Whether a T or anything in it is a view, as far as can be seen: not into private members. `Seen`: what is being
// looked into already, for trees.
template <class T, class... Seen>
consteval bool holds_view() {
  if constexpr (is_view<T>) {
    return true;
  } else if constexpr (!std::is_class_v<T> || std::is_empty_v<T> || std::same_as<T, std::string> ||
                       (std::same_as<T, Seen> || ...)) {
    return false;
  } else if constexpr (can_be_looked_into<T>()) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (holds_view<std::remove_cv_t<MemberType<T, I>>, Seen..., T>() || ...);
    }(std::make_index_sequence<member_count<T>>{});
  } else if constexpr (std::ranges::range<T>) {  // whatever its other arguments are: a size, an allocator
    return holds_view<std::ranges::range_value_t<T>, Seen..., T>() || ArgumentsHoldView<T, Seen..., T>::value;
  } else {
    return ArgumentsHoldView<T, Seen..., T>::value;
  }
}

}  // namespace detail
}  // namespace bailey
