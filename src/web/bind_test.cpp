#include <bailey/web/bind.hpp>

#include <bailey/model/decimal.hpp>
#include <bailey/web/error.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::get;
using web_testing::post_json;
using web_testing::Reply;

struct NewCard {
  std::string full_name;
  std::string email;
  std::optional<std::int64_t> age;
};

struct SignIn {
  std::string name;
  Secret password;
};

struct Mistyped {
  std::string text;
};
struct Around {
  std::vector<std::optional<Mistyped>> list;
};

enum class Colour { red, green };

// A type of a user's own.
struct Tenant {
  std::string name;
};
struct Account {
  std::string name;
};

}  // namespace

template <>
constexpr auto rules<NewCard> =
    fields(field<&NewCard::full_name>(min_length(1)), field<&NewCard::email>(format::email));

template <>
constexpr auto rules<Mistyped> = fields(field<&Mistyped::text>(pattern("([")));

template <>
struct Binder<Tenant> {
  static Tenant bind(const Request& request) {
    const auto name = request.header("x-tenant");
    if (!name) throw HttpError(400, "Which tenant?");
    return {std::string(*name)};
  }
};

template <>
struct Binder<Account> {
  static std::optional<Account> bind(const Request& request, ValidationErrors& errors) {
    if (const auto name = request.header("x-account")) return Account{std::string(*name)};
    errors.entries.push_back(missing_error({"account"}));
    errors.entries.push_back(missing_error({}));
    return std::nullopt;
  }
};

namespace {

// "missing query.limit, int_parsing path.id": what a 422 says, in its order.
std::string complaints(const Reply& reply) {
  if (reply.status != 422) return std::to_string(reply.status) + " " + reply.body;
  std::string seen;
  const json::value body = json::parse(reply.body);
  for (const json::value& entry : body.at("detail").as_array()) {
    if (!seen.empty()) seen += ", ";
    seen += entry.at("type").as_string();
    char separator = ' ';
    for (const json::value& step : entry.at("loc").as_array()) {
      seen += separator;
      seen += step.is_string() ? std::string(step.as_string()) : std::to_string(step.as_int64());
      separator = '.';
    }
  }
  return seen;
}

TEST(Parameters, are_bounded_by_durations_days_and_decimals) {
  using std::chrono::year;
  App app;
  app.get("/slots", [](Query<"length", std::chrono::minutes, Number{.ge = std::chrono::minutes(15)}> length,
                       Query<"day", std::optional<std::chrono::sys_days>, Number{.ge = year(2020) / 1 / 1}> day) {
    return length->count() + (*day ? 1000 : 0);
  });
  app.get("/offers", [](Query<"price", Decimal, Number{.gt = 0, .le = 99.95, .decimal_places = 2}> price) {
    return price->to_text();
  });
  EXPECT_EQ(get(app, "/slots?length=PT15M").body, "15");
  EXPECT_EQ(get(app, "/slots?length=00:20:00&day=2020-01-01").body, "1020");
  EXPECT_EQ(complaints(get(app, "/slots?length=PT14M&day=2019-12-31")),
            "greater_than_equal query.length, greater_than_equal query.day");
  EXPECT_EQ(get(app, "/offers?price=99.950").body, R"("99.950")");
  EXPECT_EQ(complaints(get(app, "/offers?price=99.96")), "less_than_equal query.price");
  EXPECT_EQ(complaints(get(app, "/offers?price=1.001")), "decimal_max_places query.price");
}

App& with_routes(App& app) {
  app.get("/cards/{id}", [](Path<"id", int> id) { return *id; });
  app.get("/bounded/{id}", [](Path<"id", int, Number{.ge = 1}> id) { return *id; });
  app.get("/text/{name}", [](Path<"name"> name) { return *name; });
  app.get("/uuid/{id}", [](Path<"id", Uuid> id) { return *id; });
  app.get("/files/{path:path}", [](Path<"path"> path) { return *path; });
  app.get("/required", [](Query<"n", int> n) { return *n; });
  app.get("/optional", [](Query<"n", std::optional<int>> n) { return *n; });
  app.get("/defaults", [](Query<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}> limit,
                          Query<"order", std::string, Text{.default_value = "asc", .pattern = "^(asc|desc)$"}> order,
                          Query<"all", bool, Number{.default_value = false}> all) {
    return std::to_string(*limit) + " " + *order + (*all ? " all" : "");
  });
  app.get("/many", [](Query<"tag", std::vector<int>, Number{.lt = 10}> tags) { return *tags; });
  app.get("/some", [](Query<"tag", std::optional<std::vector<std::string>>> tags) { return *tags; });
  app.get("/colour", [](Query<"c", Colour> colour) { return *colour; });
  app.get("/colours", [](Query<"c", Colour, Text{.default_value = "green"}> colour,
                         Query<"d", std::optional<Colour>, Text{.default_value = "red"}> other) {
    return std::vector{*colour, **other};
  });
  app.get("/real", [](Query<"r", double, Number{.default_value = 1}> real) { return *real; });
  app.get("/header", [](Header<"x-name"> name, Header<"x-n", std::optional<int>> n) {
    return *name + " " + std::to_string(n->value_or(0));
  });
  app.post("/cards", [](Json<NewCard> card) { return card->full_name; });
  app.post("/list", [](Json<std::vector<int>> list) { return list->size(); });
  app.post("/maybe", [](Json<std::optional<NewCard>> card) { return card->has_value(); });
  app.post("/bytes", [](Body body) { return body.bytes.size(); });
  app.post("/small", [](Body body) { return body.bytes.size(); }, {.body_limit_bytes = 4});
  app.patch("/cards/{id}", [](Json<NewCard> card, Header<"x-n", int> n, Query<"q", int> q, Path<"id", int> id) {
    return card->email + std::to_string(*n + *q + *id);
  });
  app.get("/tenant", [](Tenant tenant) { return tenant.name; });
  app.get("/account", [](Account account, Query<"n", int> n) { return account.name + std::to_string(*n); });
  return app;
}

