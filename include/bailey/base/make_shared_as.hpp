#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace bailey {

// A Derived behind a shared pointer to its Base, whose destructor is virtual. For types that users' lambdas make, each
// used once: std::make_shared has the compiler make a control block for each of them, this one for the Base alone.
template <class Base, class Derived, class... Arguments>
[[nodiscard]] std::shared_ptr<Base> make_shared_as(Arguments&&... arguments) {
  static_assert(std::has_virtual_destructor_v<Base> && std::is_base_of_v<std::remove_const_t<Base>, Derived>);
  return std::unique_ptr<Base>(new Derived(std::forward<Arguments>(arguments)...));
}

}  // namespace bailey
