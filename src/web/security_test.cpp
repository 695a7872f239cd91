#include <bailey/web/security.hpp>

#include <bailey/base/base64url.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::get;
using web_testing::Headers;
using web_testing::post_json;

std::string basic(std::string_view login) { return "Basic " + base64_encode(login); }

TEST(Bearer, is_the_token_of_the_header_in_any_case_of_its_scheme) {
  App app;
  app.get("/", [](Bearer token) { return std::string(token->reveal()); });
  EXPECT_EQ(get(app, "/", {{"Authorization", "Bearer abc"}}).body, R"("abc")");
  EXPECT_EQ(get(app, "/", {{"authorization", "bEARER   a.b-c"}}).body, R"("a.b-c")");
}

TEST(Bearer, that_is_missing_is_a_401_that_says_how) {
  App app;
  app.get("/", [](Bearer) { return 1; });
  for (const Headers& headers : {Headers{}, Headers{{"Authorization", "Bearer"}},
                                 Headers{{"Authorization", "Bearer  "}}, Headers{{"Authorization", "Bearerabc"}},
                                 Headers{{"Authorization", "Basic YTpi"}}, Headers{{"Authorization", ""}}}) {
    const auto reply = get(app, "/", headers);
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.body, R"({"detail":"Not authenticated"})");
    EXPECT_EQ(reply.header("WWW-Authenticate"), "Bearer");
  }
}

TEST(Credentials, that_are_sent_twice_are_refused_as_nobody_knows_which_count) {
  App app;
  app.get("/token", [](Bearer) { return 1; });
  app.get("/key", [](ApiKey<KeyIn::header, "X-Key">) { return 1; });
  app.get("/login", [](Basic<"r">) { return 1; });
  app.get("/maybe", [](std::optional<Bearer>) { return 1; });
  EXPECT_EQ(get(app, "/token", {{"Authorization", "Bearer a"}, {"Authorization", "Bearer b"}}).status, 400);
  EXPECT_EQ(get(app, "/maybe", {{"Authorization", "Bearer a"}, {"Authorization", "Bearer b"}}).status, 400);
  EXPECT_EQ(get(app, "/key", {{"X-Key", "a"}, {"x-key", "b"}}).status, 400);
  EXPECT_EQ(get(app, "/login", {{"Authorization", basic("a:b")}, {"Authorization", basic("a:b")}}).status, 400);
}

TEST(ApiKey, is_read_where_it_is_said_to_be) {
  App app;
  app.get("/header", [](ApiKey<KeyIn::header, "X-API-Key"> key) { return *key == Secret("k 1"); });
  app.get("/query", [](ApiKey<KeyIn::query, "key"> key) { return *key == Secret("k 1"); });
  app.get("/cookie", [](ApiKey<KeyIn::cookie, "session"> key) { return *key == Secret("k1"); });
  EXPECT_EQ(get(app, "/header", {{"x-api-key", "k 1"}}).body, "true");
  EXPECT_EQ(get(app, "/header", {{"x-api-key", "k 2"}}).body, "false");
  EXPECT_EQ(get(app, "/query?key=k+1").body, "true");
  EXPECT_EQ(get(app, "/cookie", {{"Cookie", "a=b; session=k1"}}).body, "true");
  for (const char* path : {"/header", "/query", "/query?key=", "/cookie"}) {
    const auto reply = get(app, path);
    EXPECT_EQ(reply.status, 401) << path;
    EXPECT_EQ(reply.header("WWW-Authenticate"), "APIKey") << path;
  }
}

TEST(Basic, splits_at_the_first_colon_and_takes_utf_8) {
  App app;
  app.get("/", [](Basic<"Admins"> login) { return login->username + "|" + std::string(login->password.reveal()); });
  EXPECT_EQ(get(app, "/", {{"Authorization", basic("ada:love:lace")}}).body, R"("ada|love:lace")");
  EXPECT_EQ(get(app, "/", {{"Authorization", basic(":")}}).body, R"("|")");
  EXPECT_EQ(get(app, "/", {{"Authorization", basic("zoë:pass")}}).body, R"("zoë|pass")");
}

TEST(Basic, that_is_malformed_or_missing_is_a_401_with_its_realm) {
  App app;
  app.get("/", [](Basic<"Admins"> login) { return login->username; });
  app.get("/maybe", [](std::optional<Basic<"Admins">> login) { return login.has_value(); });
  for (const std::string& value : {std::string(), std::string("Basic"), std::string("Basic ###"), basic("no colon"),
                                   basic("\xFF:x"), std::string("Bearer x")}) {
    const auto reply = get(app, "/", {{"Authorization", value}});
    EXPECT_EQ(reply.status, 401) << value;
    EXPECT_EQ(reply.header("WWW-Authenticate"), R"(Basic realm="Admins", charset="UTF-8")") << value;
  }
  EXPECT_EQ(get(app, "/maybe").body, "false");
  EXPECT_EQ(get(app, "/maybe", {{"Authorization", basic("no colon")}}).status, 401) << "what is there is to be right";
}

