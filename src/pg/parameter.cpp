#include <bailey/pg/statement.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace bailey::pg {

Parameter::Parameter(double number) {
  if (std::isnan(number)) {
    value = "NaN";
  } else if (std::isinf(number)) {
    value = number > 0 ? "Infinity" : "-Infinity";
  } else {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
    value.emplace(text.data(), end);
  }
}

Parameter Parameter::bytea(std::span<const std::byte> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + 2 * bytes.size());
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return {std::move(text), type::bytea};
}

}  // namespace bailey::pg
