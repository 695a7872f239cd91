#pragma once

#include <bailey/model/enums.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/rules.hpp>
#include <bailey/model/shape.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// The rules of a lone parameter, in a form that fits into a template argument:
//   Query<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}>
//   Query<"order", std::string, Text{.default_value = "asc", .pattern = "^(asc|desc)$"}>
// `default_value` is the value when the parameter is absent; without it (and without std::optional) the parameter is
// required. Rules that do not fit the parameter's type, and a `default_value` that is no value of it, do not compile.
namespace bailey {

// A bound or default of a Number, which may also be a duration, a day or a time (Bound); unset when not given.
struct Limit : Bound {
  constexpr Limit() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): `.ge = 1` is the point
  constexpr Limit(auto number) : Bound(number) {}
  // NOLINTNEXTLINE(google-explicit-constructor): `.default_value = false`
  constexpr Limit(bool flag) : Bound(flag ? 1 : 0) {}
};

// A text of a rule, of up to 127 characters.
struct RuleText {
  constexpr RuleText() = default;
  template <std::size_t N>
    requires(N <= 128)
  // NOLINTNEXTLINE(google-explicit-constructor): `.default_value = "asc"` is the point
  constexpr RuleText(const char (&literal)[N]) : size(N - 1), is_set(true) {
    std::copy_n(literal, N - 1, text);
  }
  [[nodiscard]] constexpr std::string_view view() const { return {text, size}; }

  char text[128]{};
  std::size_t size = 0;
  bool is_set = false;
};

struct Number {
  Limit default_value{};
  Limit gt{};
  Limit ge{};
  Limit lt{};
  Limit le{};
  Limit multiple_of{};
  std::size_t max_digits = Constraints::unbounded;      // of a Decimal
  std::size_t decimal_places = Constraints::unbounded;  // of a Decimal
  RuleText description{};                               // for the document, like the next three
  Limit example{};
  bool deprecated = false;
  bool in_schema = true;  // whether the document tells of it

  [[nodiscard]] constexpr Constraints constraints() const {
    Constraints rules;
    rules.description = description.view();
    if (example.set()) rules.example = {.kind = Example::Kind::number, .text = {}, .number = example};
    rules.is_deprecated = deprecated;
    rules.greater_than = gt;
    rules.at_least = ge;
    rules.less_than = lt;
    rules.at_most = le;
    rules.multiple_of = multiple_of;
    rules.max_digits = max_digits;
    rules.decimal_places = decimal_places;
    return rules;
  }
  [[nodiscard]] constexpr bool has_default() const { return default_value.set(); }
  template <class T>
  [[nodiscard]] constexpr bool default_fits() const {
    const bool is_whole = default_value.kind == Bound::Kind::integer;
    constexpr Shape shape = shape_of<T>;
    if constexpr (shape == Shape::boolean) {
      return is_whole && (default_value.integer == 0 || default_value.integer == 1);
    } else if constexpr (shape == Shape::integer) {
      return is_whole && std::cmp_greater_equal(default_value.integer, std::numeric_limits<T>::min()) &&
             std::cmp_less_equal(default_value.integer, std::numeric_limits<T>::max());
    } else if constexpr (shape == Shape::real) {
      return default_value.as_double() >= std::numeric_limits<T>::lowest() &&
             default_value.as_double() <= std::numeric_limits<T>::max();
    } else {
      return false;
    }
  }
  template <class T>
  [[nodiscard]] constexpr T default_as() const {
    return default_value.kind == Bound::Kind::integer ? static_cast<T>(default_value.integer)
                                                      : static_cast<T>(default_value.real);
  }
};

struct Text {
  RuleText default_value{};
  std::size_t min_length = 0;  // in code points
  std::size_t max_length = Constraints::unbounded;
  RuleText pattern{};
  TextFormat format = TextFormat::none;
  bool strip = false;      // white space around it is taken off first
  RuleText description{};  // for the document, like the next three
  RuleText example{};
  bool deprecated = false;
  bool in_schema = true;  // whether the document tells of it

  [[nodiscard]] constexpr Constraints constraints() const {
    Constraints rules;
    rules.description = description.view();
    if (example.is_set) rules.example = {.kind = Example::Kind::text, .text = example.view(), .number = {}};
    rules.is_deprecated = deprecated;
    rules.min_length = min_length;
    rules.max_length = max_length;
    rules.pattern = pattern.view();
    rules.text_format = format;
    rules.is_stripped = strip;
    return rules;
  }
  [[nodiscard]] constexpr bool has_default() const { return default_value.is_set; }
  template <class T>
  [[nodiscard]] constexpr bool default_fits() const {
    if constexpr (shape_of<T> == Shape::enumeration) {
      return parse_enum<T>(default_value.view()).has_value();
    } else {
      return std::is_constructible_v<T, std::string_view>;
    }
  }
  template <class T>
  [[nodiscard]] T default_as() const {
    if constexpr (shape_of<T> == Shape::enumeration) {
      return *parse_enum<T>(default_value.view());
    } else {
      return T(default_value.view());
    }
  }
};

struct NoRules {
  [[nodiscard]] constexpr Constraints constraints() const { return {}; }
};

namespace web_detail {

template <class T>
struct Unwrapped {
  static constexpr bool optional = false;
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  static constexpr bool optional = true;
  using type = T;
};

template <class T>
struct Listed : std::false_type {};
template <class T>
struct Listed<std::vector<T>> : std::true_type {
  using type = T;
};

template <auto Rules>
inline constexpr bool has_default = false;
template <auto Rules>
  requires requires { Rules.has_default(); }
inline constexpr bool has_default<Rules> = Rules.has_default();

// True, or does not compile.
template <class T, auto Rules>
consteval bool rules_fit() {
  using Leaf = typename detail::Leaf<T>::type;
  static_assert(!Rules.constraints().on_text() || detail::is_text_leaf<Leaf>,
                "A rule on text (min_length, max_length, pattern, format) stands on a parameter that is no text.");
  static_assert(!Rules.constraints().on_number() || detail::is_number_leaf<Leaf> ||
                    (detail::is_chrono_leaf<Leaf> && !Rules.constraints().multiple_of.set()),
                "A rule on numbers (gt, ge, lt, le, multiple_of) stands on a parameter that is no number; but for "
                "multiple_of they also stand on durations, days and times.");
  static_assert(!Rules.constraints().on_number() || detail::takes_bounds<Leaf>(Rules.constraints()),
                "A bound (gt, ge, lt, le) is of another kind than the parameter: a number bounds a number, a duration "
                "a duration, a day a std::chrono::sys_days, a time a std::chrono::sys_time.");
  static_assert(!Rules.constraints().on_digits() || detail::is_decimal_leaf<Leaf>,
                "max_digits and decimal_places stand on a parameter that is no Decimal.");
  static_assert(detail::can_meet<T>(Rules.constraints()),
                "No value can meet these rules: the least that they ask for is more than the most that they allow, or "
                "that the parameter's type has.");
  static_assert(Rules.constraints().has_divisor(), "What a number is to be a multiple_of must be more than 0.");
  if constexpr (has_default<Rules>) {
    static_assert(Rules.template default_fits<typename Unwrapped<T>::type>(),
                  "The default_value of a parameter is no value of its type.");
  }
  return true;
}

}  // namespace web_detail
}  // namespace bailey
