#include <bailey/web/projection.hpp>

#include <bailey/web/app.hpp>
#include <bailey/web/openapi.hpp>
#include "web/openapi_testing.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bailey {
namespace {

using web_testing::get;

struct Account {
  int id = 1;
  std::string name = "Ada";
  std::string password_hash = "canary";
  std::optional<std::string> website;
};
struct Team {
  std::vector<Account> members{Account{}};
  std::optional<Account> lead;
  std::map<std::string, std::optional<int>> scores{{"a", 1}, {"b", std::nullopt}};
};
struct Job {
  int number = 7;
};
struct Link {
  std::string target = "/";
  std::string key = "canary";
  int uses = 0;
};
struct Teapot {
  [[nodiscard]] Response respond(int) && { return Response::text(418, "short and stout"); }
};

}  // namespace

template <>
constexpr auto rules<Link> = fields(field<&Link::key>(secret, max_length(4), pattern("^[a-z]+$"), description("Of it")),
                                    field<&Link::uses>(ge(0)));

namespace {

TEST(Projections, say_some_members_or_all_but_some) {
  App app;
  app.get("/only", []() -> Only<Account, &Account::id, &Account::name> { return Account{}; });
  app.get("/except", []() -> Except<std::vector<Account>, &Account::password_hash> {
    return std::vector<Account>{Account{}, Account{}};
  });
  app.get("/maybe",
          []() -> Except<std::optional<Account>, &Account::password_hash> { return std::optional<Account>(); });
  EXPECT_EQ(get(app, "/only").body, R"({"id":1,"name":"Ada"})");
  EXPECT_EQ(get(app, "/except").body, R"([{"id":1,"name":"Ada","website":null},{"id":1,"name":"Ada","website":null}])");
  EXPECT_EQ(get(app, "/maybe").body, "null");
  const json::value document = parse_json(app.openapi()).value();
  const auto schema_of = [&](std::string_view path) {
    return document.at("paths")
        .at(path)
        .at("get")
        .at("responses")
        .at("200")
        .at("content")
        .at("application/json")
        .at("schema");
  };
  EXPECT_EQ(json::serialize(schema_of("/only").at("required")), R"(["id","name"])");
  EXPECT_FALSE(json::serialize(schema_of("/except")).contains("password_hash"));
}

TEST(Projections, leave_out_what_is_null_at_any_depth) {
  App app;
  app.get("/", []() -> WithoutNulls<Team> { return Team{}; });
  EXPECT_EQ(get(app, "/").body,
            R"({"members":[{"id":1,"name":"Ada","password_hash":"canary"}],"scores":{"a":1,"b":null}})");
}

// The schema of what GET / answers, which is by itself or refers to one.
json::value schema_of_answer(const json::value& document) {
  return web_testing::at(document, "/paths/~1/get/responses/200/content/application~1json/schema");
}

TEST(Projections, of_a_secret_say_in_the_document_no_rule_that_asterisks_break) {
  App app;
  app.get("/", []() -> Only<Link, &Link::key, &Link::uses> { return Link{}; });
  EXPECT_EQ(get(app, "/").body, R"({"key":"**********","uses":0})");
  const json::value schema = schema_of_answer(web_testing::document_of(app));
  EXPECT_EQ(web_testing::text_at(schema, "/properties/key"),
            R"({"type":"string","format":"password","description":"Of it"})");
  EXPECT_EQ(web_testing::text_at(schema, "/properties/uses/minimum"), "0");
}

TEST(Projections, without_nulls_require_in_the_document_nothing_that_may_be_null) {
  App app;
  app.get("/", []() -> WithoutNulls<std::vector<Team>> { return std::vector<Team>{Team{}}; });
  app.get("/whole", [] { return Team{}; });
  const json::value document = web_testing::document_of(app);
  EXPECT_EQ(web_testing::text_at(schema_of_answer(document), "/items"),
            R"({"$ref":"#/components/schemas/TeamWithoutNulls"})");
  const json::value& schemas = web_testing::at(document, "/components/schemas");
  EXPECT_EQ(web_testing::text_at(schemas, "/TeamWithoutNulls/required"), R"(["members","scores"])");
  EXPECT_EQ(web_testing::text_at(schemas, "/TeamWithoutNulls/properties/members/items/$ref"),
            R"("#/components/schemas/AccountWithoutNulls")");
  EXPECT_EQ(web_testing::text_at(schemas, "/AccountWithoutNulls/required"), R"(["id","name","password_hash"])");
  // The same model without the wrapper is what it was.
  EXPECT_EQ(web_testing::text_at(schemas, "/Team/required"), R"(["members","lead","scores"])");
}

TEST(Results, with_a_value_do_not_start_under_a_status_that_has_no_body) {
  const auto refusal = [](const std::function<void(App&)>& add) -> std::string {
    App app;
    add(app);
    try {
      static_cast<void>(app.handler());
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_TRUE(refusal([](App& app) {
                app.get("/", [] { return Job{}; }, {.status = 204});
              }).contains("status 204 has no body"));
  EXPECT_NE(refusal([](App& app) { app.get("/", [] { return PlainText{"x"}; }, {.status = 304}); }), "");
  EXPECT_NE(refusal([](App& app) { app.get("/", [] { return Binary{"x"}; }, {.status = 204}); }), "");
  EXPECT_NE(refusal([](App& app) { app.get("/", []() -> WithStatus<204, Job> { return Job{}; }); }), "");
  EXPECT_EQ(refusal([](App& app) { app.get("/", [] {}, {.status = 204}); }), "");
  EXPECT_EQ(refusal([](App& app) { app.get("/", [] { return Response(304); }, {.status = 304}); }), "");
}

TEST(Results, of_a_variant_have_each_its_status_and_its_place_in_the_document) {
  App app;
  app.get("/{n}", [](Path<"n", int> n) -> std::variant<Account, WithStatus<202, Job>, NoContent> {
    if (*n == 0) return NoContent{};
    if (*n == 1) return WithStatus<202, Job>(Job{});
    return Account{};
  });
  EXPECT_EQ(get(app, "/0").status, 204);
  EXPECT_EQ(get(app, "/1").status, 202);
  EXPECT_EQ(get(app, "/1").body, R"({"number":7})");
  EXPECT_EQ(get(app, "/2").status, 200);
  const json::value document = parse_json(app.openapi()).value();
  const json::object& responses = document.at("paths").at("/{n}").at("get").at("responses").as_object();
  for (const std::string_view status : {"200", "202", "204"}) EXPECT_TRUE(responses.contains(status)) << status;
  EXPECT_EQ(json::serialize(responses.at("202").at("content").at("application/json").at("schema")),
            R"({"$ref":"#/components/schemas/Job"})");
}

TEST(Results, may_say_themselves_how_they_are_answered) {
  App app;
  app.get("/", [] { return Teapot{}; });
  EXPECT_EQ(get(app, "/").status, 418);
}

}  // namespace
}  // namespace bailey
