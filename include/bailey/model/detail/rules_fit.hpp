#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <bailey/model/rules.hpp>
#include <bailey/model/shape.hpp>

// Whether rules fit the type they stand on, and whether any value of it can meet them. Asked of members and of lone
// parameters alike.
namespace bailey::detail {

// What a rule on text or numbers is about: the innermost type of an optional, a list or a map.
template <class T>
struct Leaf {
  using type = T;
  static constexpr bool has_items = false;  // of a number that rules may bound: an array's is its type's
};
template <class T>
  requires is_nullable<T>
struct Leaf<T> : Leaf<ElementOf<T>> {};
template <class T>
  requires(shape_of<T> == Shape::list || shape_of<T> == Shape::array || shape_of<T> == Shape::map)
struct Leaf<T> {
  using type = typename Leaf<ElementOf<T>>::type;
  static constexpr bool has_items = shape_of<T> != Shape::array;
};

template <class T>
inline constexpr bool is_text_leaf = shape_of<T> == Shape::text || shape_of<T> == Shape::secret;

template <class T>
consteval bool is_decimal_of() {
  if constexpr (shape_of<T> == Shape::coded) return requires { requires TextCodec<T>::is_decimal; };
  return false;
}
template <class T>
inline constexpr bool is_decimal_leaf = is_decimal_of<T>();

template <class T>
inline constexpr bool is_number_leaf =
    shape_of<T> == Shape::integer || shape_of<T> == Shape::real || is_decimal_leaf<T>;

// Durations, days and times.
template <class T>
inline constexpr bool is_chrono_leaf =
    shape_of<T> == Shape::duration || shape_of<T> == Shape::date || shape_of<T> == Shape::time;

template <class T>
consteval bool takes_bound(const Bound& bound) {
  if (!bound.set()) return true;
  if constexpr (is_number_leaf<T>) return bound.is_number();
  return (shape_of<T> == Shape::duration && bound.kind == Bound::Kind::duration) ||
         (shape_of<T> == Shape::date && bound.kind == Bound::Kind::date) ||
         (shape_of<T> == Shape::time && bound.kind == Bound::Kind::time);
}

template <class T>
consteval bool takes_bounds(const Constraints& rules) {
  return takes_bound<T>(rules.greater_than) && takes_bound<T>(rules.at_least) && takes_bound<T>(rules.less_than) &&
         takes_bound<T>(rules.at_most) && (!rules.multiple_of.set() || rules.multiple_of.is_number());
}

__extension__ using WideInteger = __int128;

consteval WideInteger rounded(double number, bool upwards) {
  constexpr double beyond = 0x1p100;
  if (!(number < beyond)) number = beyond;  // NaN, too: it bounds nothing
  if (number < -beyond) number = -beyond;
  const auto whole = static_cast<WideInteger>(number);
  const auto back = static_cast<double>(whole);
  if (upwards) return back < number ? whole + 1 : whole;
  return back > number ? whole - 1 : whole;
}

// Whether some T, an integer, is within the bounds and a multiple of what it is to be.
template <class T>
consteval bool some_integer_meets(const Constraints& rules) {
  WideInteger low = std::numeric_limits<T>::min();
  WideInteger high = std::numeric_limits<T>::max();
  const auto is_real = [](const Bound& bound) { return bound.kind == Bound::Kind::real; };
  const auto at_least = [&](WideInteger bound) { low = bound > low ? bound : low; };
  const auto at_most = [&](WideInteger bound) { high = bound < high ? bound : high; };
  if (const Bound& bound = rules.at_least; bound.set())
    at_least(is_real(bound) ? rounded(bound.real, true) : WideInteger{bound.integer});
  if (const Bound& bound = rules.greater_than; bound.set())
    at_least((is_real(bound) ? rounded(bound.real, false) : WideInteger{bound.integer}) + 1);
  if (const Bound& bound = rules.at_most; bound.set())
    at_most(is_real(bound) ? rounded(bound.real, false) : WideInteger{bound.integer});
  if (const Bound& bound = rules.less_than; bound.set())
    at_most((is_real(bound) ? rounded(bound.real, true) : WideInteger{bound.integer}) - 1);
  if (low > high) return false;
  const Bound& divisor = rules.multiple_of;
  if (divisor.kind != Bound::Kind::integer || divisor.integer <= 0) return true;
  const WideInteger remainder = low % divisor.integer;
  return remainder == 0 || low - remainder + (remainder > 0 ? divisor.integer : 0) <= high;
}

// Whether the bounds leave something of a T beyond what any two bounds of one kind leave between them.
template <class T>
consteval bool some_value_meets(const Constraints& rules) {
  if constexpr (shape_of<T> == Shape::integer) {
    return some_integer_meets<T>(rules);
  } else if constexpr (shape_of<T> == Shape::real) {
    constexpr double most = std::numeric_limits<T>::max();
    return !(rules.at_least.as_double() > most) && !(rules.greater_than.as_double() >= most) &&
           !(rules.at_most.as_double() < -most) && !(rules.less_than.as_double() <= -most);
  } else if constexpr (is_decimal_leaf<T>) {
    if (rules.max_digits == Constraints::unbounded) return true;
    const std::size_t behind = rules.decimal_places == Constraints::unbounded ? 0 : rules.decimal_places;
    double beyond = 1;  // of the digits before the point
    for (std::size_t i = behind; i < rules.max_digits && i < behind + 300; ++i) beyond *= 10;
    return !(rules.at_least.as_double() >= beyond) && !(rules.greater_than.as_double() >= beyond) &&
           !(rules.at_most.as_double() <= -beyond) && !(rules.less_than.as_double() <= -beyond);
  } else {
    return true;
  }
}

// How many different T there are, of those that are few.
template <class T>
consteval std::size_t count_of_values() {
  if constexpr (shape_of<T> == Shape::boolean) return 2;
  if constexpr (shape_of<T> == Shape::enumeration) return enum_names<T>.size();
  if constexpr (shape_of<T> == Shape::integer && sizeof(T) < sizeof(std::size_t)) {
    return std::size_t{1} << (8 * sizeof(T));
  }
  return Constraints::unbounded;
}

// Whether a T, with its items, can be what the rules ask for.
template <class T>
consteval bool can_meet(const Constraints& rules) {
  if (!rules.can_be_met() || !some_value_meets<typename Leaf<T>::type>(rules)) return false;
  if constexpr (is_nullable<T>) {
    return can_meet<ElementOf<T>>(rules);
  } else if constexpr (shape_of<T> == Shape::list) {
    return !rules.has_unique_items || rules.min_items <= count_of_values<ElementOf<T>>();
  } else {
    return true;
  }
}

}  // namespace bailey::detail
