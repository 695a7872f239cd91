#include "guard/path_pattern.hpp"

#include "bailey/base/error.hpp"

#include <algorithm>

namespace bailey::detail {

PathPatterns::PathPatterns(std::vector<std::string> patterns, Reach reach) {
  for (std::string& pattern : patterns) {
    const bool is_prefix = pattern.ends_with("/*");
    if (is_prefix) pattern.pop_back();
    if (!pattern.starts_with('/') || pattern.contains('*')) {
      throw Error("invalid_pattern", "A path to match is \"/path\" or \"/path/*\", not \"" + pattern + "\"");
    }
    if (!is_prefix) {
      exact_.push_back(std::move(pattern));
      continue;
    }
    if (reach == Reach::from_top && pattern.size() > 1) exact_.push_back(pattern.substr(0, pattern.size() - 1));
    prefixes_.push_back(std::move(pattern));
  }
}

bool PathPatterns::matches(std::string_view path) const noexcept {
  return std::ranges::find(exact_, path) != exact_.end() ||
         std::ranges::any_of(prefixes_, [&](const std::string& prefix) { return path.starts_with(prefix); });
}

// Compared up to the first placeholder, behind which a route may match anything.
bool PathPatterns::may_match_route(std::string_view route) const noexcept {
  const std::size_t brace = route.find('{');
  if (brace == std::string_view::npos) return matches(route);
  const std::string_view fixed = route.substr(0, brace);
  const auto meets = [&](const std::string& pattern) {
    return std::string_view(pattern).starts_with(fixed) || fixed.starts_with(pattern);
  };
  return std::ranges::any_of(prefixes_, meets) ||
         std::ranges::any_of(exact_, [&](const std::string& path) { return std::string_view(path).starts_with(fixed); });
}

}  // namespace bailey::detail
