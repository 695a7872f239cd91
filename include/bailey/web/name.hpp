#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace bailey {

// A name as a template argument: Path<"id", int>.
template <std::size_t N>
struct ParameterName {
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to convert
  consteval ParameterName(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N - 1}; }
  char text[N]{};
};

}  // namespace bailey
