#include "http/date.hpp"

#include <array>
#include <string_view>

namespace bailey::http {

namespace {

void append_two(std::string& out, unsigned value) {
  out.push_back(static_cast<char>('0' + value / 10 % 10));
  out.push_back(static_cast<char>('0' + value % 10));
}

}  // namespace

void append_date(std::string& out, std::chrono::sys_seconds time) {
  static constexpr std::array<std::string_view, 7> days{"Sun, ", "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, "};
  static constexpr std::array<std::string_view, 12> months{" Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
                                                           " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec "};
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