TEST(BasicCredentials, are_only_those_of_which_both_are_right) {
  const BasicCredentials login{.username = "ada", .password = Secret("secret")};
  EXPECT_TRUE(login.are("ada", Secret("secret")));
  EXPECT_FALSE(login.are("ada", Secret("Secret")));
  EXPECT_FALSE(login.are("bob", Secret("secret")));
  EXPECT_FALSE(login.are("", Secret()));
}

TEST(Credentials, that_are_wrong_are_refused_with_what_their_kind_asks_for) {
  App app;
  app.get("/token", [](Bearer token) -> int { throw token.refused(); });
  app.get("/key", [](ApiKey<KeyIn::query, "key"> key) -> int { throw key.refused(); });
  app.get("/login", [](Basic<"Admins"> login) -> int { throw login.refused(); });
  const auto token = get(app, "/token", {{"Authorization", "Bearer x"}});
  EXPECT_EQ(token.body, R"({"detail":"Invalid token"})");
  EXPECT_EQ(token.header("WWW-Authenticate"), R"(Bearer error="invalid_token")");
  EXPECT_EQ(get(app, "/key?key=x").header("WWW-Authenticate"), "APIKey");
  const auto login = get(app, "/login", {{"Authorization", basic("a:b")}});
  EXPECT_EQ(login.status, 401);
  EXPECT_EQ(login.header("WWW-Authenticate"), R"(Basic realm="Admins", charset="UTF-8")");
}

TEST(Credentials, that_are_optional_may_be_missing) {
  App app;
  app.get("/", [](std::optional<Bearer> token, std::optional<ApiKey<KeyIn::query, "key">> key) {
    return std::vector<bool>{token.has_value(), key.has_value()};
  });
  EXPECT_EQ(get(app, "/").body, "[false,false]");
  EXPECT_EQ(get(app, "/?key=1").body, "[false,true]");
}

TEST(Credentials, are_looked_for_before_the_body_is_read_and_before_anything_else_is_found_wrong) {
  struct New {
    int number;
  };
  App app;
  app.post("/", [](Json<New> body, Query<"n", int>, Bearer) { return body->number; }, {.body_limit_bytes = 4});
  EXPECT_EQ(post_json(app, "/", R"({"number":"far too long a body"})").status, 401);
  EXPECT_EQ(ask(app, "POST", "/", {{"Authorization", "Bearer x"}, {"Content-Type", "application/json"}},
                R"({"number":"far too long a body"})")
                .status,
            413);
}

struct Caller {
  std::string name;
  std::vector<std::string> scopes;
};

App& add_scoped_routes(App& app) {
  app.provide([](OAuth2Password<"/token"> token) -> Caller {
    if (*token == Secret("reader")) return {"ada", {"items:read"}};
    if (*token == Secret("writer")) return {"bob", {"items:read", "items:write"}};
    throw token.refused();
  });
  Router items({.dependencies = {require_scopes<Caller, "items:read">()}});
  items.get("/items", [](const Caller& caller) { return caller.name; });
  items.post("/items", [](const Caller& caller) { return caller.name; },
             {.dependencies = {require_scopes<Caller, "items:read", "items:write">()}});
  app.include(std::move(items));
  return app;
}

TEST(Scopes, that_are_missing_are_a_403_that_names_all_that_are_needed) {
  App app;
  add_scoped_routes(app);
  const Headers reader{{"Authorization", "Bearer reader"}};
  const Headers writer{{"Authorization", "Bearer writer"}};
  EXPECT_EQ(get(app, "/items").status, 401);
  EXPECT_EQ(get(app, "/items", {{"Authorization", "Bearer x"}}).status, 401);
  EXPECT_EQ(get(app, "/items", reader).body, R"("ada")");
  const auto refused = ask(app, "POST", "/items", reader);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"detail":"Not enough permissions"})");
  EXPECT_EQ(refused.header("WWW-Authenticate"), R"(Bearer error="insufficient_scope", scope="items:read items:write")");
  EXPECT_EQ(ask(app, "POST", "/items", writer).body, R"("bob")");
}

TEST(PasswordForm, is_what_an_oauth2_client_sends) {
  App app;
  app.post("/token", [](PasswordForm form) {
    return json::object{{"username", form.username},
                        {"password", form.password.reveal()},
                        {"scopes", json::array(form.scopes.begin(), form.scopes.end())},
                        {"client_id", form.client_id.value_or("-")}};
  });
  const Headers urlencoded{{"Content-Type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(ask(app, "POST", "/token", urlencoded,
                "grant_type=password&username=ada%40example.com&password=p+w&scope=a++b&client_id=me")
                .body,
            R"({"username":"ada@example.com","password":"p w","scopes":["a","b"],"client_id":"me"})");
  EXPECT_EQ(ask(app, "POST", "/token", urlencoded, "username=ada&password=pw").status, 200);
  const auto wrong = ask(app, "POST", "/token", urlencoded, "grant_type=implicit&password=hunter2");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_NE(wrong.body.find(R"("loc":["body","grant_type"])"), std::string::npos) << wrong.body;
  EXPECT_NE(wrong.body.find(R"("loc":["body","username"])"), std::string::npos) << wrong.body;
  EXPECT_EQ(wrong.body.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace bailey
