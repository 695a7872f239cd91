// ISO 8601, the part RFC 3339 keeps plus what PostgreSQL prints ("2026-11-23 14:05:09.12+00"). No locale, no strptime.
#include <bailey/base/time_text.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace bailey {
namespace {

using std::chrono::days;
using std::chrono::nanoseconds;
using std::chrono::sys_days;

void append_padded(std::string& out, std::uint64_t number, int digits) {
  std::array<char, 20> text;
  const auto size = static_cast<std::size_t>(digits);
  for (std::size_t at = size; at-- > 0; number /= 10) text[at] = static_cast<char>('0' + number % 10);
  out.append(text.data(), size);
}

// Reads a text from the left; every method leaves it unchanged when it finds something else.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

  // Exactly that many digits.
  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      number = number * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return number;
  }

  bool text(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  // One of these characters; NUL when there is none.
  char one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return '\0';
    const char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }

 private:
  std::string_view rest_;
};

using DayResult = std::expected<sys_days, std::string_view>;
using SpanResult = std::expected<nanoseconds, std::string_view>;

std::unexpected<std::string_view> refuse(std::string_view reason) { return std::unexpected(reason); }

DayResult scan_date(Scanner& scanner) {
  const auto year = scanner.digits(4);
  if (!year) return refuse("invalid character in year");
  if (!scanner.one_of("-")) return refuse("invalid date separator, expected `-`");
  const auto month = scanner.digits(2);
  if (!month) return refuse("invalid character in month");
  if (!scanner.one_of("-")) return refuse("invalid date separator, expected `-`");
  const auto day = scanner.digits(2);
  if (!day) return refuse("invalid character in day");
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.month().ok()) return refuse("month value is outside expected range of 1-12");
  if (!date.ok()) return refuse("day value is outside expected range");
  return sys_days(date);
}

bool is_in_year_0(sys_days day) { return day < std::chrono::year(1) / 1 / 1; }

SpanResult scan_clock(Scanner& scanner) {
  const auto hour = scanner.digits(2);
  if (!hour) return refuse("invalid character in hour");
  if (!scanner.one_of(":")) return refuse("invalid time separator, expected `:`");
  const auto minute = scanner.digits(2);
  if (!minute) return refuse("invalid character in minute");
  if (*hour > 23) return refuse("hour value is outside expected range of 0-23");
  if (*minute > 59) return refuse("minute value is outside expected range of 0-59");
  nanoseconds time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (!scanner.one_of(":")) return time;
  const auto second = scanner.digits(2);
  if (!second) return refuse("invalid character in second");
  if (*second > 59) return refuse("second value is outside expected range of 0-59");
  time += std::chrono::seconds(*second);
  if (!scanner.one_of(".,")) return time;
  std::int64_t unit = 1'000'000'000;
  std::int64_t fraction = 0;
  int count = 0;
  while (const auto digit = scanner.digits(1)) {
    ++count;
    unit /= 10;
    fraction += *digit * unit;
  }
  if (count == 0) return refuse("second fraction digits missing after `.`");
  return time + nanoseconds(fraction);
}

// How far ahead of UTC.
SpanResult scan_zone(Scanner& scanner) {
  if (scanner.done() || scanner.one_of("Zz") != '\0') return nanoseconds(0);
  const bool behind = scanner.one_of("-") != '\0' || scanner.text("\u2212");  // the minus that typographers use
  if (!behind && !scanner.one_of("+")) return refuse("invalid timezone sign");
  const auto hours = scanner.digits(2);
  if (!hours) return refuse("invalid timezone hour");
  const bool colon = scanner.one_of(":") != '\0';
  const auto minutes = scanner.digits(2);
  if (!minutes && colon) return refuse("invalid timezone minute");
  if (minutes.value_or(0) > 59) return refuse("timezone minute value is outside expected range of 0-59");
  if (*hours > 23) return refuse("timezone offset must be less than 24 hours");
  const nanoseconds offset = std::chrono::hours(*hours) + std::chrono::minutes(minutes.value_or(0));
  return behind ? -offset : offset;
}

}  // namespace

void append_date(std::string& out, sys_days day) {
  const std::chrono::year_month_day date(day);
  const int year = static_cast<int>(date.year());
  if (year < 0) out.push_back('-');
  append_padded(out, static_cast<std::uint64_t>(std::abs(year)), std::abs(year) > 9999 ? 5 : 4);
  out.push_back('-');
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out.push_back('-');
  append_padded(out, static_cast<unsigned>(date.day()), 2);
}

