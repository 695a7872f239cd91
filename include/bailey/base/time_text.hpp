#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

// Times as ISO 8601 text (the profile of RFC 3339, and what PostgreSQL prints).
namespace bailey {

// Why a text is no date that otherwise is one: found out last.
inline constexpr std::string_view year_0_refused = "year 0 is out of range";

// A point in time by its UTC day and the time since that day's midnight, in [0, 24 h). Wider than any duration's range.
struct DayTime {
  std::chrono::sys_days day;
  std::chrono::nanoseconds since_midnight;
};

// Appends "2026-11-23".
void append_date(std::string& out, std::chrono::sys_days day);

// Appends "14:05:09", with a fraction of 3, 6 or 9 digits where there is one. Of a time in [0, 24 h).
void append_clock(std::string& out, std::chrono::nanoseconds since_midnight);

// Appends "2026-11-23T14:05:09Z", with a fraction of 3, 6 or 9 digits where there is one.
void append_date_time(std::string& out, DayTime time);

template <class Duration>
void append_time(std::string& out, std::chrono::sys_time<Duration> time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  append_date_time(out, {day, std::chrono::duration_cast<std::chrono::nanoseconds>(time - day)});
}

template <class Duration>
[[nodiscard]] std::string to_text(std::chrono::sys_time<Duration> time) {
  std::string out;
  append_time(out, time);
  return out;
}

// Reads "YYYY-MM-DD" for a day that exists. The error is a short phrase that fits behind "invalid date: ".
[[nodiscard]] std::expected<std::chrono::sys_days, std::string_view> parse_date(std::string_view text) noexcept;

// Reads "HH:MM", optionally ":SS", optionally a fraction (beyond nine digits it is cut off). No zone.
[[nodiscard]] std::expected<std::chrono::nanoseconds, std::string_view> parse_clock(std::string_view text) noexcept;

// A time as it stands on the clocks of some zone, and how far these are ahead of UTC.
struct ZonedTime {
  DayTime local;
  std::chrono::nanoseconds ahead;

  [[nodiscard]] DayTime utc() const noexcept;
};

// Reads "YYYY-MM-DD", then 'T', 't', ' ' or '_', then "HH:MM", optionally ":SS", optionally a fraction (beyond nine
// digits it is cut off), optionally "Z", "±HH", "±HHMM" or "±HH:MM". Without a zone it is UTC. A date alone is its
// midnight.
[[nodiscard]] std::expected<ZonedTime, std::string_view> parse_zoned_time(std::string_view text) noexcept;

// The same in UTC.
[[nodiscard]] std::expected<DayTime, std::string_view> parse_date_time(std::string_view text) noexcept;

// The time so many seconds after 1970, to the microsecond; milliseconds if more than 20,000,000,000 either way.
[[nodiscard]] std::expected<DayTime, std::string_view> from_unix_time(double seconds) noexcept;

// As a sys_time, rounded down to its duration; refused when beyond its range.
template <class Duration>
[[nodiscard]] std::expected<std::chrono::sys_time<Duration>, std::string_view> to_sys_time(DayTime time) noexcept {
  using Time = std::chrono::sys_time<Duration>;
  // Dates have four digits of year: only durations finer than a microsecond are too short for them.
  if constexpr (std::ratio_less_v<typename Duration::period, std::micro>) {
    const auto least = std::chrono::floor<std::chrono::days>(Time::min()) + std::chrono::days(1);
    const auto most = std::chrono::floor<std::chrono::days>(Time::max()) - std::chrono::days(1);
    if (time.day < least || time.day > most) return std::unexpected(std::string_view("year is out of range"));
  }
  return Time(std::chrono::duration_cast<Duration>(time.day.time_since_epoch())) +
         std::chrono::floor<Duration>(time.since_midnight);
}

template <class Duration>
[[nodiscard]] std::expected<std::chrono::sys_time<Duration>, std::string_view> parse_time(
    std::string_view text) noexcept {
  const auto parsed = parse_date_time(text);
  if (!parsed) return std::unexpected(parsed.error());
  return to_sys_time<Duration>(*parsed);
}

}  // namespace bailey
