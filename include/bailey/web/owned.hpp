#pragma once

#include <bailey/model/members.hpp>
#include <bailey/model/owned.hpp>
#include <bailey/model/shape.hpp>

#include <concepts>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

// What a handler returns is encoded after the handler has ended, and with it whatever it had of its own. So it must own
// what it says: a view of a local, or a model that holds one, would send memory that is somebody else's by then.
namespace bailey {

namespace web_detail {

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
  static_assert(is_c_text || std::is_reference_v<R> || !detail::holds_view<T>(),
                "a handler returns what it owns: a view (std::string_view, std::span, a pointer, a std::pmr container) "
                "or what holds one may look at what is gone before it is sent: return std::string, std::vector or a "
                "model of them");
}

template <class T, class... Seen>
consteval bool is_plain();

template <class... Seen, class... T>
consteval bool are_plain(detail::TypeList<T...>) {
  return (is_plain<std::remove_cv_t<T>, Seen...>() && ...);
}

// What has elements and nothing else.
template <class T>
inline constexpr bool is_known_container = detail::container_shape<T> != Shape::none;
template <class T>
inline constexpr bool is_known_container<std::shared_ptr<T>> = true;
template <class Key, class T, class... Rest>
inline constexpr bool is_known_container<std::map<Key, T, Rest...>> = true;
template <class Key, class T, class... Rest>
inline constexpr bool is_known_container<std::unordered_map<Key, T, Rest...>> = true;

// Whether all that a T is made of can be seen, so that it is known to look at nothing: what has private members may
// hold a pointer. `Seen`: what is being looked into already, for trees.
template <class T, class... Seen>
consteval bool is_plain() {
  constexpr Shape shape = shape_of<T>;
  if constexpr ((std::same_as<T, Seen> || ...)) {
    return true;
  } else if constexpr (shape == Shape::none) {
    return std::is_empty_v<T>;
  } else if constexpr (shape == Shape::model) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (is_plain<std::remove_cv_t<MemberType<T, I>>, Seen..., T>() && ...);
    }(std::make_index_sequence<member_count<T>>{});
  } else if constexpr (std::same_as<detail::Parts<T>, detail::TypeList<>>) {
    return shape != Shape::text || std::same_as<T, std::string>;
  } else if constexpr (is_known_container<T>) {
    return are_plain<Seen..., T>(detail::Parts<T>{});
  } else {
    return false;
  }
}

}  // namespace web_detail
}  // namespace bailey
