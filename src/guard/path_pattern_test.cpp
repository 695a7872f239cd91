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
  const PathPatterns narrow("exempt", patterns, Reach::below);
  const PathPatterns wide("remote_for", patterns, Reach::from_top);
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
  const PathPatterns patterns("exempt", {"/health", "/public/*"}, Reach::below);
  EXPECT_TRUE(patterns.match_route("/health"));
  EXPECT_TRUE(patterns.match_route("/public/{name}"));
  EXPECT_TRUE(patterns.match_route("/public/a/{name:path}"));
  EXPECT_FALSE(patterns.match_route("/{name}"));
  EXPECT_FALSE(patterns.match_route("/{area}/x"));
  EXPECT_FALSE(patterns.match_route("/public"));
  EXPECT_TRUE(PathPatterns("exempt", {"/*"}, Reach::below).match_route("/{rest:path}"));
}

TEST(PathPatterns, refuse_what_would_not_mean_what_it_seems_to) {
  for (const char* pattern :
       {"health", "", "*", "/a*", "/a/*/b", "/*a", "/**", "/cards/{id}", "/{x}/*", "/a%20b", "/a?b=c"}) {
    EXPECT_THROW(PathPatterns("exempt", {pattern}, Reach::below), Error) << pattern;
  }
}

TEST(PathPatterns, know_which_of_them_no_route_is_meant_by) {
  std::vector<RouteInfo> routes;
  for (const std::string_view path : {"/", "/cards", "/cards/{id:int}", "/cards/{id}/notes", "/files/{rest:path}"}) {
    routes.push_back({.path = std::string(path), .guarded = Guarded::always});
  }
  for (const auto& [pattern, is_meant] : std::vector<std::pair<std::string, bool>>{{"/", true},
                                                                                   {"/*", true},
                                                                                   {"/cards", true},
                                                                                   {"/cards/", false},
                                                                                   {"/cards/*", true},
                                                                                   {"/cards/7", true},
                                                                                   {"/cards/7/*", true},
                                                                                   {"/cards/7/notes", true},
                                                                                   {"/cards/7/notes/*", false},
                                                                                   {"/cards/7/tags", false},
                                                                                   {"/card/*", false},
                                                                                   {"/files/a/b", true},
                                                                                   {"/files/a/*", true},
                                                                                   {"/files", false},
                                                                                   {"/nowhere", false}}) {
    const PathPatterns patterns("exempt", {pattern}, Reach::below);
    EXPECT_EQ(patterns.without_route(routes).empty(), is_meant) << pattern;
  }
  const PathPatterns top("remote_for", {"/cards/7/notes/*"}, Reach::from_top);
  EXPECT_TRUE(top.without_route(routes).empty()) << "means the top itself, too";
}

TEST(PathPatterns, refuse_others_that_they_cover) {
  const PathPatterns exempt("exempt", {"/terms", "/public/*"}, Reach::below);
  for (const auto& [pattern, is_apart] : std::vector<std::pair<std::string, bool>>{{"/terms", false},
                                                                                   {"/terms/*", true},
                                                                                   {"/public", true},
                                                                                   {"/public/*", false},
                                                                                   {"/public/me", false},
                                                                                   {"/public/me/*", false},
                                                                                   {"/publicity", true},
                                                                                   {"/*", true}}) {
    const PathPatterns others("remote_for", {pattern}, Reach::from_top);
    if (is_apart) {
      EXPECT_NO_THROW(exempt.require_apart(others)) << pattern;
    } else {
      EXPECT_THROW(exempt.require_apart(others), Error) << pattern;
    }
  }
}

}  // namespace
}  // namespace bailey::guard_detail
