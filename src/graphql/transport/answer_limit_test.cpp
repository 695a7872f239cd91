// Answers that are larger than they may be, by whichever transport they were asked for.
#include <bailey/graphql/graphql.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

struct Leaf {
  int number = 0;
  std::string text;

  static void graphql(Type<Leaf>& type) {
    type.field("same", [](const Leaf& leaf) { return leaf; });
    type.field("later", [](const Leaf& leaf) -> Task<Leaf> {
      co_await sleep_for(1ms);
      co_return leaf;
    });
    type.field("fails", [](const Leaf& leaf) -> std::optional<int> {
      throw GraphQLError("no", {.extensions = {{"detail", leaf.text}}});
    });
  }
};

constexpr std::size_t limit = 20'000;

class AnswerLimit : public ::testing::Test {
 protected:
  AnswerLimit() {
    const auto leaves = [](int count) {
      std::vector<std::optional<Leaf>> made;
      for (int i = 0; i < count; ++i) made.emplace_back(Leaf{.number = i, .text = std::string(50, 'x')});
      return made;
    };
    schema_.query("leaves", [leaves](Arg<"count", int> count) { return leaves(*count); });
    schema_.query("text",
                  [](Arg<"length", int> length) { return std::string(static_cast<std::size_t>(*length), 'x'); });
    schema_.query("textLater", [](Arg<"length", int> length) -> Task<std::string> {
      co_await sleep_for(1ms);
      co_return std::string(static_cast<std::size_t>(*length), 'x');
    });
    schema_.mutation("grow", [this](Arg<"length", int> length) -> Task<std::string> {
      ++grown_;
      co_await sleep_for(1ms);
      co_return std::string(static_cast<std::size_t>(*length), 'x');
    });
    schema_.subscription("grown", [](Emit<std::string> emit) -> Task<> {
      for (const std::size_t length : {10'000UZ, 30'000UZ, 10'000UZ}) co_await emit(std::string(length, 'x'));
    });
    app_.graphql("/graphql", schema_, {.operations = {.answer_limit_bytes = limit}, .max_batch = 5});
    app_.graphql("/unbounded", schema_, {.operations = {.answer_limit_bytes = 0}});
    app_.graphql("/default", schema_);
  }
  TestReply ask(std::string_view query, std::string_view path = "/graphql",
                std::string_view accept = "application/graphql-response+json") {
    TestClient client(app_);
    return client.post(path, json::object{{"query", query}}, {{"Accept", std::string(accept)}});
  }
  Schema schema_;
  std::atomic<int> grown_ = 0;
  App app_;
};

TEST_F(AnswerLimit, is_kept_whatever_makes_an_answer_large) {
  for (const std::string_view query : {
           "{ leaves(count: 1000) { number text } }",
           "{ leaves(count: 1000) { __typename } }",
           "{ leaves(count: 100) { a: text b: text c: text d: text e: text } }",
           "{ leaves(count: 100) { same { same { same { text text2: text text3: text } } } } }",
           "{ leaves(count: 200) { later { text text2: text text3: text } } }",
           "{ leaves(count: 1000) { later { __typename } } }",
           "{ leaves(count: 100) { fails } }",
           "{ text(length: 30000) }",
           "{ a: text(length: 9000) b: textLater(length: 9000) c: textLater(length: 9000) }",
           "{ textLater(length: 30000) }",
       }) {
    const TestReply reply = ask(query);
    EXPECT_EQ(reply.status, 200) << query;
    EXPECT_LT(reply.body.size(), 1000U) << query;
    const json::object answer = reply.json().as_object();
    EXPECT_TRUE(answer.at("data").is_null()) << query;
    ASSERT_EQ(answer.at("errors").as_array().size(), 1U) << query << reply.body;
    EXPECT_EQ(answer.at("errors").at_pointer("/0/extensions/code"), "ANSWER_TOO_LARGE") << query;
    EXPECT_EQ(ask(query, "/unbounded").body.find("ANSWER_TOO_LARGE"), std::string::npos) << query;
  }
  EXPECT_EQ(ask("{ leaves(count: 100) { text later { text } } }").json().at_pointer("/data/leaves").as_array().size(),
            100U);
}

TEST_F(AnswerLimit, is_told_of_the_field_at_which_it_was_crossed) {
  const json::value error = ask("{ leaves(count: 1000) { text } }").json().at_pointer("/errors/0");
  EXPECT_EQ(error.at_pointer("/path/0"), "leaves");
  EXPECT_EQ(error.at_pointer("/path/2"), "text");
  EXPECT_EQ(error.at_pointer("/locations/0/column"), 25);
}

TEST_F(AnswerLimit, ends_a_mutation_before_its_next_field) {
  EXPECT_NE(ask("mutation { a: grow(length: 5) b: grow(length: 30000) c: grow(length: 5) }").body.find("TOO_LARGE"),
            std::string::npos);
  EXPECT_EQ(grown_, 2);
}

TEST_F(AnswerLimit, is_of_each_event_of_a_subscription) {
  const std::string events = ask("subscription { grown }", "/graphql", "text/event-stream").body;
  EXPECT_NE(events.find("ANSWER_TOO_LARGE"), std::string::npos);
  EXPECT_GT(events.size(), 20'000U);
  EXPECT_LT(events.size(), 22'000U);
  EXPECT_TRUE(events.ends_with("event: complete\ndata: \n\n"));
}

TEST_F(AnswerLimit, is_of_a_batch_as_a_whole) {
  TestClient client(app_);
  for (const std::string_view query : {"mutation { grow(length: 9000) }", "{ text(length: 9000) }"}) {
    json::array batch;
    for (int i = 0; i < 5; ++i) batch.push_back(json::object{{"query", query}});
    const TestReply reply = client.post("/graphql", batch);
    EXPECT_LT(reply.body.size(), limit) << query;
    const json::value answers = reply.json();
    EXPECT_FALSE(answers.at_pointer("/1/data").is_null()) << query;
    EXPECT_TRUE(answers.at_pointer("/2/data").is_null()) << "executed, and there was no room for the answer";
    for (const char* unexecuted : {"/3", "/4"})
      EXPECT_FALSE(answers.at_pointer(unexecuted).as_object().contains("data")) << query;
    for (const char* refused : {"/2", "/3", "/4"})
      EXPECT_EQ(answers.at_pointer(std::string(refused) + "/errors/0/extensions/code"), "ANSWER_TOO_LARGE") << query;
  }
  EXPECT_EQ(grown_, 3);
}

TEST_F(AnswerLimit, of_the_first_in_a_batch_leaves_room_for_the_others) {
  TestClient client(app_);
  json::array batch;
  for (const char* query : {"{ text(length: 30000) }", "{ text(length: 9000) }"})
    batch.push_back(json::object{{"query", query}});
  const json::value answers = client.post("/graphql", batch).json();
  EXPECT_TRUE(answers.at_pointer("/0/data").is_null());
  EXPECT_EQ(answers.at_pointer("/1/data/text").as_string().size(), 9'000U);
}

TEST_F(AnswerLimit, is_there_by_default) {
  const std::string most = "{ a: text(length: 33000000) b: text(length: 33000000) }";
  EXPECT_GT(ask(most, "/default").body.size(), 66'000'000U);
  const std::string more = "{ a: text(length: 33000000) b: text(length: 33000000) c: textLater(length: 3000000) }";
  EXPECT_NE(ask(more, "/default").body.find("ANSWER_TOO_LARGE"), std::string::npos);
}

}  // namespace
}  // namespace bailey::graphql