TEST(Bind, reads_parameters_by_type) {
  App app;
  with_routes(app);
  struct Case {
    std::string_view target;
    std::string_view body;
  };
  for (const Case& c : std::vector<Case>{
           {"/cards/7", "7"},
           {"/text/a%20b", R"("a b")"},
           {"/text/%C3%A4", "\"\xC3\xA4\""},
           {"/files/a/b.txt", R"("a/b.txt")"},
           {"/uuid/8C5D6B9E6A524D5C9F3E1F2A3B4C5D6E", R"("8c5d6b9e-6a52-4d5c-9f3e-1f2a3b4c5d6e")"},
           {"/required?n=1&n=2", "2"},
           {"/required?%6E=1", "1"},
           {"/optional", "null"},
           {"/optional?n=3", "3"},
           {"/defaults", R"("20 asc")"},
           {"/defaults?limit=100&order=desc&all=on", R"("100 desc all")"},
           {"/many?tag=1&x=5&tag=2", "[1,2]"},
           {"/some", "null"},
           {"/some?tag=a+b&tag=", R"(["a b",""])"},
           {"/colour?c=green", R"("green")"},
           {"/colours", R"(["green","red"])"},
           {"/colours?c=red&d=green", R"(["red","green"])"},
           {"/real", "1"},
       }) {
    const Reply reply = get(app, std::string(c.target));
    EXPECT_EQ(reply.status, 200) << c.target << reply.body;
    EXPECT_EQ(reply.body, c.body) << c.target;
  }
  EXPECT_EQ(get(app, "/header", {{"X-NAME", "Ada"}, {"x-name", "Bob"}, {"X-N", "4"}}).body, R"("Ada 4")");
}

