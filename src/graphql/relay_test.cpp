#include <bailey/graphql/relay.hpp>

#include <bailey/base/base64url.hpp>
#include <bailey/graphql/executor.hpp>
#include <bailey/graphql/graphql.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

struct Card {
  int number = 0;

  static void graphql(Type<Card>& type) {
    type.implements<Node>();
    type.field("id", [](const Card& card) { return GlobalId{"Card", std::to_string(card.number)}; });
  }
};

std::vector<Card> cards(std::int64_t first, std::int64_t last) {
  std::vector<Card> found;
  for (std::int64_t i = first; i <= last && i < 10; ++i) found.push_back({static_cast<int>(i)});
  return found;
}

Schema schema() {
  Schema schema;
  schema.query("all", [](Slice<5> slice) { return slice.of(cards(0, 9)); });
  // [connection]
  schema.query("rows", [](const Slice<5>& slice) { return slice.rows(cards(slice.first_row(), slice.last_row())); });
  // [/connection]
  schema.query("node", [](Arg<"id", GlobalId> id) -> std::optional<AnyOf<Node>> {
    if (id->type != "Card") return std::nullopt;
    return Card{std::stoi(id->id)};
  });
  return schema;
}

// "3 4 5 +": the numbers, and whether there are others before and behind.
std::string part(Executor& executor, const std::string& field, const std::string& arguments) {
  const Executed executed = executor.execute(
      "{ c: " + field + arguments + " { pageInfo { hasNextPage hasPreviousPage } edges { node { number } } } }");
  if (!executed.errors.empty()) return std::string(executed.errors[0].at("message").as_string());
  std::string text = executed.at<bool>("/c/pageInfo/hasPreviousPage") ? "+ " : "";
  for (const json::value& edge : executed.data.at_pointer("/c/edges").as_array())
    text += std::to_string(edge.at_pointer("/node/number").as_int64()) + " ";
  return text + (executed.at<bool>("/c/pageInfo/hasNextPage") ? "+" : "");
}

std::string cursor(Executor& executor, int number) {
  const Executed executed =
      executor.execute("{ a: all(first: 5) { edges { cursor } } b: all(last: 5) { edges { cursor } } }");
  return executed.at<std::string>((number < 5 ? "/a/edges/" : "/b/edges/") + std::to_string(number % 5) + "/cursor");
}

TEST(Connection, is_the_part_that_the_arguments_ask_for) {
  Executor executor(schema());
  const auto at = [&](int number) { return "\"" + cursor(executor, number) + "\""; };
  struct Case {
    std::string arguments, part;
  };
  const std::vector<Case> cases{
      {"", "0 1 2 3 4 +"},
      {"(first: 2)", "0 1 +"},
      {"(first: 0)", "+"},
      {"(first: 2, after: " + at(1) + ")", "+ 2 3 +"},
      {"(first: 5, after: " + at(7) + ")", "+ 8 9 "},
      {"(first: 5, after: " + at(9) + ")", "+ "},
      {"(before: " + at(3) + ")", "0 1 2 +"},
      {"(last: 2, before: " + at(8) + ")", "+ 6 7 +"},
      {"(last: 5, before: " + at(2) + ")", "0 1 +"},
      {"(first: 1, after: " + at(2) + ", before: " + at(6) + ")", "+ 3 +"},
      {"(last: 1, after: " + at(2) + ", before: " + at(6) + ")", "+ 5 +"},
      {"(after: " + at(6) + ", before: " + at(2) + ")", "+ +"},
      {"(first: null, after: null)", "0 1 2 3 4 +"},
  };
  for (const Case& c : cases)
    for (const char* field : {"all", "rows"})
      EXPECT_EQ(part(executor, field, c.arguments), c.part) << field << c.arguments;
  EXPECT_EQ(part(executor, "all", "(last: 3)"), "+ 7 8 9 ");
  EXPECT_EQ(part(executor, "rows", "(last: 3)"),
            "Argument last: this list is not counted from its end, so give before as well");
}

TEST(Connection, refuses_arguments_that_are_wrong) {
  Executor executor(schema());
  EXPECT_EQ(part(executor, "all", "(first: 6)"), "Argument first: Input should be less than or equal to 5");
  EXPECT_EQ(part(executor, "all", "(last: -1)"), "Argument last: Input should be greater than or equal to 0");
  EXPECT_EQ(part(executor, "all", "(first: 1, last: 1)"), "Of the arguments first and last, one is given");
  // "arrayconnection:-1", "arrayconnection:99999999999999999999", "other:1", and what is no base64
  for (const char* wrong :
       {"YXJyYXljb25uZWN0aW9uOi0x", "YXJyYXljb25uZWN0aW9uOjk5OTk5OTk5OTk5OTk5OTk5OTk5", "b3RoZXI6MQ==", "%", ""}) {
    EXPECT_EQ(part(executor, "all", "(after: \"" + std::string(wrong) + "\")"),
              "Argument after: this is no cursor of the list");
  }
}

TEST(Connection, is_a_type_of_relays_names) {
  const std::string text = schema().text();
  EXPECT_NE(text.find("type CardConnection {\n  edges: [CardEdge!]!\n  pageInfo: PageInfo!\n}"), text.npos) << text;
  EXPECT_NE(text.find("all(after: String, before: String, first: Int, last: Int): CardConnection!"), text.npos) << text;
  EXPECT_NE(text.find("interface Node {\n  id: ID!\n}"), text.npos) << text;
}

TEST(GlobalId, leads_back_to_its_object) {
  Executor executor(schema());
  const auto id =
      executor.execute("{ all(first: 3) { edges { node { id } } } }").at<std::string>("/all/edges/2/node/id");
  EXPECT_EQ(id, "Q2FyZDoy");  // "Card:2"
  EXPECT_EQ(
      executor.execute("query ($id: ID!) { node(id: $id) { id ... on Card { number } } }", {.variables = {{"id", id}}})
          .data,
      (json::object{{"node", {{"id", id}, {"number", 2}}}}));
  EXPECT_EQ(executor.execute("{ node(id: \"T3RoZXI6Mg==\") { id } }").data.at("node"), nullptr);
  EXPECT_FALSE(executor.execute("{ node(id: \"Card:2\") { id } }").errors.empty());
}

TEST(GlobalId, is_text_as_the_rest_of_a_request) {
  for (const std::string_view id :
       {std::string_view("Card:\xff"), std::string_view("\xc3:1"), std::string_view("Card:1\0", 7)})
    EXPECT_FALSE(TextCodec<GlobalId>::from_text(base64_encode(id))) << id;
  EXPECT_EQ(TextCodec<GlobalId>::from_text(base64_encode("Card:\xc3\xa9")), (GlobalId{"Card", "\xc3\xa9"}));
}

}  // namespace
}  // namespace bailey::graphql
