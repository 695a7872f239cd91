// The distance is Damerau and Levenshtein's in its short form (a swap of neighbours is one edit), with a change of case
// counted as a single edit. Names that are too far in length are not measured: strangers choose the input.
#include <graphql/validation/suggestions.hpp>

#include <graphql/natural_order.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <utility>

namespace bailey::graphql {

namespace {

constexpr std::size_t longest_measured = 200;
constexpr std::size_t most_named = 5;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<std::size_t> distance(std::string_view a, std::string_view b, std::size_t threshold) {
  if (a.size() < b.size()) std::swap(a, b);
  if (a.size() - b.size() > threshold) return std::nullopt;
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width), last(width), row(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()] <= threshold ? std::optional(last[b.size()]) : std::nullopt;
}

}  // namespace

std::vector<std::string_view> suggestion_list(std::string_view input, const std::vector<std::string_view>& names) {
  if (input.size() > longest_measured) return {};
  const std::string wanted = lower(input);
  const std::size_t threshold = input.size() * 2 / 5 + 1;
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const std::string_view name : names) {
    if (name == input) {
      near.emplace_back(0, name);
      continue;
    }
    const std::string known = lower(name);
    if (known == wanted)
      near.emplace_back(1, name);
    else if (const auto far = distance(known, wanted, threshold))
      near.emplace_back(*far, name);
  }
  std::ranges::sort(near, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : naturally_less(a.second, b.second);
  });
  std::vector<std::string_view> list;
  for (const auto& [far, name] : near)
    if (list.empty() || list.back() != name) list.push_back(name);
  return list;
}

std::string did_you_mean(const std::vector<std::string_view>& names, std::string_view kind) {
  if (names.empty()) return {};
  std::string text = " Did you mean ";
  if (!kind.empty()) text += std::string(kind) + " ";
  const std::size_t count = std::min(names.size(), most_named);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += i + 1 < count ? ", " : count == 2 ? " or " : ", or ";
    text += "\"" + std::string(names[i]) + "\"";
  }
  return text + "?";
}

}  // namespace bailey::graphql