void append_clock(std::string& out, nanoseconds since_midnight) {
  const auto nanos = static_cast<std::uint64_t>(since_midnight.count());
  const std::uint64_t seconds = nanos / 1'000'000'000;
  const std::uint64_t fraction = nanos % 1'000'000'000;
  append_padded(out, seconds / 3600, 2);
  out.push_back(':');
  append_padded(out, seconds / 60 % 60, 2);
  out.push_back(':');
  append_padded(out, seconds % 60, 2);
  if (fraction != 0) {
    out.push_back('.');
    if (fraction % 1'000'000 == 0) {
      append_padded(out, fraction / 1'000'000, 3);
    } else if (fraction % 1'000 == 0) {
      append_padded(out, fraction / 1'000, 6);
    } else {
      append_padded(out, fraction, 9);
    }
  }
}

void append_date_time(std::string& out, DayTime time) {
  append_date(out, time.day);
  out.push_back('T');
  append_clock(out, time.since_midnight);
  out.push_back('Z');
}

DayResult parse_date(std::string_view text) noexcept {
  if (text.size() < 10) return refuse("input is too short");
  Scanner scanner(text);
  const DayResult day = scan_date(scanner);
  if (day && !scanner.done()) return refuse("unexpected extra characters at the end of the input");
  if (day && is_in_year_0(*day)) return refuse(year_0_refused);
  return day;
}

SpanResult parse_clock(std::string_view text) noexcept {
  if (text.size() < 5) return refuse("input is too short");
  Scanner scanner(text);
  const SpanResult clock = scan_clock(scanner);
  if (!clock || scanner.done()) return clock;
  const bool is_zone = scanner.one_of("Zz+-") != '\0' || scanner.text("\u2212");
  return refuse(is_zone ? "unexpected extra characters at the end of the input" : "invalid timezone sign");
}

DayTime ZonedTime::utc() const noexcept {
  const nanoseconds since_midnight = local.since_midnight - ahead;
  const days shift = std::chrono::floor<days>(since_midnight);
  return {local.day + shift, since_midnight - shift};
}

std::expected<ZonedTime, std::string_view> parse_zoned_time(std::string_view text) noexcept {
  if (text.size() < 10) return refuse("input is too short");
  Scanner scanner(text);
  const DayResult day = scan_date(scanner);
  if (!day) return refuse(day.error());
  const bool is_refused = is_in_year_0(*day);
  if (scanner.done() && is_refused) return refuse(year_0_refused);
  if (scanner.done()) return ZonedTime{{*day, nanoseconds(0)}, nanoseconds(0)};
  if (scanner.one_of("Tt _") == '\0') return refuse("invalid datetime separator, expected `T`, `t`, `_` or space");
  if (scanner.left() < 5) return refuse("input is too short");
  const SpanResult clock = scan_clock(scanner);
  if (!clock) return refuse(clock.error());
  const SpanResult ahead = scan_zone(scanner);
  if (!ahead) return refuse(ahead.error());
  if (!scanner.done()) return refuse("unexpected extra characters at the end of the input");
  if (is_refused) return refuse(year_0_refused);
  return ZonedTime{{*day, *clock}, *ahead};
}

std::expected<DayTime, std::string_view> parse_date_time(std::string_view text) noexcept {
  const auto parsed = parse_zoned_time(text);
  if (!parsed) return refuse(parsed.error());
  return parsed->utc();
}

std::expected<DayTime, std::string_view> from_unix_time(double seconds) noexcept {
  constexpr double most_as_seconds = 2e10;
  constexpr double year_0 = -62'167'219'200.0;
  constexpr double year_10000 = 253'402'300'800.0;
  const double scale = std::abs(seconds) > most_as_seconds ? 1e3 : 1;
  const double whole = std::floor(seconds / scale);
  if (!(whole < year_10000)) return refuse("dates after 9999 are not supported as unix timestamps");
  if (whole < year_0) return refuse("dates before 0000 are not supported as unix timestamps");
  const auto micros = static_cast<std::int64_t>(std::round((seconds - whole * scale) * (1e6 / scale)));
  const std::chrono::microseconds time =
      std::chrono::seconds(static_cast<std::int64_t>(whole)) + std::chrono::microseconds(micros);
  const days day = std::chrono::floor<days>(time);
  return DayTime{sys_days(day), time - day};
}

}  // namespace bailey
