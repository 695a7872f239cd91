#include "guard/path_pattern.hpp"

#include <bailey/base/error.hpp>

#include <algorithm>

namespace bailey::guard_detail {

PathPatterns::PathPatterns(std::vector<std::string> patterns, Reach reach) {
  for (std::string& pattern : patterns) {
    const bool is_prefix = pattern.ends_with("/*");
    if (is_prefix) pattern.pop_back();
    if (!pattern.starts_with('/') || pattern.find_first_of("*{}?#%") != std::string::npos) {
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

bool PathPatterns::match_route(std::string_view route) const noexcept {
  const std::size_t brace = route.find('{');
  if (brace == std::string_view::npos) return matches(route);
  const std::string_view fixed = route.substr(0, brace);
  return std::ranges::any_of(prefixes_, [&](const std::string& prefix) { return fixed.starts_with(prefix); });
}

}  // namespace bailey::guard_detail
