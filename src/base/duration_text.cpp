#include <bailey/base/duration_text.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace bailey {
namespace {

using std::chrono::microseconds;
using Result = std::expected<microseconds, std::string_view>;

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::string_view too_large = "duration is too large";

std::unexpected<std::string_view> refuse(std::string_view reason) { return std::unexpected(reason); }

// Adds up without going beyond what 64 bits hold. Magnitudes only: the sign comes last.
class Sum {
 public:
  // `fraction` in millionths.
  [[nodiscard]] bool add(std::int64_t count, std::int64_t fraction, std::int64_t unit) {
    std::int64_t whole = 0;
    // No fraction of a unit is beyond: the largest is a year's, of 3e13.
    const std::int64_t part = unit / second * fraction;
    return !__builtin_mul_overflow(count, unit, &whole) && !__builtin_add_overflow(total_, whole, &total_) &&
           !__builtin_add_overflow(total_, part, &total_);
  }
  [[nodiscard]] std::int64_t total() const { return total_; }

 private:
  std::int64_t total_ = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool one(char c) {
    if (next() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // In any case.
  bool letter(char lower) { return one(lower) || one(static_cast<char>(lower & ~0x20)); }
  void spaces() {
    while (one(' ')) {
    }
  }
  // Digits; nullopt for none and for more than 64 bits hold.
  std::optional<std::int64_t> number() {
    std::int64_t value = 0;
    const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (next() == '-' || read.ec != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
    return value;
  }
  // Of a clock behind the hours: two digits, no more.
  std::optional<std::int64_t> pair() {
    const std::size_t before = rest_.size();
    const auto value = number();
    return before - rest_.size() == 2 ? value : std::nullopt;
  }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  // Behind a number: ".5" in millionths, 0 for none, nullopt for a point without digits.
  std::optional<std::int64_t> fraction() {
    if (!one('.') && !one(',')) return 0;
    std::int64_t value = 0;
    std::int64_t unit = second;
    std::size_t digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
      unit /= 10;
      value += (rest_.front() - '0') * unit;
      rest_.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    return value;
  }

 private:
  std::string_view rest_;
};

// 0 for a letter that is no unit there.
std::int64_t unit_of(char letter, bool is_time) {
  switch (letter | 0x20) {
    case 'y': return is_time ? 0 : 365 * day;
    case 'm': return is_time ? minute : 30 * day;
    case 'w': return is_time ? 0 : 7 * day;
    case 'd': return is_time ? 0 : day;
    case 'h': return is_time ? hour : 0;
    case 's': return is_time ? second : 0;
    default: return 0;
  }
}

Result scan_iso(Scanner& scanner) {
  Sum sum;
  bool is_time = false;
  bool has_unit = false;
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  while (!scanner.done()) {
    if (!is_time && scanner.letter('t')) {
      is_time = true;
      has_unit = false;
      continue;
    }
    const auto count = scanner.number();
    if (!count) return refuse("invalid digit in duration");
    const auto fraction = scanner.fraction();
    if (!fraction) return refuse("invalid fraction in duration");
    const char letter = scanner.next();
    const std::int64_t unit = unit_of(letter, is_time);
    if (unit == 0 || unit >= smallest) return refuse("invalid unit in duration");
    scanner.one(letter);
    smallest = unit;
    has_unit = true;
    if (!sum.add(*count, *fraction, unit)) return refuse(too_large);
  }
  if (!has_unit) return refuse("input is too short");
  return microseconds(sum.total());
}

// Hours of one digit are hours in front of minutes and seconds alone: "1:00" could be minutes.
Result scan_clock(Scanner& scanner, std::int64_t hours, bool needs_seconds) {
  Sum sum;
  if (!scanner.one(':')) return refuse("invalid time separator, expected `:`");
  const auto minutes = scanner.pair();
  if (!minutes || *minutes > 59) return refuse("minute value is outside expected range of 0-59");
  std::int64_t seconds = 0;
  std::int64_t fraction = 0;
  if (scanner.one(':')) {
    seconds = scanner.pair().value_or(60);
    if (seconds > 59) return refuse("second value is outside expected range of 0-59");
    const auto part = scanner.fraction();
    if (!part) return refuse("second fraction digits missing after `.`");
    fraction = *part;
  } else if (needs_seconds) {
    return refuse("input is too short");
  }
  if (!scanner.done()) return refuse("unexpected extra characters at the end of the input");
  if (!sum.add(hours, 0, hour) || !sum.add(*minutes, 0, minute) || !sum.add(seconds, fraction, second))
    return refuse(too_large);
  return microseconds(sum.total());
}

// "3 days", "1 day, 02:00:00", "1 day -02:00:00", "02:00:00".
Result scan_days_and_clock(Scanner& scanner, bool negative) {
  const auto signed_by = [](microseconds span, bool below) { return below ? -span : span; };
  std::size_t before = scanner.left();
  const auto first = scanner.number();
  if (!first) return refuse("invalid digit in duration");
  if (scanner.next() == ':') {
    const Result clock = scan_clock(scanner, *first, before - scanner.left() == 1);
    return clock ? Result(signed_by(*clock, negative)) : clock;
  }
  scanner.spaces();
  if (!scanner.letter('d')) return refuse("invalid unit in duration");
  if (scanner.letter('a') && !scanner.letter('y')) return refuse("invalid unit in duration");
  scanner.letter('s');
  Sum sum;
  if (!sum.add(*first, 0, day)) return refuse(too_large);
  const microseconds days = signed_by(microseconds(sum.total()), negative);
  scanner.one(',');
  scanner.spaces();
  if (scanner.done()) return days;
  const bool below = scanner.next() == '-' || (negative && scanner.next() != '+');
  if (!scanner.one('-')) scanner.one('+');
  before = scanner.left();
  const auto hours = scanner.number();
  if (!hours || *hours > 23) return refuse("hour value is outside expected range of 0-23");
  const Result clock = scan_clock(scanner, *hours, before - scanner.left() == 1);
  if (!clock) return clock;
  std::int64_t total = 0;
  if (__builtin_add_overflow(days.count(), signed_by(*clock, below).count(), &total)) return refuse(too_large);
  return microseconds(total);
}

}  // namespace

Result parse_duration(std::string_view text) noexcept {
  Scanner scanner(text);
  const bool negative = scanner.one('-');
  if (!negative) scanner.one('+');
  if (scanner.done()) return refuse("input is too short");
  if (scanner.letter('p')) {
    const Result span = scan_iso(scanner);
    return span && negative ? Result(-*span) : span;
  }
  return scan_days_and_clock(scanner, negative);
}

Result duration_of_seconds(double seconds) noexcept {
  const double exact = seconds * static_cast<double>(second);
  if (!std::isfinite(exact)) return refuse("NaN values not permitted");
  // The largest double below 2^63.
  if (std::abs(exact) > 9.223372036854774e18) return refuse(too_large);
  return microseconds(std::llround(exact));
}

void append_duration(std::string& out, microseconds duration) {
  // As unsigned, so that the least value has a magnitude, too.
  const bool negative = duration.count() < 0;
  std::uint64_t rest = static_cast<std::uint64_t>(duration.count());
  if (negative) rest = 0 - rest;
  const auto take = [&](std::int64_t unit) {
    const std::uint64_t count = rest / static_cast<std::uint64_t>(unit);
    rest %= static_cast<std::uint64_t>(unit);
    return count;
  };
  const auto append = [&](std::uint64_t count, char letter) {
    if (count != 0) out.append(std::to_string(count)).push_back(letter);
  };
  out.append(negative ? "-P" : "P");
  const bool is_none = rest == 0;
  append(take(day), 'D');
  if (rest == 0) {
    if (is_none) out.append("T0S");
    return;
  }
  out.push_back('T');
  append(take(hour), 'H');
  append(take(minute), 'M');
  if (rest == 0) return;
  out.append(std::to_string(take(second)));
  if (rest != 0) {
    std::string digits = std::to_string(rest);
    digits.insert(0, 6 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    out.append(".").append(digits);
  }
  out.push_back('S');
}

}  // namespace bailey
