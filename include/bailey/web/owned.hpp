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

// What a handler returns is encoded after the handler has ended, and with it whatever it had of its own. So it must own
// what it says: a view of a local, or a model that holds one, would send memory that is somebody else's by then.
namespace bailey {

namespace web_detail {

template <class T>
concept TextOrRange = std::ranges::range<T> || std::convertible_to<const T&, std::string_view>;

// A class with elements and nothing to give back: std::string_view, std::span, std::initializer_list, and what other
// libraries have of the kind. An array is an aggregate.
template <class T>
concept LooksLikeView = std::is_class_v<T> && TextOrRange<T> &&
                        (std::ranges::view<T> || (std::is_trivially_destructible_v<T> && !std::is_aggregate_v<T>));

}  // namespace web_detail

// Whether a T looks at what it does not own. Specialise it for a type of your own that is taken for the wrong kind.
template <class T>
inline constexpr bool is_view = web_detail::LooksLikeView<T>;
template <class T>
inline constexpr bool is_view<T*> = !std::is_function_v<T>;
template <class T>
inline constexpr bool is_view<std::reference_wrapper<T>> = true;
// The allocator of std::pmr's containers: their memory is that of a resource which may be gone before them.
template <class T>
inline constexpr bool is_view<std::pmr::polymorphic_allocator<T>> = true;

namespace web_detail {

template <class T, class... Seen>
consteval bool holds_view();

// A template holds what its arguments say: optional, vector, map, variant, tuple, expected, Created, …
template <class T, class... Seen>
struct ArgumentsHoldView : std::false_type {};
template <template <class...> class Template, class... A, class... Seen>
struct ArgumentsHoldView<Template<A...>, Seen...>
    : std::bool_constant<(holds_view<std::remove_cv_t<A>, Seen...>() || ...)> {};

// Whether a T or anything in it is a view. `Seen`: what is being looked into already, for trees.
template <class T, class... Seen>
consteval bool holds_view() {
  if constexpr (is_view<T>) {
    return true;
  } else if constexpr (!std::is_class_v<T> || std::is_empty_v<T> || std::same_as<T, std::string> ||
                       (std::same_as<T, Seen> || ...)) {
    return false;
  } else if constexpr (Model<T>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (holds_view<std::remove_cv_t<MemberType<T, I>>, Seen..., T>() || ...);
    }(std::make_index_sequence<member_count<T>>{});
  } else if constexpr (requires { std::tuple_size<T>::value; } && std::ranges::range<T>) {
    return holds_view<std::ranges::range_value_t<T>, Seen..., T>();
  } else {
    return ArgumentsHoldView<T, Seen..., T>::value;
  }
}

// Refuses, with a sentence, what a handler must not return.
template <class R>
consteval void require_owned() {
  static_assert(!std::is_reference_v<R>,
                "a handler returns a value, not a reference: what is referred to may be gone "
                "before it is sent");
  using T = std::remove_cvref_t<R>;
  constexpr bool is_c_text = std::is_pointer_v<T> && std::convertible_to<T, std::string_view>;
  static_assert(!is_c_text,
                "a handler returns text as a std::string: write std::string(\"hello\"), or return a Response");
  static_assert(is_c_text || std::is_reference_v<R> || !holds_view<T>(),
                "a handler returns what it owns: a view (std::string_view, std::span, a pointer, a std::pmr container) "
                "or what holds one may look at what is gone before it is sent: return std::string, std::vector or a "
                "model of them");
}

}  // namespace web_detail
}  // namespace bailey