TEST(Bind, refuses_what_does_not_fit_with_422) {
  App app;
  with_routes(app);
  struct Case {
    std::string_view target;
    std::string_view complaint;
  };
  for (const Case& c : std::vector<Case>{
           {"/cards/abc", "int_parsing path.id"},
           {"/bounded/0", "greater_than_equal path.id"},
           {"/text/%FF", "string_unicode path.name"},
           {"/uuid/7", "uuid_parsing path.id"},
           {"/required", "missing query.n"},
           {"/required?n=", "int_parsing query.n"},
           {"/required?N=1", "missing query.n"},
           {"/required?n=99999999999", "less_than_equal query.n"},
           {"/optional?n=x", "int_parsing query.n"},
           {"/defaults?limit=0&order=up&all=perhaps",
            "greater_than_equal query.limit, string_pattern_mismatch query.order, bool_parsing query.all"},
           {"/defaults?limit=101", "less_than_equal query.limit"},
           {"/many", "missing query.tag"},
           {"/many?tag=1&tag=x&tag=10", "int_parsing query.tag.1, less_than query.tag.2"},
           {"/some?tag=%80", "string_unicode query.tag.0"},
           {"/colour?c=blue", "enum query.c"},
           {"/header", "missing header.x-name"},
       }) {
    EXPECT_EQ(complaints(get(app, std::string(c.target))), c.complaint) << c.target;
  }
}

TEST(Bind, an_entry_has_the_members_fastapi_gives_it) {
  App app;
  with_routes(app);
  const json::value body = json::parse(get(app, "/cards/abc").body);
  const json::object& entry = body.at("detail").as_array().at(0).as_object();
  EXPECT_EQ(body.as_object().size(), 1U);
  EXPECT_EQ(entry.at("type"), "int_parsing");
  EXPECT_EQ(entry.at("loc"), (json::array{"path", "id"}));
  EXPECT_EQ(entry.at("input"), "abc");
  EXPECT_TRUE(entry.at("msg").is_string());
  const json::value missing = json::parse(get(app, "/required").body);
  EXPECT_TRUE(missing.at("detail").as_array().at(0).at("input").is_null());
}

TEST(Bind, reports_all_sources_together_in_fastapis_order) {
  App app;
  with_routes(app);
  const Reply reply = ask(app, "PATCH", "/cards/x?q=y", {{"Content-Type", "application/json"}, {"X-N", "z"}},
                          R"({"full_name":"","email":"no","age":"old"})");
  EXPECT_EQ(complaints(reply),
            "int_parsing path.id, int_parsing query.q, int_parsing header.x-n, string_too_short body.full_name, "
            "value_error body.email, int_parsing body.age");
}

TEST(Bind, decodes_json_bodies_as_fastapi_does) {
  App app;
  with_routes(app);
  EXPECT_EQ(post_json(app, "/cards", R"({"full_name":"Ada","email":"ada@example.com","more":1})").body, R"("Ada")");
  EXPECT_EQ(complaints(post_json(app, "/cards", "")), "missing body");
  EXPECT_EQ(complaints(post_json(app, "/cards", "null")), "model_attributes_type body");
  EXPECT_EQ(complaints(post_json(app, "/list", " null\n")), "list_type body");
  EXPECT_EQ(complaints(post_json(app, "/cards", " ")).substr(0, 17), "json_invalid body");
  EXPECT_EQ(complaints(post_json(app, "/cards", "{}")), "missing body.full_name, missing body.email");
  EXPECT_EQ(complaints(post_json(app, "/cards", "[]")), "model_attributes_type body");
  EXPECT_EQ(complaints(post_json(app, "/cards", "{")).substr(0, 17), "json_invalid body");
  EXPECT_EQ(complaints(post_json(app, "/list", "[1,{}]")), "int_type body.1");
  EXPECT_EQ(post_json(app, "/list", R"([1,"2",3.0,true])").body, "4");
  EXPECT_EQ(post_json(app, "/maybe", "").body, "false");
  EXPECT_EQ(post_json(app, "/maybe", "null").body, "false");
  EXPECT_EQ(complaints(post_json(app, "/list", std::string(100, '['))).substr(0, 12), "json_invalid");
}

