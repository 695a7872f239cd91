#include <bailey/web/json_field.hpp>

#include <bailey/web/app.hpp>
#include <bailey/web/openapi.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::post_json;

struct Item {
  std::string label;
  int weight = 0;
};

App& make(App& app) {
  app.post("/", [](JsonField<"item", Item> item, JsonField<"importance", int, Number{.gt = 0}> importance,
                   JsonField<"note", std::optional<std::string>> note,
                   JsonField<"colour", std::string, Text{.default_value = "red"}> colour) {
    return item->label + "/" + std::to_string(*importance) + "/" + note->value_or("-") + "/" + *colour;
  });
  app.post("/one", [](JsonField<"item", Item> item) { return item->label; });
  return app;
}

TEST(JsonField, takes_its_member_of_a_body_that_is_an_object) {
  App app;
  make(app);
  EXPECT_EQ(post_json(app, "/", R"({"item":{"label":"a","weight":1},"importance":"3","other":[]})").body,
            R"("a/3/-/red")");
  EXPECT_EQ(post_json(app, "/", R"({"item":{"label":"a","weight":1},"importance":1,"note":"n","colour":"b"})").body,
            R"("a/1/n/b")");
  EXPECT_EQ(post_json(app, "/one", R"({"item":{"label":"a","weight":1}})").body, R"("a")");
}

TEST(JsonField, says_what_is_wrong_with_each_member_of_the_body_at_once) {
  App app;
  make(app);
  const auto wrong = post_json(app, "/", R"({"item":{"label":"a","weight":"x"},"importance":0,"note":7})");
  EXPECT_EQ(wrong.status, 422);
  for (const std::string_view part :
       {R"("loc":["body","item","weight"])", R"("type":"greater_than","loc":["body","importance"])",
        R"("type":"string_type","loc":["body","note"])"})
    EXPECT_TRUE(wrong.body.contains(part)) << part << " in " << wrong.body;
}

TEST(JsonField, is_missing_in_a_body_that_is_none_or_no_object) {
  App app;
  make(app);
  for (const std::string body : {"", "null", "{}", "[]", "7"}) {
    const auto reply = post_json(app, "/", body);
    EXPECT_EQ(reply.status, 422) << body;
    EXPECT_TRUE(reply.body.contains(R"({"type":"missing","loc":["body","item"],"msg":"Field required","input":null})"))
        << reply.body;
  }
  EXPECT_EQ(ask(app, "POST", "/one", {{"Content-Type", "text/plain"}}, R"({"item":{"label":"a","weight":1}})").status,
            415);
}

TEST(JsonField, of_a_body_that_is_malformed_is_told_once) {
  App app;
  make(app);
  const auto reply = post_json(app, "/", R"({"item":)");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.body.find("json_invalid"), reply.body.rfind("json_invalid"));
  EXPECT_FALSE(reply.body.contains("missing"));
}

TEST(JsonField, stands_in_the_document_as_a_member_of_the_body) {
  App app;
  make(app);
  const json::value document = parse_json(app.openapi()).value();
  const json::object& body = document.at("paths").at("/").at("post").at("requestBody").as_object();
  const json::value& schema = body.at("content").at("application/json").at("schema");
  EXPECT_EQ(json::serialize(schema.at("required")), R"(["item","importance"])");
  EXPECT_EQ(json::serialize(schema.at("properties").at("item")), R"({"$ref":"#/components/schemas/Item"})");
  EXPECT_EQ(schema.at("properties").at("colour").at("default").as_string(), "red");
  EXPECT_TRUE(body.at("required").as_bool());
}

TEST(JsonField, does_not_stand_beside_a_whole_body) {
  App app;
  app.post("/", [](Json<Item> item, JsonField<"n", int> n) { return item->weight + *n; });
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(app.handler()); }), "invalid_route");
}

}  // namespace
}  // namespace bailey
