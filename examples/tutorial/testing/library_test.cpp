#include "library.hpp"

#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

using namespace bailey;

// [first]
TEST(Loans, last_two_weeks_unless_the_reader_says_otherwise) {
  App app;
  build(app);
  TestClient client(app);
  const TestReply reply = client.post("/loans", json::object{{"book", "Emma"}});
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.json().at_pointer("/days"), 14);
}
// [/first]

// [refused]
TEST(Loans, last_four_weeks_at_most) {
  App app;
  build(app);
  TestClient client(app);
  const TestReply reply = client.post("/loans", json::object{{"book", "Emma"}, {"days", 29}});
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.json().at_pointer("/detail/0/type"), "less_than_equal");
}
// [/refused]

// [override]
TEST(Library, is_open_from_nine_to_five) {
  App app;
  build(app);
  TestClient client(app);
  for (const auto& [hour, open] :
       {std::pair(8, "false"), std::pair(9, "true"), std::pair(16, "true"), std::pair(17, "false")}) {
    client.provide(Time{hour});  // in place of the app's, for this client alone
    EXPECT_EQ(client.get("/open").body, open) << hour;
  }
}
// [/override]
