#include "guard/path_pattern.hpp"

#include <bailey/base/error.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace bailey::guard_detail {
namespace {

using Reach = PathPatterns::Reach;

TEST(PathPatterns, match_exact_paths_and_what_is_below_a_prefix) {
  struct Case {
    std::string_view path;
    bool narrow;
    bool wide;
  };
  const std::vector<std::string> patterns{"/health", "/admin/*"};
  const PathPatterns narrow(patterns, Reach::below);
  const PathPatterns wide(patterns, Reach::from_top);
  for (const Case& c : std::vector<Case>{{"/health", true, true},
                                         {"/health/", false, false},
                                         {"/healthy", false, false},
                                         {"/Health", false, false},
                                         {"/admin", false, true},
                                         {"/admin/", true, true},
                                         {"/admin/users/7", true, true},
                                         {"/administrator", false, false},
                                         {"/", false, false},
                                         {"", false, false}}) {
    EXPECT_EQ(narrow.matches(c.path), c.narrow) << c.path;
    EXPECT_EQ(wide.matches(c.path), c.wide) << c.path;
  }
}

TEST(PathPatterns, match_a_route_when_they_match_all_its_paths) {
  const PathPatterns patterns({"/health", "/public/*"}, Reach::below);
  EXPECT_TRUE(patterns.match_route("/health"));
  EXPECT_TRUE(patterns.match_route("/public/{name}"));
  EXPECT_TRUE(patterns.match_route("/public/a/{name:path}"));
  EXPECT_FALSE(patterns.match_route("/{name}"));
  EXPECT_FALSE(patterns.match_route("/{area}/x"));
  EXPECT_FALSE(patterns.match_route("/public"));
  EXPECT_TRUE(PathPatterns({"/*"}, Reach::below).match_route("/{rest:path}"));
}

TEST(PathPatterns, refuse_what_would_not_mean_what_it_seems_to) {
  for (const char* pattern :
       {"health", "", "*", "/a*", "/a/*/b", "/*a", "/**", "/cards/{id}", "/{x}/*", "/a%20b", "/a?b=c"}) {
    EXPECT_THROW(PathPatterns({pattern}, Reach::below), Error) << pattern;
  }
}

}  // namespace
}  // namespace bailey::guard_detail
