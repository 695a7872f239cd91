#include "model/bound_text.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include <bailey/base/time_text.hpp>

namespace bailey::detail {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

// Days may be negative, and what is behind them never is: "-1 days and 23 hours" is an hour less than nothing.
std::string duration_words(microseconds time) {
  const auto whole_days = std::chrono::floor<days>(time);
  const std::int64_t rest = (time - whole_days).count();
  constexpr std::int64_t second = 1'000'000;
  const std::array<std::pair<std::int64_t, std::string_view>, 5> parts{{{whole_days.count(), "day"},
                                                                        {rest / (3600 * second), "hour"},
                                                                        {rest / (60 * second) % 60, "minute"},
                                                                        {rest / second % 60, "second"},
                                                                        {rest % second, "microsecond"}}};
  std::string text;
  for (const auto& [count, unit] : parts) {
    if (count == 0) continue;
    if (!text.empty()) text += " and ";
    text.append(std::to_string(count)).append(" ").append(unit);
    if (count != 1) text += 's';
  }
  return text.empty() ? "0 seconds" : text;
}

// Python writes six digits of a second or none.
std::string time_words(microseconds since_1970) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_1970);
  std::string text = to_text(std::chrono::sys_time<std::chrono::seconds>(seconds));
  if (const auto fraction = (since_1970 - seconds).count(); fraction != 0) {
    const std::string digits = std::to_string(fraction);
    text.insert(text.size() - 1, "." + std::string(6 - digits.size(), '0') + digits);
  }
  return text;
}

}  // namespace

std::string bound_text(const Bound& bound) {
  std::string text;
  switch (bound.kind) {
    case Bound::Kind::none: break;
    case Bound::Kind::integer: return std::to_string(bound.integer);
    case Bound::Kind::real: append_json_number(text, bound.real); break;
    case Bound::Kind::duration: return duration_words(microseconds(bound.integer));
    case Bound::Kind::date: append_date(text, std::chrono::sys_days(days(bound.integer))); break;
    case Bound::Kind::time: return time_words(microseconds(bound.integer));
  }
  return text;
}

json::value bound_json(const Bound& bound) {
  if (bound.kind == Bound::Kind::integer) return bound.integer;
  if (bound.kind == Bound::Kind::real) return bound.real;
  return json::string(bound_text(bound));
}

}  // namespace bailey::detail
