// Levenshtein distance with two rows. PostgreSQL's names have 63 bytes at most; longer ones are like nothing.
#include "query/similarity.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace bailey::query::detail {

double similarity(std::string_view left, std::string_view right) {
  constexpr std::size_t longest_name = 63;
  const std::size_t longer = std::max(left.size(), right.size());
  if (longer == 0) return 1;
  if (longer > longest_name) return 0;
  std::array<std::size_t, longest_name + 1> previous{};
  std::array<std::size_t, longest_name + 1> current{};
  for (std::size_t k = 0; k <= right.size(); ++k) previous[k] = k;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    current[0] = i;
    for (std::size_t k = 1; k <= right.size(); ++k) {
      const std::size_t replaced = previous[k - 1] + (ascii::lower(left[i - 1]) == ascii::lower(right[k - 1]) ? 0 : 1);
      current[k] = std::min({replaced, previous[k] + 1, current[k - 1] + 1});
    }
    std::swap(previous, current);
  }
  return 1 - static_cast<double>(previous[right.size()]) / static_cast<double>(longer);
}

}  // namespace bailey::query::detail
