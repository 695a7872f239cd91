#include "pg/pace.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace bailey::pg::detail {

Pace::Key Pace::key_of(std::string_view role, std::span<const Statement> statements) noexcept {
  constexpr Key factor = 0x9E3779B97F4A7C15;
  Key key = std::hash<std::string_view>{}(role);
  for (const Statement& statement : statements) key = (key * factor) ^ std::hash<std::string_view>{}(statement.sql);
  return key == 0 ? 1 : key;
}

Pace::Duration Pace::expected(Key key) const noexcept {
  const Place& place = places_[key % places];
  return key != 0 && place.key == key ? Duration(place.microseconds) : slow;
}

void Pace::observe(Key key, Duration taken) noexcept {
  if (key == 0) return;
  constexpr std::int64_t longest = std::numeric_limits<std::uint32_t>::max();
  const auto now = static_cast<std::uint32_t>(std::clamp<std::int64_t>(taken.count(), 0, longest));
  Place& place = places_[key % places];
  if (place.key != key || now >= place.microseconds)
    place = {.key = key, .microseconds = now};
  else
    place.microseconds -= (place.microseconds - now + 7) / 8;
}

}  // namespace bailey::pg::detail
