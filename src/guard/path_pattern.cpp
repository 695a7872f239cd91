#include "guard/path_pattern.hpp"

#include <bailey/base/error.hpp>
#include <bailey/web/path_template.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace bailey::guard_detail {

PathPatterns::PathPatterns(std::string_view name, std::vector<std::string> patterns, Reach reach)
    : name_(name), reach_(reach), patterns_(std::move(patterns)) {
  for (std::string pattern : patterns_) {
    const bool is_prefix = pattern.ends_with("/*");
    if (is_prefix) pattern.pop_back();
    if (!pattern.starts_with('/') || pattern.find_first_of("*{}?#%") != std::string::npos) {
      throw Error("invalid_pattern",
                  "A path to match is \"/path\" or \"/path/*\", not \"" + pattern + (is_prefix ? "*" : "") + "\"");
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

void PathPatterns::require_apart(const PathPatterns& others) const {
  for (const std::string& other : others.patterns_) {
    // Below "/x/" is everything below "/x/y/".
    const std::string_view reached =
        other.ends_with("/*") ? std::string_view(other).substr(0, other.size() - 1) : other;
    const bool is_prefix = reached.size() < other.size();
    const bool covered =
        is_prefix
            ? std::ranges::any_of(prefixes_, [&](const std::string& prefix) { return reached.starts_with(prefix); })
            : matches(other);
    if (!covered) continue;
    throw Error("invalid_pattern", std::string(others.name_) + " has \"" + other + "\", but " + std::string(name_) +
                                       " covers it, so that no token is looked at there: take it out of one of them");
  }
}

std::vector<std::string> PathPatterns::without_route(std::span<const RouteInfo> routes) const {
  std::vector<std::string> left;
  std::ranges::copy_if(patterns_, std::back_inserter(left), [&](const std::string& pattern) {
    return std::ranges::none_of(routes, [&](const RouteInfo& route) { return meets(pattern, route.path); });
  });
  return left;
}

std::vector<std::string> PathPatterns::within_routes(std::span<const RouteInfo> routes) const {
  std::vector<std::string> within;
  std::ranges::copy_if(patterns_, std::back_inserter(within), [&](const std::string& pattern) {
    const PathPatterns alone(name_, {pattern}, reach_);
    return std::ranges::any_of(routes, [&](const RouteInfo& route) { return meets(pattern, route.path); }) &&
           std::ranges::none_of(routes, [&](const RouteInfo& route) { return alone.match_route(route.path); });
  });
  return within;
}

// Whether there is a path that both match, with a placeholder of any kind taken for any text.
bool PathPatterns::meets(std::string_view pattern, std::string_view route) const {
  web_detail::PathTemplateReader reader(route);
  web_detail::Segment segment;
  while (reader.next(segment)) {
    if (pattern.empty()) return false;
    if (pattern == "/*" || segment.kind == web_detail::SegmentKind::rest) return true;
    const std::size_t end = std::min(pattern.find('/', 1), pattern.size());
    const std::string_view part = pattern.substr(1, end - 1);
    if (segment.kind == web_detail::SegmentKind::text ? segment.text != part : part.empty()) return false;
    pattern.remove_prefix(end);
  }
  return pattern.empty() || (pattern == "/*" && reach_ == Reach::from_top);
}

}  // namespace bailey::guard_detail
