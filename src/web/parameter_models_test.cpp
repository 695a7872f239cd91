#include <bailey/web/parameter_models.hpp>

#include <bailey/base/secret.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/openapi.hpp>
#include <bailey/web/parameters.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::get;
using web_testing::Reply;

enum class Order { asc, desc };

struct Filter {
  int limit = 20;
  std::optional<std::string> name;
  Order order = Order::asc;
  std::vector<std::string> tags;
};
struct Strict {
  int limit;
};
struct Traced {
  std::string request_id;
  std::optional<int> retry_count;
  std::vector<std::string> x_tag;
  std::string named = "none";
};
struct Visit {
  std::string session;
  std::optional<int> visits;
};
struct Login {
  std::string username;
  Secret password;
  std::optional<std::string> next;
};
std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& each : list) text += each + ";";
  return text;
}

}  // namespace

template <>
constexpr auto rules<Filter> = fields(field<&Filter::limit>(defaulted, ge(1), le(100)),
                                      field<&Filter::order>(defaulted), field<&Filter::tags>(defaulted, max_items(2)));
template <>
constexpr auto rules<Strict> = fields(field<&Strict::limit>(ge(1)), forbid_extra());
template <>
constexpr auto rules<Traced> =
    fields(field<&Traced::x_tag>(defaulted), field<&Traced::named>(defaulted, name("x_own")));

namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

TEST(ParameterModels, are_read_member_by_member_from_the_query) {
  App app;
  app.get("/", [](QueryOf<Filter> filter) {
    return std::to_string(filter->limit) + filter->name.value_or("-") + (filter->order == Order::asc ? "a" : "d") +
           joined(filter->tags);
  });
  EXPECT_EQ(get(app, "/").body, R"("20-a")");
  EXPECT_EQ(get(app, "/?limit=1&limit=%207&name=Ada+L&order=desc&tags=x&tags=y&more=1").body, R"("7Ada Ldx;y;")");
  const Reply wrong = get(app, "/?limit=x&order=up&tags=1&tags=2&tags=3");
  EXPECT_EQ(wrong.status, 422);
  for (const std::string_view part :
       {R"("type":"int_parsing","loc":["query","limit"])", R"("type":"enum","loc":["query","order"])",
        R"("type":"too_long","loc":["query","tags"])"})
    EXPECT_TRUE(wrong.body.contains(part)) << part << " in " << wrong.body;
  EXPECT_TRUE(get(app, "/?name=%ff").body.contains("string_unicode"));
}

TEST(ParameterModels, refuse_what_is_none_of_their_members_where_a_rule_says_so) {
  App app;
  app.get("/", [](QueryOf<Strict> filter) { return filter->limit; });
  EXPECT_EQ(get(app, "/?limit=3").body, "3");
  EXPECT_TRUE(
      get(app, "/?limit=3&tool=x")
          .body.contains(
              R"({"type":"extra_forbidden","loc":["query","tool"],"msg":"Extra inputs are not permitted","input":"x"})"));
  EXPECT_TRUE(get(app, "/?tool=x&tool=y").body.contains(R"("input":["x","y"])"));
}

TEST(ParameterModels, are_read_from_headers_by_names_with_hyphens_and_repeat_no_other_header) {
  App app;
  app.get("/", [](HeadersOf<Traced> traced) {
    return traced->request_id + std::to_string(traced->retry_count.value_or(0)) + joined(traced->x_tag) + traced->named;
  });
  EXPECT_EQ(
      get(app, "/", {{"Request-ID", "r"}, {"retry-count", "2"}, {"X-Tag", "a"}, {"x-tag", "b"}, {"X_Own", "o"}}).body,
      R"("r2a;b;o")");
  const Reply wrong = get(app, "/", {{"retry-count", "x"}, {"Authorization", "Bearer canary"}});
  EXPECT_TRUE(
      wrong.body.contains(R"({"type":"missing","loc":["header","request-id"],"msg":"Field required","input":null})"))
      << wrong.body;
  EXPECT_TRUE(wrong.body.contains(R"("loc":["header","retry-count"])"));
  EXPECT_FALSE(wrong.body.contains("canary"));
}

