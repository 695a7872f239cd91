// The optimal string alignment distance, row by row.
#include "model/typing_error.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <vector>

namespace bailey::detail {
namespace {

std::size_t distance(std::string_view left, std::string_view right) {
  const auto same = [](char a, char b) { return ascii::lower(a) == ascii::lower(b); };
  std::array<std::vector<std::size_t>, 3> rows;  // of the letter before the last, of the last, of this one
  rows.fill(std::vector<std::size_t>(right.size() + 1));
  std::iota(rows[1].begin(), rows[1].end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    auto& [older, last, here] = rows;
    here[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      here[j] = std::min({last[j] + 1, here[j - 1] + 1, last[j - 1] + (same(left[i - 1], right[j - 1]) ? 0 : 1)});
      const bool is_swap = i > 1 && j > 1 && same(left[i - 1], right[j - 2]) && same(left[i - 2], right[j - 1]);
      if (is_swap) here[j] = std::min(here[j], older[j - 2] + 1);
    }
    std::ranges::rotate(rows, rows.begin() + 1);
  }
  return rows[1].back();
}

}  // namespace

bool is_typing_error(std::string_view name, std::string_view meant) {
  if (name == meant || name.size() > 100 || meant.size() > 100) return false;
  return distance(name, meant) <= (meant.size() <= 8 ? 1U : 2U);
}

}  // namespace bailey::detail
