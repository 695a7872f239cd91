// Values whose form is a text: UUIDs, times, enumerations. The phrases behind `error` are those of pydantic's parsers.
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>
#include <bailey/model/detail/reader.hpp>

namespace bailey::detail {
namespace {

constexpr std::string_view urn = "urn:uuid:";

// Without braces or the mark of a URN around the hyphenated form.
std::string_view bare_uuid(std::string_view text) {
  if (text.size() == 38 && text.starts_with('{') && text.ends_with('}')) return text.substr(1, 36);
  if (text.size() == 36 + urn.size() && text.starts_with(urn)) return text.substr(urn.size());
  return text;
}

// What is wrong with a text that is no UUID: the first wrong character, or else how the digits are grouped.
std::string uuid_fault(std::string_view text) {
  constexpr std::array<std::size_t, 6> starts{0, 9, 14, 19, 24, 37};
  std::string_view digits = text;
  if (text.size() > 1 && text.starts_with('{') && text.ends_with('}')) digits = text.substr(1, text.size() - 2);
  if (text.starts_with(urn)) digits.remove_prefix(urn.size());
  const auto offset = static_cast<std::size_t>(digits.data() - text.data());
  std::array<std::size_t, 5> ends{};
  std::size_t groups = 0;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (digits[at] == '-') {
      if (groups < 4) ends[groups] = at;
      ++groups;
    } else if (ascii::hex_value(digits[at]) < 0) {
      return "invalid character: found `" + std::string(digits.substr(at, utf8_sequence(digits, at))) + "` at " +
             std::to_string(at + offset);
    }
  }
  ++groups;
  if (groups == 1 && digits.size() == text.size()) return "invalid length: found " + std::to_string(text.size());
  if (groups != 5) return "invalid group count: expected 5, found " + std::to_string(groups);
  ends[4] = digits.size();
  std::size_t group = 0;
  while (group < 4 && ends[group] == starts[group + 1] - 1) ++group;
  return "invalid group length in group " + std::to_string(group) + ": expected " +
         std::to_string(starts[group + 1] - starts[group] - 1) + ", found " +
         std::to_string(ends[group] - starts[group]);
}

// "1700000000", "-1.5": a number without an exponent, to be counted in seconds.
std::optional<double> plain_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const std::string_view magnitude = text.substr(text.starts_with('-') ? 1 : 0);
  const std::string_view whole = magnitude.substr(0, magnitude.find('.'));
  std::int64_t seconds = 0;
  const bool is_plain = magnitude.find_first_not_of("0123456789.") == std::string_view::npos;
  const bool fits =
      whole.empty() || std::from_chars(whole.data(), whole.data() + whole.size(), seconds).ec == std::errc();
  if (!is_plain || !fits) return std::nullopt;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Uuid> Reader::uuid(const Path& path, std::string_view text, Input input) {
  auto uuid = Uuid::parse(bare_uuid(text));
  if (!uuid) {
    const std::string reason = uuid_fault(text);
    fail(path, "uuid_parsing", "Input should be a valid UUID, " + reason, input, {{"error", reason}});
  }
  return uuid;
}

// The year 0 is none, and neither is one that only the way from a zone to UTC leads to: no answer could say it.
bool Reader::is_within_calendar(const Path& path, DayTime time, Input input) {
  const auto year = static_cast<int>(std::chrono::year_month_day(time.day).year());
  if (year >= 1 && year <= 9999) return true;
  const std::string reason = "year " + std::to_string(year) + " is out of range";
  fail(path, "datetime_parsing", "Input should be a valid datetime, " + reason, input, {{"error", reason}});
  return false;
}

std::optional<DayTime> Reader::date_time(const Path& path, std::string_view text, Input input) {
  const auto parsed = parse_date_time(text);
  if (parsed) return is_within_calendar(path, *parsed, input) ? std::optional(*parsed) : std::nullopt;
  std::string_view reason = parsed.error();
  if (reason == year_0_refused) {
    fail(path, "datetime_parsing", "Input should be a valid datetime, " + std::string(reason), input,
         {{"error", reason}});
    return std::nullopt;
  }
  if (const auto number = is_lenient() ? plain_number(text) : std::nullopt) {
    const auto counted = from_unix_time(*number);
    if (counted) return is_within_calendar(path, *counted, input) ? std::optional(*counted) : std::nullopt;
    reason = counted.error();
  } else if (const auto day = parse_date(text); !day) {
    reason = day.error();  // the time behind it is not looked at again
  }
  fail(path, "datetime_from_date_parsing", "Input should be a valid datetime or date, " + std::string(reason), input,
       {{"error", reason}});
  return std::nullopt;
}

std::optional<DayTime> Reader::date_time(const Path& path, double seconds, Input input) {
  const auto counted = from_unix_time(seconds);
  if (counted) return is_within_calendar(path, *counted, input) ? std::optional(*counted) : std::nullopt;
  fail(path, "datetime_parsing", "Input should be a valid datetime, " + std::string(counted.error()), input,
       {{"error", counted.error()}});
  return std::nullopt;
}

std::optional<std::chrono::sys_days> Reader::date(const Path& path, std::string_view text, Input input) {
  const auto parsed = parse_zoned_time(text);
  if (parsed) return midnight(path, parsed->local, input);
  if (parsed.error() == year_0_refused) {
    // Its time is looked at first: on the same day of another leap year.
    const auto elsewhen = parse_zoned_time("0004" + std::string(text.substr(4)));
    if (elsewhen && midnight(path, elsewhen->local, input)) fail_year_0(path, input);
    return std::nullopt;
  }
  if (const auto number = is_lenient() ? plain_number(text) : std::nullopt) return date(path, *number, input);
  fail(path, "date_from_datetime_parsing", "Input should be a valid date or datetime, " + std::string(parsed.error()),
       input, {{"error", parsed.error()}});
  return std::nullopt;
}

std::optional<std::chrono::sys_days> Reader::date(const Path& path, double seconds, Input input) {
  const auto counted = from_unix_time(seconds);
  if (counted) return midnight(path, *counted, input);
  fail(path, "date_from_datetime_parsing", "Input should be a valid date or datetime, " + std::string(counted.error()),
       input, {{"error", counted.error()}});
  return std::nullopt;
}

void Reader::fail_year_0(const Path& path, Input input) {
  fail(path, "date_parsing", "Input should be a valid date in the format YYYY-MM-DD, " + std::string(year_0_refused),
       input, {{"error", year_0_refused}});
}

// Its day, if the time is the day's first microsecond.
std::optional<std::chrono::sys_days> Reader::midnight(const Path& path, DayTime time, Input input) {
  if (time.since_midnight < std::chrono::microseconds(1)) {
    if (time.day >= std::chrono::year(1) / 1 / 1) return time.day;
    fail_year_0(path, input);
    return std::nullopt;
  }
  fail(path, "date_from_datetime_inexact", "Datetimes provided to dates should have zero time - e.g. be exact dates",
       input);
  return std::nullopt;
}

std::optional<std::chrono::microseconds> Reader::duration(const Path& path, std::string_view text, Input input) {
  const auto parsed = parse_duration(text);
  if (parsed) return *parsed;
  fail(path, "time_delta_parsing", "Input should be a valid timedelta, " + std::string(parsed.error()), input,
       {{"error", parsed.error()}});
  return std::nullopt;
}

std::optional<std::chrono::microseconds> Reader::duration(const Path& path, double seconds, Input input) {
  const auto counted = duration_of_seconds(seconds);
  if (counted) return *counted;
  fail(path, "time_delta_parsing", "Input should be a valid timedelta, " + std::string(counted.error()), input,
       {{"error", counted.error()}});
  return std::nullopt;
}

void Reader::not_among(const Path& path, std::span<const std::string_view> names, Input input) {
  std::string expected;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) expected.append(i + 1 == names.size() ? " or " : ", ");
    expected.append("'").append(names[i]).append("'");
  }
  fail(path, "enum", "Input should be " + expected, input, {{"expected", expected}});
}

}  // namespace bailey::detail