TEST(ParameterModels, are_read_from_cookies_and_repeat_no_other_cookie) {
  App app;
  app.get("/", [](CookiesOf<Visit> visit) { return visit->session + std::to_string(visit->visits.value_or(0)); });
  EXPECT_EQ(get(app, "/", {{"Cookie", "session=s; visits=3; other=1"}}).body, R"("s3")");
  const Reply wrong = get(app, "/", {{"Cookie", "visits=x; other=canary"}});
  EXPECT_TRUE(wrong.body.contains(R"("type":"missing","loc":["cookie","session"])")) << wrong.body;
  EXPECT_TRUE(wrong.body.contains(R"("type":"int_parsing","loc":["cookie","visits"])"));
  EXPECT_FALSE(wrong.body.contains("canary"));
}

TEST(ParameterModels, are_read_from_forms_beside_single_fields_and_never_repeat_a_secret) {
  App app;
  app.post("/", [](FormOf<Login> login, Form<"scope", std::optional<std::string>> scope) {
    return login->username + "/" + login->next.value_or("-") + "/" + scope->value_or("-");
  });
  const auto post = [&](std::string body) {
    return ask(app, "POST", "/", {{"Content-Type", std::string(form_type)}}, std::move(body));
  };
  EXPECT_EQ(post("username=ada&password=p&next=&scope=all").body, R"("ada/-/all")");
  const Reply wrong = post("username=&password=canary");
  EXPECT_TRUE(wrong.body.contains(R"("type":"missing","loc":["body","username"])")) << wrong.body;
  EXPECT_FALSE(wrong.body.contains("canary"));
}

TEST(ParameterModels, stand_in_the_document_as_parameters_one_by_one) {
  App app;
  app.get("/", [](QueryOf<Filter>, HeadersOf<Traced>) { return 1; });
  app.post("/", [](FormOf<Login>) { return 1; });
  const json::value document = parse_json(app.openapi()).value();
  const json::array& parameters = document.at("paths").at("/").at("get").at("parameters").as_array();
  ASSERT_EQ(parameters.size(), 8U);
  EXPECT_EQ(parameters[0].at("name").as_string(), "limit");
  EXPECT_EQ(parameters[0].at("in").as_string(), "query");
  EXPECT_FALSE(parameters[0].at("required").as_bool());
  EXPECT_EQ(parameters[0].at("schema").at("default").as_int64(), 20);
  EXPECT_EQ(parameters[0].at("schema").at("maximum").as_int64(), 100);
  EXPECT_EQ(parameters[3].at("schema").at("type").as_string(), "array");
  EXPECT_EQ(parameters[4].at("name").as_string(), "request-id");
  EXPECT_TRUE(parameters[4].at("required").as_bool());
  EXPECT_EQ(parameters[7].at("name").as_string(), "x_own");
  const json::value& form = document.at("paths").at("/").at("post").at("requestBody").at("content").at(form_type);
  EXPECT_EQ(json::serialize(form.at("schema").at("required")), R"(["username","password"])");
}

TEST(Parameters, may_be_told_of_as_deprecated_or_not_at_all) {
  App app;
  app.get("/",
          [](Query<"old", int, Number{.default_value = 1, .description = "Was a page", .deprecated = true}>,
             Query<"hidden", std::string, Text{.default_value = "", .in_schema = false}> hidden) { return *hidden; });
  const json::value document = parse_json(app.openapi()).value();
  const json::array& parameters = document.at("paths").at("/").at("get").at("parameters").as_array();
  ASSERT_EQ(parameters.size(), 1U);
  EXPECT_TRUE(parameters[0].at("deprecated").as_bool());
  EXPECT_EQ(parameters[0].at("description").as_string(), "Was a page");
  EXPECT_EQ(get(app, "/?hidden=x").body, R"("x")");
}

TEST(Parameters, may_be_a_text_of_json) {
  App app;
  app.get("/", [](Query<"filter", Json<Strict>> filter) { return (*filter)->limit; });
  EXPECT_EQ(get(app, "/?filter=%7B%22limit%22%3A3%7D").body, "3");
  EXPECT_TRUE(get(app, "/?filter=%7B%22limit%22%3A0%7D")
                  .body.contains(R"("type":"greater_than_equal","loc":["query","filter","limit"])"));
  for (const std::string text : {"", "%7B"})
    EXPECT_TRUE(get(app, "/?filter=" + text).body.contains(R"("type":"json_invalid","loc":["query","filter"])"));
  EXPECT_TRUE(get(app, "/").body.contains(R"("type":"missing","loc":["query","filter"])"));
  const json::value document = parse_json(app.openapi()).value();
  const json::value& schema = document.at("paths").at("/").at("get").at("parameters").at(0).at("schema");
  EXPECT_EQ(schema.at("contentMediaType").as_string(), "application/json");
}

}  // namespace
}  // namespace bailey
