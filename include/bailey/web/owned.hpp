#pragma once

#include <bailey/model/owned.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

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

}  // namespace web_detail
}  // namespace bailey
