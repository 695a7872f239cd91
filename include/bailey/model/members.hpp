#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <bailey/model/detail/rules_fit.hpp>
#include <bailey/model/reflect.hpp>
#include <bailey/model/rules.hpp>
#include <bailey/model/shape.hpp>

// A model's members together with their rules, worked out once at compile time.
namespace bailey {

namespace detail {

// What an optional holds.
template <class T>
struct WithoutNull {
  using type = T;
};
template <class T>
  requires is_nullable<T>
struct WithoutNull<T> {
  using type = ElementOf<T>;
};

template <class T>
inline constexpr bool has_rules = !std::is_same_v<std::remove_const_t<decltype(rules_of<T>)>, NoRules>;

template <class T>
consteval std::size_t least_members_of() {
  if constexpr (has_rules<T>) return rules_of<T>.min_members;
  return 0;
}
template <class T>
inline constexpr std::size_t least_members = least_members_of<T>();

template <class T>
consteval auto merge_constraints() {
  std::array<Constraints, member_count<T>> merged{};
  if constexpr (has_rules<T>) {
    static_assert(std::is_same_v<typename decltype(rules_of<T>)::OwnerType, T>,
                  "These rules name members of another model.");
    static_assert(rules_of<T>.min_members <= member_count<T>, "min_members asks for more members than the model has.");
    for (std::size_t rule = 0; rule < rules_of<T>.count; ++rule) {
      for (std::size_t i = 0; i < merged.size(); ++i) {
        if (member_names<T>[i] == rules_of<T>.fields[rule].member)
          merged[i].merge(rules_of<T>.fields[rule].constraints);
      }
    }
  }
  for (std::size_t i = 0; i < merged.size(); ++i) {
    if (merged[i].wire_name.empty()) merged[i].wire_name = without_keyword_mark(member_names<T>[i]);
  }
  return merged;
}

template <class T>
inline constexpr auto member_constraints = merge_constraints<T>();

template <class T, std::size_t I>
consteval bool rules_fit() {
  using Member = Leaf<MemberType<T, I>>;
  using Innermost = typename Member::type;
  constexpr const Constraints& given = member_constraints<T>[I];
  static_assert(!given.on_text() || is_text_leaf<Innermost>,
                "A rule on text (min_length, max_length, pattern, format) stands on a member that is no text.");
  static_assert(
      !given.on_number() || is_number_leaf<Innermost> || (is_chrono_leaf<Innermost> && !given.multiple_of.set()),
      "A rule on numbers (gt, ge, lt, le, multiple_of) stands on a member that is no number; but for "
      "multiple_of they also stand on durations, days and times.");
  static_assert(!given.on_number() || takes_bounds<Innermost>(given),
                "A bound (gt, ge, lt, le) is of another kind than the member: a number bounds a number, a duration a "
                "duration, a day a std::chrono::sys_days, a time a std::chrono::sys_time.");
  static_assert(!given.on_digits() || is_decimal_leaf<Innermost>,
                "max_digits and decimal_places stand on a member that is no Decimal.");
  static_assert(!given.on_items() || Member::has_items,
                "A rule on items (min_items, max_items) stands on a member that has none, or always as many.");
  static_assert(!given.has_unique_items || shape_of<typename WithoutNull<MemberType<T, I>>::type> == Shape::list,
                "unique_items stands on a member that is no list.");
  static_assert(!given.is_not_null || is_nullable<MemberType<T, I>>,
                "not_null stands on a member that cannot be null; it is for a Maybe or a std::optional.");
  static_assert(can_meet<MemberType<T, I>>(given),
                "No value can meet these rules: the least that they ask for is more than the most that they allow, or "
                "that the member's type has.");
  static_assert(given.has_divisor(), "What a number is to be a multiple_of must be more than 0.");
  return true;
}

consteval bool is_plain_wire_name(std::string_view name) {
  for (const char c : name) {
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) return false;
  }
  return !name.empty();
}

template <std::size_t N>
consteval bool are_distinct(std::array<std::string_view, N> names) {
  for (std::size_t a = 0; a < N; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (names[a] == names[b]) return false;
    }
  }
  return true;
}

template <class T, std::size_t... I>
consteval auto make_wire_names(std::index_sequence<I...>) {
  static_assert((rules_fit<T, I>() && ...));
  static_assert((is_plain_wire_name(member_constraints<T>[I].wire_name) && ...),
                "A name on the wire has no quotes, backslashes or control characters.");
  constexpr std::array<std::string_view, sizeof...(I)> names{member_constraints<T>[I].wire_name...};
  static_assert(are_distinct(names), "Two members have the same name on the wire.");
  return names;
}

}  // namespace detail

// The names of a model's members on the wire, in the order of their declaration.
template <Model T>
inline constexpr auto wire_names = detail::make_wire_names<T>(std::make_index_sequence<member_count<T>>{});

namespace detail {

// Whether a T contains a Secret or a member with the rule `secret`, at any depth. `Seen` ends the recursion of types.
template <class T, class... Seen>
consteval bool holds_secret_in() {
  if constexpr (shape_of<T> == Shape::secret) {
    return true;
  } else if constexpr ((std::is_same_v<T, Seen> || ...)) {
    return false;
  } else if constexpr (shape_of<T> == Shape::model) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return ((member_constraints<T>[I].is_secret || holds_secret_in<MemberType<T, I>, Seen..., T>()) || ...);
    }(std::make_index_sequence<member_count<T>>{});
  } else {
    return []<class... Part>(TypeList<Part...>) { return (holds_secret_in<Part, Seen...>() || ...); }(Parts<T>{});
  }
}

template <class T>
inline constexpr bool holds_secret = holds_secret_in<T>();

// The patterns that stand on the members of a T, at any depth.
template <class T, class... Seen>
constexpr void add_patterns(std::vector<std::string_view>& patterns) {
  if constexpr ((std::is_same_v<T, Seen> || ...)) {
    return;
  } else if constexpr (shape_of<T> == Shape::model) {
    for (const Constraints& member : member_constraints<T>) {
      if (!member.pattern.empty()) patterns.push_back(member.pattern);
    }
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add_patterns<MemberType<T, I>, Seen..., T>(patterns), ...);
    }(std::make_index_sequence<member_count<T>>{});
  } else {
    [&]<class... Part>(TypeList<Part...>) { (add_patterns<Part, Seen...>(patterns), ...); }(Parts<T>{});
  }
}

}  // namespace detail

}  // namespace bailey
