#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace bailey::detail {

// A tuple of pointers that costs the compiler little: std::tuple nests as deep as it is long.
template <std::size_t I, class Pointer>
struct PointerAt {
  Pointer pointer;
};

template <class Indexes, class... Pointers>
struct PointerPack;

template <std::size_t... I, class... Pointers>
struct PointerPack<std::index_sequence<I...>, Pointers...> : PointerAt<I, Pointers>... {
  constexpr explicit PointerPack(Pointers... pointers) : PointerAt<I, Pointers>{pointers}... {}
};

template <class... T>
constexpr auto pointers_to(T&... objects) {
  return PointerPack<std::index_sequence_for<T...>, T*...>(std::addressof(objects)...);
}

// The I-th pointer: overload resolution finds the base.
template <std::size_t I, class Pointer>
constexpr Pointer get(const PointerAt<I, Pointer>& at) {
  return at.pointer;
}

}  // namespace bailey::detail
