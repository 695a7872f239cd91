#include <bailey/web/openapi.hpp>

#include <bailey/model/rules.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>
#include "web/openapi_testing.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace document {

struct NewCard {
  std::string full_name;
  std::optional<std::string> website;
};
struct Card {
  std::int64_t id = 0;
  std::string full_name;
};
struct Error {
  std::string mine;
};
enum class Order { asc, desc };

}  // namespace document

template <>
constexpr auto bailey::rules<document::NewCard> =
    bailey::fields(bailey::field<&document::NewCard::full_name>(bailey::min_length(1), bailey::max_length(120)));

namespace bailey {
namespace {

using document::Card;
using document::NewCard;
using web_testing::at;
using web_testing::get;
using web_testing::text_at;

TEST(OpenApi, says_of_each_route_what_its_types_say) {
  App app({.title = "Cards", .version = "2.0"});
  app.post("/cards/{id:int}",
           [](Path<"id", int> id, Query<"order", document::Order, Text{.default_value = "asc"}>,
              Header<"X-Tag", std::optional<std::string>>,
              Json<NewCard> card) -> Task<Created<Card>> { co_return Card{*id, card->full_name}; },
           {.name = "make_card",
            .description = "Makes one.",
            .tags = {"cards"},
            .responses = {documented<document::Error>(409, "It is there already")}});
  const json::value document = parse_json(app.openapi()).value();
  EXPECT_EQ(text_at(document, "/openapi"), R"("3.1.0")");
  EXPECT_EQ(text_at(document, "/info"), R"({"title":"Cards","version":"2.0"})");
  const json::value& operation = at(document, "/paths/~1cards~1{id}/post");
  EXPECT_EQ(text_at(operation, "/operationId"), R"("make_card_cards__id__post")");
  EXPECT_EQ(text_at(operation, "/summary"), R"("Make Card")");
  EXPECT_EQ(text_at(operation, "/tags"), R"(["cards"])");
  EXPECT_EQ(text_at(operation, "/parameters/0/in"), R"("path")");
  EXPECT_EQ(text_at(operation, "/parameters/0/required"), "true");
  EXPECT_EQ(text_at(operation, "/parameters/0/schema/type"), R"("integer")");
  EXPECT_EQ(text_at(operation, "/parameters/1/required"), "false");
  EXPECT_EQ(text_at(operation, "/parameters/2/name"), R"("x-tag")");
  EXPECT_EQ(text_at(operation, "/requestBody/required"), "true");
  EXPECT_EQ(text_at(operation, "/requestBody/content/application~1json/schema"),
            R"({"$ref":"#/components/schemas/NewCard"})");
  EXPECT_EQ(text_at(operation, "/responses/201/content/application~1json/schema"),
            R"({"$ref":"#/components/schemas/Card"})");
  EXPECT_EQ(text_at(operation, "/responses/409/description"), R"("It is there already")");
  EXPECT_EQ(text_at(operation, "/responses/422/content/application~1json/schema"),
            R"({"$ref":"#/components/schemas/HTTPValidationError"})");
  EXPECT_EQ(text_at(document, "/components/schemas/NewCard/properties/full_name/maxLength"), "120");
  EXPECT_EQ(text_at(document, "/components/schemas/NewCard/required"), R"(["full_name"])");
  EXPECT_NE(text_at(operation, "/responses/409/content/application~1json/schema"),
            text_at(operation, "/responses/default/content/application~1json/schema"))
      << "a model of the app's may have the name of ours";
}

TEST(OpenApi, is_served_without_a_token_and_can_be_moved_guarded_or_left_out) {
  const Guard nobody{.name = "nobody", .admit = [](Request&) -> Before { return Response::empty(401); }};
  App open;
  open.use(nobody);
  open.get("/", [] { return 1; });
  EXPECT_EQ(get(open, "/openapi.json").status, 200);
  EXPECT_EQ(get(open, "/").status, 401);
  App guarded({.openapi_path = "/api/v1/openapi.json", .docs_guard = nobody});
  EXPECT_EQ(get(guarded, "/api/v1/openapi.json").status, 401);
  EXPECT_EQ(get(guarded, "/openapi.json").status, 404);
  App none({.openapi_path = ""});
  EXPECT_EQ(get(none, "/openapi.json").status, 404);
}

TEST(OpenApi, has_every_route_where_only_the_kinds_of_placeholders_differ) {
  App app;
  app.get("/cards/{id}", [](Path<"id"> id) { return *id; });
  app.get("/cards/{id:int}", [](Path<"id", int> id) { return *id; }, {.name = "numbered"});
  app.get("/cards/{id:uuid}/{id_uuid}", [](Path<"id", Uuid>) { return 1; });
  app.get("/cards/{id}/{id_uuid}", [] { return 1; });
  app.delete_("/cards/{id:int}", [](Path<"id", int>) {});
  app.get("/notes/{id:int}", [](Path<"id", int> id) { return *id; });
  app.delete_("/notes/{id:uuid}", [](Path<"id", Uuid>) {});
  const json::value document = parse_json(app.openapi()).value();
  std::vector<std::string> paths;
  for (const auto& [path, operations] : at(document, "/paths").as_object())
    for (const auto& [method, operation] : operations.as_object())
      paths.push_back(std::string(method) + ' ' + std::string(path));
  std::ranges::sort(paths);
  EXPECT_EQ(paths, (std::vector<std::string>{"delete /cards/{id_int}", "delete /notes/{id}", "get /cards/{id_int}",
                                             "get /cards/{id_uuid_}/{id_uuid}", "get /cards/{id}",
                                             "get /cards/{id}/{id_uuid}", "get /notes/{id}"}));
  const json::value& numbered = at(document, "/paths/~1cards~1{id_int}/get");
  EXPECT_EQ(text_at(numbered, "/parameters/0/name"), R"("id_int")");
  EXPECT_EQ(text_at(numbered, "/parameters/0/schema/type"), R"("integer")");
  EXPECT_EQ(text_at(numbered, "/operationId"), R"("numbered_cards__id_int__get")");
  EXPECT_EQ(text_at(document, "/paths/~1cards~1{id}/get/parameters/0/name"), R"("id")");
}

TEST(OpenApi, has_the_guards_schemes_where_they_stand) {
  const Guard guard{.name = "key",
                    .admit = [](Request&) -> Before { return Pass{}; },
                    .security = {.name = "key", .scheme = {{"type", "apiKey"}, {"in", "header"}, {"name", "x-key"}}}};
  App app;
  app.use(guard);
  app.get("/me", [] { return 1; });
  app.get("/terms", [] { return 1; }, {.guard = open_to_all()});
  const json::value document = parse_json(app.openapi()).value();
  EXPECT_EQ(text_at(document, "/paths/~1me/get/security"), R"([{"key":[]}])");
  EXPECT_EQ(text_at(document, "/paths/~1me/get/responses/401/description"), R"("Unauthorized")");
  EXPECT_EQ(text_at(document, "/components/securitySchemes/key/in"), R"("header")");
  EXPECT_FALSE(at(document, "/paths/~1terms/get").as_object().contains("security"));
}

TEST(OpenApi, has_what_dependencies_read) {
  struct Page {
    int number = 0;
  };
  App app;
  app.provide([](Query<"page", int> page) { return Page{*page}; });
  app.get("/", [](const Page& page, Query<"page", std::optional<int>>) { return page.number; });
  const json::value document = parse_json(app.openapi()).value();
  EXPECT_EQ(at(document, "/paths/~1/get/parameters").as_array().size(), 1U) << "one that two read is there once";
  EXPECT_EQ(text_at(document, "/paths/~1/get/parameters/0/required"), "true");
}

struct Bounds {
  int limit = 0;
};
struct Meta {
  std::string version;
};

TEST(OpenApi, says_of_what_two_read_what_both_take) {
  App app;
  app.provide([](Query<"limit", int, Number{.default_value = 5, .le = 10}> limit, Header<"x-key"> key,
                 Query<"offset", int, Number{.default_value = 5, .ge = 0}> offset) {
    return Bounds{*limit + *offset + static_cast<int>(key->size())};
  });
  app.get("/", [](const Bounds& bounds, Query<"limit"> limit, Header<"X-Key", std::string, Text{.max_length = 3}> key,
                  Query<"offset", int, Number{.default_value = 0, .le = 100}> offset) {
    return *limit + *key + std::to_string(bounds.limit + *offset);
  });
  app.post("/", [](Json<Meta> meta, Json<NewCard> card) { return meta->version + card->full_name; });
  const json::value document = web_testing::document_of(app);
  const json::array& parameters = at(document, "/paths/~1/get/parameters").as_array();
  ASSERT_EQ(parameters.size(), 3U) << json::serialize(parameters);
  // A text takes what an int takes, and is always wanted.
  EXPECT_EQ(json::serialize(parameters[0]), R"({"name":"limit","in":"query","required":true,"schema":)"
                                            R"({"type":"integer","format":"int32","maximum":10,"title":"Limit"}})");
  EXPECT_EQ(text_at(parameters[1], "/name"), R"("x-key")");
  EXPECT_EQ(text_at(parameters[1], "/schema/maxLength"), "3");
  EXPECT_EQ(text_at(parameters[2], "/required"), "false");
  EXPECT_EQ(text_at(parameters[2], "/schema/allOf/0/maximum"), "100");
  EXPECT_EQ(text_at(parameters[2], "/schema/allOf/1/minimum"), "0");
  EXPECT_FALSE(json::serialize(parameters[2]).contains("default"));
  EXPECT_EQ(text_at(document, "/paths/~1/post/requestBody/content/application~1json/schema/allOf"),
            R"([{"$ref":"#/components/schemas/Meta"},{"$ref":"#/components/schemas/NewCard"}])");
}

TEST(OpenApi, has_neither_the_health_check_nor_what_is_not_to_be_in_it) {
  App app;
  app.get("/secret", [] { return 1; }, {.in_schema = false});
  const json::value document = parse_json(app.openapi()).value();
  EXPECT_EQ(text_at(document, "/paths"), "{}");
}

TEST(Results, of_several_kinds_say_by_themselves_how_they_are_answered) {
  App app;
  app.get("/html", [] { return Html{"<p>hi"}; });
  app.get("/text", [] { return PlainText{"hi"}; });
  app.get("/png", [] { return Binary{"\x89PNG", "image/png"}; });
  app.get("/elsewhere", [] { return Redirect{"https://example.org/x"}; });
  app.get("/local", [](Query<"next"> next) { return Redirect::local(*next); });
  app.get("/reply", [] { return Reply(Card{7, "Ada"}).header("x-total", "1").status(202); });
  app.get("/cookies", [] {
    return Reply(NoContent{}).cookie({.name = "seen", .value = "1", .http_only = true}).delete_cookie({.name = "old"});
  });
  app.get("/choice", [](Query<"n", int> n) -> std::variant<Card, NoContent, PlainText> {
    if (*n == 0) return NoContent{};
    if (*n == 1) return PlainText{"one"};
    return Card{*n, "many"};
  });
  TestClient client(app);
  EXPECT_EQ(client.get("/html").header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(get(app, "/text").body, "hi");
  EXPECT_EQ(get(app, "/cookies").status, 204);
  EXPECT_TRUE(client.get("/cookies").header("set-cookie")->starts_with("seen=1; ")) << "the first of two";
  EXPECT_EQ(client.get("/png").header("content-type"), "image/png");
  EXPECT_EQ(get(app, "/elsewhere").status, 307);
  EXPECT_EQ(get(app, "/elsewhere").header("location"), "https://example.org/x");
  EXPECT_EQ(get(app, "/local?next=/cards%3Fpage%3D2").header("location"), "/cards?page=2");
  for (const char* next : {"//evil.example", "https://evil.example", "/%5Cevil.example", "", "/%09/evil.example"})
    EXPECT_EQ(get(app, std::string("/local?next=") + next).status, 400) << next;
  const auto reply = get(app, "/reply");
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.header("x-total"), "1");
  EXPECT_EQ(reply.body, R"({"id":7,"full_name":"Ada"})");
  EXPECT_EQ(get(app, "/choice?n=0").status, 204);
  EXPECT_EQ(get(app, "/choice?n=1").body, "one");
  EXPECT_EQ(get(app, "/choice?n=2").body, R"({"id":2,"full_name":"many"})");
  const json::value document = parse_json(app.openapi()).value();
  EXPECT_EQ(at(document, "/paths/~1choice/get/responses").as_object().size(), 4U) << "200, 204, 422, default";
  EXPECT_EQ(text_at(document, "/paths/~1png/get/responses/200/content"), R"({"*/*":{"schema":{}}})");
  EXPECT_EQ(text_at(document, "/paths/~1elsewhere/get/responses/307/headers/Location/schema/type"), R"("string")");
}

}  // namespace
}  // namespace bailey
