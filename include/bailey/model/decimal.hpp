#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include <bailey/model/reflect.hpp>

namespace bailey {

// A decimal number as it was written, exactly: for money, which a double cannot hold. "1.10" stays "1.10", and equals
// 1.1. A value of up to 100 digits; what is calculated with is the program's choice (`to_double`, or `digits` and
// `exponent`). In JSON it is read from a text or a number, and written as a text, as Python's Decimal is.
class Decimal {
 public:
  Decimal() = default;  // 0
  explicit Decimal(std::int64_t whole);
  // "-12.50", "1e3", " +1_000.5 ": what Python's Decimal takes, without infinities and NaN. The error is a sentence.
  [[nodiscard]] static std::expected<Decimal, std::string> parse(std::string_view text);

  // (negative ? -1 : 1) · digits · 10^exponent. `digits` has no leading zeros, but for "0" itself.
  [[nodiscard]] bool is_negative() const noexcept { return is_negative_; }
  [[nodiscard]] const std::string& digits() const noexcept { return digits_; }
  [[nodiscard]] int exponent() const noexcept { return exponent_; }

  // As Python's str(): "12.50", "1E+3", "-0.001".
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] double to_double() const;

  // By value: 1.10 is 1.1, and -0 is 0.
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept;
  friend bool operator==(const Decimal& a, const Decimal& b) noexcept { return (a <=> b) == 0; }

  // Whether a number is a divisor times a whole number, exactly. Of a divisor of up to 18 digits; false if it is 0.
  friend bool is_multiple_of(const Decimal& number, const Decimal& divisor) noexcept;

 private:
  [[nodiscard]] bool is_zero() const noexcept { return digits_ == "0"; }

  bool is_negative_ = false;
  std::string digits_ = "0";
  int exponent_ = 0;
};

template <>
struct TextCodec<Decimal> {
  static constexpr std::string_view format = "decimal";
  static constexpr std::string_view error_type = "decimal_parsing";
  static constexpr std::string_view kind_error_type = "decimal_type";
  static constexpr std::string_view kind_error = "Decimal input should be an integer, float, string or Decimal object";
  static constexpr std::string_view name_in_errors = "decimal";
  static constexpr bool is_decimal = true;  // rules on numbers may stand on it
  static constexpr bool takes_numbers = true;
  static std::string to_text(const Decimal& value) { return value.to_text(); }
  static std::expected<Decimal, std::string> from_text(std::string_view text) { return Decimal::parse(text); }
};

}  // namespace bailey