TEST(Bind, takes_json_under_a_json_content_type_only) {
  App app;
  with_routes(app);
  const std::string body = R"({"full_name":"Ada","email":"ada@example.com"})";
  struct Case {
    std::string_view type;
    int status;
  };
  for (const Case& c : std::vector<Case>{{"application/json", 200},
                                         {"Application/JSON; charset=utf-8", 200},
                                         {"application/vnd.api+json", 200},
                                         {"application/json ;x", 200},
                                         {"text/plain", 415},
                                         {"text/json", 415},
                                         {"application/x-www-form-urlencoded", 415},
                                         {"application/jsonp", 415},
                                         {"application/+json", 415},
                                         {"application/", 415},
                                         {"", 415}}) {
    EXPECT_EQ(ask(app, "POST", "/cards", {{"Content-Type", std::string(c.type)}}, body).status, c.status) << c.type;
  }
  const Reply none = ask(app, "POST", "/cards", {}, body);
  EXPECT_EQ(none.status, 415);
  EXPECT_EQ(none.body, R"({"detail":"The body must be sent with Content-Type: application/json"})");
}

TEST(Bind, repeats_nothing_of_a_body_that_is_not_sent_as_json) {
  App app;
  with_routes(app);
  app.post("/sign-in", [](Json<SignIn> sign_in) { return sign_in->name; });
  for (const std::string path : {"/cards", "/list", "/sign-in"}) {
    const Reply reply =
        ask(app, "POST", path, {{"Content-Type", "text/canary"}}, R"({"name":"ada","password":"canary"})");
    EXPECT_EQ(reply.status, 415) << path;
    EXPECT_FALSE(reply.body.contains("canary")) << reply.body;
  }
}

TEST(Bind, bounds_bodies) {
  App app;
  with_routes(app);
  EXPECT_EQ(ask(app, "POST", "/bytes", {}, std::string("a\0b", 3)).body, "3");
  EXPECT_EQ(ask(app, "POST", "/small", {}, "1234").status, 200);
  EXPECT_EQ(ask(app, "POST", "/small", {}, "12345").status, 413);
  EXPECT_EQ(ask(app, "POST", "/bytes", {}, std::string(1024 * 1024 + 1, 'x')).status, 413);
}

TEST(Bind, takes_types_of_ones_own) {
  App app;
  with_routes(app);
  EXPECT_EQ(get(app, "/tenant", {{"X-Tenant", "acme"}}).body, R"("acme")");
  EXPECT_EQ(get(app, "/tenant").status, 400);
  EXPECT_EQ(get(app, "/account?n=1", {{"X-Account", "acme"}}).body, R"("acme1")");
}

TEST(Bind, reports_the_sources_of_types_of_ones_own_behind_the_known_ones) {
  App app;
  with_routes(app);
  EXPECT_EQ(complaints(get(app, "/account")), "missing query.n, missing account, missing");
  EXPECT_EQ(complaints(get(app, "/account?n=1")), "missing account, missing");
}

TEST(Bind, a_path_parameter_that_is_not_in_the_template_is_refused_at_start) {
  App app;
  app.get(runtime_path("/cards/{id}"), [](Path<"card_id", int> id) { return *id; });
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(app.handler()); }), "invalid_route");
}

TEST(Bind, a_status_that_no_answer_has_is_refused_at_start) {
  for (const int status : {-1, 99, 101, 600, 1000}) {
    App app;
    app.get("/", [] { return 1; }, {.status = status});
    EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(app.handler()); }), "invalid_route") << status;
  }
}

TEST(Bind, a_pattern_that_does_not_compile_is_refused_at_start) {
  using Mistake = Query<"x", std::string, Text{.pattern = "(["}>;
  const std::vector<std::function<void(App&)>> mistakes{
      [](App& app) { app.get("/{x}", [](Path<"x", std::string, Text{.pattern = "(["}> x) { return *x; }); },
      [](App& app) { app.get("/", [](Mistake x) { return *x; }); },
      [](App& app) { app.get("/", [](Header<"x", std::string, Text{.pattern = "(["}> x) { return *x; }); },
      [](App& app) { app.post("/", [](Json<Mistyped> body) { return body->text; }); },
      [](App& app) { app.post("/", [](Json<Around> body) { return body->list.size(); }); },
  };
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    App app;
    mistakes[i](app);
    EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(app.handler()); }), "invalid_route") << i;
  }
}

}  // namespace
}  // namespace bailey
