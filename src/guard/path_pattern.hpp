#pragma once

#include <bailey/web/route_info.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::guard_detail {

// Paths a guard treats apart: exact ones, and "/x/*" for everything below "/x/".
class PathPatterns {
 public:
  // What "/x/*" says about "/x" itself: exemptions leave it guarded, stricter checks include it.
  enum class Reach { below, from_top };

  // `name`: of the option they come from. Throws Error "invalid_pattern" for one that does not start with a slash, has
  // a star elsewhere, or what no decoded path is meant by: a route's placeholder, an escape, a query. It would match
  // nothing, and a check be left out.
  PathPatterns(std::string_view name, std::vector<std::string> patterns, Reach reach);

  [[nodiscard]] bool matches(std::string_view path) const noexcept;
  // Whether every path that the route template matches is among them.
  [[nodiscard]] bool match_route(std::string_view route) const noexcept;

  // Throws Error "invalid_pattern" when these cover all of one of `others`: these are looked at first, so it would have
  // no effect.
  void require_apart(const PathPatterns& others) const;
  // Those that match no path of any route.
  [[nodiscard]] std::vector<std::string> without_route(std::span<const RouteInfo> routes) const;
  // The patterns that match some paths of a route with placeholders but all paths of no route. Requests of such a route
  // are treated in two ways.
  [[nodiscard]] std::vector<std::string> within_routes(std::span<const RouteInfo> routes) const;

  [[nodiscard]] std::string_view name() const noexcept { return name_; }

 private:
  [[nodiscard]] bool meets(std::string_view pattern, std::string_view route) const;

  std::string_view name_;
  Reach reach_;
  std::vector<std::string> patterns_;  // as they were given
  std::vector<std::string> exact_;
  std::vector<std::string> prefixes_;  // with their final slash
};

}  // namespace bailey::guard_detail
