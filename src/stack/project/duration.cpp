#include "stack/project/duration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bailey::stack {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};
// Longer names first: "ms" is not "m" and a stray "s".
constexpr std::array units{Unit{"ms", 1e-3}, Unit{"us", 1e-6}, Unit{"ns", 1e-9},
                           Unit{"h", 3600},  Unit{"m", 60},    Unit{"s", 1}};
constexpr double a_century = 100.0 * 366 * 24 * 3600;

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::seconds(0);
  if (text.empty() || text.size() > 64) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double number = 0, scale = 1;
    std::size_t at = 0;
    bool fraction = false, any = false;
    for (; at < text.size(); ++at) {
      if (text[at] == '.' && !fraction) {
        fraction = true;
      } else if (text[at] >= '0' && text[at] <= '9') {
        any = true;
        number = number * 10 + (text[at] - '0');
        if (fraction) scale *= 10;
      } else {
        break;
      }
    }
    if (!any) return std::nullopt;
    text.remove_prefix(at);
    const auto* unit = std::ranges::find_if(units, [&](const Unit& u) { return text.starts_with(u.name); });
    if (unit == units.end()) return std::nullopt;
    text.remove_prefix(unit->name.size());
    total += number / scale * unit->seconds;
  }
  if (total > a_century) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::floor(total)));
}

}  // namespace bailey::stack
