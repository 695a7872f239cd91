// A dependency with parameters of its own is a template: each of its types is another dependency.
#include <bailey/web/app.hpp>
#include <bailey/web/parameters.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

namespace bailey {
namespace {

using web_testing::get;

template <int most>
struct Page {
  int limit = most;
};
template <int most>
Page<most> page_of(Query<"limit", int, Number{.default_value = most, .ge = 1, .le = most}> limit) {
  return {*limit};
}

TEST(ParametrisedDependencies, are_told_apart_by_their_types) {
  App app;
  app.provide(page_of<10>);
  app.provide(page_of<50>);
  app.get("/few", [](const Page<10>& page) { return page.limit; });
  app.get("/many", [](const Page<50>& page) { return page.limit; });
  EXPECT_EQ(get(app, "/few").body, "10");
  EXPECT_EQ(get(app, "/many?limit=40").body, "40");
  EXPECT_EQ(get(app, "/few?limit=40").status, 422);
}

}  // namespace
}  // namespace bailey
