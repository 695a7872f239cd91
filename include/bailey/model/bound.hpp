#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <utility>

namespace bailey {

namespace detail {
// Not constexpr on purpose: the compiler names them where a rule is wrong.
inline void a_whole_bound_must_fit_into_64_signed_bits() {}
inline void a_bound_on_a_time_must_be_whole_microseconds() {}

template <class Count, class Period>
constexpr std::int64_t microseconds_of(std::chrono::duration<Count, Period> time) {
  const auto micros = std::chrono::duration_cast<std::chrono::duration<std::int64_t, std::micro>>(time);
  if (std::chrono::duration_cast<std::chrono::duration<Count, Period>>(micros) != time) {
    a_bound_on_a_time_must_be_whole_microseconds();
  }
  return micros.count();
}
}  // namespace detail

// A bound on a value, of the kind it was written in: a number for numbers and Decimals, a duration for durations, a day
// (std::chrono::sys_days or a date of the calendar) for days, a time for times.
struct Bound {
  enum class Kind : std::uint8_t { none, integer, real, duration, date, time };
  Kind kind = Kind::none;
  std::int64_t integer = 0;  // a whole number, microseconds, days since 1970, or microseconds since 1970
  double real = 0;

  constexpr Bound() = default;
  template <std::integral N>
  constexpr explicit Bound(N value) : kind(Kind::integer), integer(static_cast<std::int64_t>(value)) {
    if (!std::in_range<std::int64_t>(value)) detail::a_whole_bound_must_fit_into_64_signed_bits();
  }
  template <std::floating_point N>
  constexpr explicit Bound(N value) : kind(Kind::real), real(static_cast<double>(value)) {}
  template <class Count, class Period>
  constexpr explicit Bound(std::chrono::duration<Count, Period> value)
      : kind(Kind::duration), integer(detail::microseconds_of(value)) {}
  constexpr explicit Bound(std::chrono::sys_days value) : kind(Kind::date), integer(value.time_since_epoch().count()) {}
  constexpr explicit Bound(std::chrono::year_month_day value) : Bound(std::chrono::sys_days(value)) {}
  template <class Duration>
  constexpr explicit Bound(std::chrono::sys_time<Duration> value)
      : kind(Kind::time), integer(detail::microseconds_of(value.time_since_epoch())) {}

  [[nodiscard]] constexpr bool set() const { return kind != Kind::none; }
  [[nodiscard]] constexpr bool is_number() const { return kind == Kind::integer || kind == Kind::real; }
  [[nodiscard]] constexpr double as_double() const { return kind == Kind::real ? real : static_cast<double>(integer); }
  friend constexpr bool operator==(const Bound&, const Bound&) = default;
};

}  // namespace bailey
