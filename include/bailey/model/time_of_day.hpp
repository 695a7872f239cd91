#pragma once

#include <bailey/base/time_text.hpp>
#include <bailey/model/reflect.hpp>

#include <chrono>
#include <compare>
#include <expected>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bailey {

// What a clock shows, on no day and in no zone: opening hours, PostgreSQL's `time`. Read from "09:30", "09:30:15" or
// "09:30:15.25", and written with seconds.
class TimeOfDay {
 public:
  TimeOfDay() = default;  // midnight
  // Throws std::out_of_range unless it is in [0, 24 h).
  constexpr explicit TimeOfDay(std::chrono::nanoseconds since_midnight) : since_midnight_(since_midnight) {
    if (since_midnight < std::chrono::nanoseconds(0) || since_midnight >= std::chrono::hours(24))
      throw std::out_of_range("a time of day is less than 24 hours after midnight");
  }
  // The error is a phrase that fits behind "invalid time: ".
  [[nodiscard]] static std::expected<TimeOfDay, std::string> parse(std::string_view text);

  [[nodiscard]] constexpr std::chrono::nanoseconds since_midnight() const noexcept { return since_midnight_; }
  [[nodiscard]] std::string to_text() const;

  friend constexpr auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;

 private:
  std::chrono::nanoseconds since_midnight_{0};
};

template <>
struct TextCodec<TimeOfDay> {
  static constexpr std::string_view format = "time";
  static constexpr std::string_view name_in_errors = "time";
  static constexpr std::string_view error_type = "time_parsing";
  static constexpr std::string_view error_begin = "Input should be in a valid time format, ";
  static constexpr std::string_view kind_error_type = "time_type";
  static constexpr std::string_view kind_error = "Input should be a valid time";
  static std::string to_text(const TimeOfDay& value) { return value.to_text(); }
  static std::expected<TimeOfDay, std::string> from_text(std::string_view text) { return TimeOfDay::parse(text); }
};

}  // namespace bailey
