#include <bailey/model/time_of_day.hpp>

namespace bailey {

std::expected<TimeOfDay, std::string> TimeOfDay::parse(std::string_view text) {
  const auto clock = parse_clock(text);
  if (!clock) return std::unexpected(std::string(clock.error()));
  return TimeOfDay(*clock);
}

std::string TimeOfDay::to_text() const {
  std::string text;
  append_clock(text, since_midnight_);
  return text;
}

}  // namespace bailey
