#pragma once

#include <bailey/model/rules.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

// The rules of a lone parameter, in a form that fits into a template argument:
//   Query<"limit", int, Number{.or_else = 20, .ge = 1, .le = 100}>
//   Query<"order", std::string, Text{.or_else = "asc", .pattern = "^(asc|desc)$"}>
// `or_else` is the value when the parameter is absent; without it (and without std::optional) the parameter is
// required.
namespace bailey {

// A bound or default of a Number; unset when not given.
struct Limit : Bound {
  constexpr Limit() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): `.ge = 1` is the point
  constexpr Limit(auto number) : Bound(number) {}
  // NOLINTNEXTLINE(google-explicit-constructor): `.or_else = false`
  constexpr Limit(bool flag) : Bound(flag ? 1 : 0) {}
};

struct Number {
  Limit or_else{};
  Limit gt{};
  Limit ge{};
  Limit lt{};
  Limit le{};
  Limit multiple_of{};

  [[nodiscard]] constexpr Constraints constraints() const {
    Constraints rules;
    rules.greater_than = gt;
    rules.at_least = ge;
    rules.less_than = lt;
    rules.at_most = le;
    rules.multiple_of = multiple_of;
    return rules;
  }
  [[nodiscard]] constexpr bool has_fallback() const { return or_else.set(); }
  template <class T>
    requires std::is_arithmetic_v<T>
  [[nodiscard]] constexpr T fallback() const {
    return or_else.kind == Bound::Kind::integer ? static_cast<T>(or_else.integer) : static_cast<T>(or_else.real);
  }
};

// A text of a rule, of up to 127 characters.
struct RuleText {
  constexpr RuleText() = default;
  template <std::size_t N>
    requires(N <= 128)
  // NOLINTNEXTLINE(google-explicit-constructor): `.or_else = "asc"` is the point
  constexpr RuleText(const char (&literal)[N]) : size(N - 1), is_set(true) {
    std::copy_n(literal, N - 1, text);
  }
  [[nodiscard]] constexpr std::string_view view() const { return {text, size}; }

  char text[128]{};
  std::size_t size = 0;
  bool is_set = false;
};

struct Text {
  RuleText or_else{};
  std::size_t min_length = 0;  // in code points
  std::size_t max_length = Constraints::unbounded;
  RuleText pattern{};
  TextFormat format = TextFormat::none;

  [[nodiscard]] constexpr Constraints constraints() const {
    Constraints rules;
    rules.min_length = min_length;
    rules.max_length = max_length;
    rules.pattern = pattern.view();
    rules.text_format = format;
    return rules;
  }
  [[nodiscard]] constexpr bool has_fallback() const { return or_else.is_set; }
  template <class T>
    requires std::is_constructible_v<T, std::string_view>
  [[nodiscard]] T fallback() const {
    return T(or_else.view());
  }
};

struct NoRules {
  [[nodiscard]] constexpr Constraints constraints() const { return {}; }
};

}  // namespace bailey
