#include "http/date.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace bailey::http {

namespace {

using namespace std::string_view_literals;

constexpr std::array<std::string_view, 7> days{"Sun, ", "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, "};
constexpr std::array full_days{"Sunday, "sv,   "Monday, "sv, "Tuesday, "sv, "Wednesday, "sv,
                               "Thursday, "sv, "Friday, "sv, "Saturday, "sv};
constexpr std::array<std::string_view, 12> months{" Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
                                                  " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec "};

void append_two(std::string& out, unsigned value) {
  out.push_back(static_cast<char>('0' + value / 10 % 10));
  out.push_back(static_cast<char>('0' + value % 10));
}

// A date cut into its parts from the left. What does not fit spoils all.
class DateReader {
 public:
  explicit DateReader(std::string_view text) noexcept : rest_(text) {}

  // Whether the next is one of these, of the length that all have; which, counted from 0, in `index`.
  template <std::size_t Count>
  bool one_of(const std::array<std::string_view, Count>& names, std::size_t from, std::size_t length,
              unsigned& index) noexcept {
    const auto found = std::ranges::find_if(
        names, [&](std::string_view name) { return rest_.starts_with(name.substr(from, length)); });
    if (found == names.end()) return false;
    index = static_cast<unsigned>(found - names.begin());
    rest_.remove_prefix(std::min(length, found->size()));
    return true;
  }
  bool literal(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool number(std::size_t digits, unsigned& value) noexcept {
    if (rest_.size() < digits) return false;
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (!ascii::is_digit(c)) return false;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }
  [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct DateParts {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

bool read_clock(DateReader& from, DateParts& parts) noexcept {
  return from.number(2, parts.hour) && from.literal(":") && from.number(2, parts.minute) && from.literal(":") &&
         from.number(2, parts.second);
}

bool read_fixed(DateReader from, DateParts& parts) noexcept {
  unsigned day = 0;
  return from.one_of(days, 0, 5, day) && from.number(2, parts.day) && from.one_of(months, 0, 5, parts.month) &&
         from.number(4, parts.year) && from.literal(" ") && read_clock(from, parts) && from.literal(" GMT") &&
         from.is_at_end();
}

bool read_with_full_day(DateReader from, DateParts& parts, std::chrono::sys_seconds now) noexcept {
  unsigned day = 0;
  if (!from.one_of(full_days, 0, std::string_view::npos, day) || !from.number(2, parts.day) || !from.literal("-") ||
      !from.one_of(months, 1, 3, parts.month) || !from.literal("-") || !from.number(2, parts.year) ||
      !from.literal(" ") || !read_clock(from, parts) || !from.literal(" GMT") || !from.is_at_end())
    return false;
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const auto this_year = static_cast<unsigned>(static_cast<int>(today.year()));
  parts.year += this_year - this_year % 100;
  if (parts.year >= this_year + 50) parts.year -= 100;
  return true;
}

bool read_as_c_does(DateReader from, DateParts& parts) noexcept {
  unsigned day = 0;
  return from.one_of(days, 0, 3, day) && from.one_of(months, 0, 5, parts.month) &&
         (from.literal(" ") ? from.number(1, parts.day) : from.number(2, parts.day)) && from.literal(" ") &&
         read_clock(from, parts) && from.literal(" ") && from.number(4, parts.year) && from.is_at_end();
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_date(std::string_view text, std::chrono::sys_seconds now) {
  using namespace std::chrono;
  DateParts parts;
  const DateReader reader(text);
  if (!read_fixed(reader, parts) && !read_with_full_day(reader, parts, now) && !read_as_c_does(reader, parts))
    return std::nullopt;
  const year_month_day date(year(static_cast<int>(parts.year)), month(parts.month + 1), day(parts.day));
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  return sys_days(date) + hours(parts.hour) + minutes(parts.minute) + seconds(parts.second);
}

void append_date(std::string& out, std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  out.append(days[std::chrono::weekday(day).c_encoding()]);
  append_two(out, static_cast<unsigned>(date.day()));
  out.append(months[static_cast<unsigned>(date.month()) - 1]);
  append_two(out, year / 100);
  append_two(out, year % 100);
  out.push_back(' ');
  append_two(out, static_cast<unsigned>(clock.hours().count()));
  out.push_back(':');
  append_two(out, static_cast<unsigned>(clock.minutes().count()));
  out.push_back(':');
  append_two(out, static_cast<unsigned>(clock.seconds().count()));
  out.append(" GMT");
}

}  // namespace bailey::http
