#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bailey::guard_detail {

// Paths a guard treats apart: exact ones, and "/x/*" for everything below "/x/".
class PathPatterns {
 public:
  // What "/x/*" says about "/x" itself: exemptions leave it guarded, stricter checks include it.
  enum class Reach { below, from_top };

  // Throws Error "invalid_pattern" for one that does not start with a slash, has a star elsewhere, or what no decoded
  // path is meant by: a route's placeholder, an escape, a query. It would match nothing, and a check be left out.
  PathPatterns(std::vector<std::string> patterns, Reach reach);

  [[nodiscard]] bool matches(std::string_view path) const noexcept;
  // Whether every path that the route template matches is among them.
  [[nodiscard]] bool match_route(std::string_view route) const noexcept;

 private:
  std::vector<std::string> exact_;
  std::vector<std::string> prefixes_;  // with their final slash
};

}  // namespace bailey::guard_detail
