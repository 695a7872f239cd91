#include <bailey/graphql/graphql.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/test_client.hpp>
#include <graphql/ide/assets.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {
namespace {

constexpr std::string_view browser =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

Schema hello() {
  Schema schema;
  schema.query("hello", [] { return std::string("world"); });
  return schema;
}

// Knows Ada and her password.
Guard signing_in() {
  return {.name = "signing_in",
          .admit = [](Request& request) -> Before {
            if (request.header("authorization") == "Bearer adas") return Pass{};
            throw HttpError(401);
          },
          .sign_in = [](std::string email, Secret password) -> Task<SignedIn> {
            if (email != "ada@example.com" || password != Secret("hunter2"))
              throw Error("invalid_credentials", "Invalid login credentials", 400);
            co_return SignedIn{.access_token = Secret("adas"), .expires_in = 3600};
          }};
}

TestReply open(TestClient& client, const std::string& path, std::string_view accept = browser) {
  return client.get(path, {{"Accept", std::string(accept)}});
}
bool is_page(const TestReply& reply) {
  return reply.status == 200 && reply.header("content-type") == "text/html; charset=utf-8" &&
         reply.body.find("<title>GraphiQL</title>") != std::string::npos;
}
std::string editor_below(std::string folder) {
  const auto asset = std::ranges::find(ide_assets(), "editor.js", &web_detail::DocsAsset::name);
  return folder.append("/graphiql/").append(asset->version).append("/editor.js");
}
TestReply sign_in(TestClient& client, const std::string& at, std::string body) {
  return client.send("POST", at, std::move(body), {{"Content-Type", "application/json"}});
}

TEST(Graphiql, is_for_whom_html_is_the_best) {
  App app;
  app.graphql("/graphql", hello());
  TestClient client(app);
  for (const std::string_view accept : {browser, std::string_view("text/html"), std::string_view("text/html, */*"),
                                        std::string_view("text/html;q=0.9, application/json;q=0.8")})
    EXPECT_TRUE(is_page(open(client, "/graphql", accept))) << accept;
  for (const std::string_view accept :
       {"*/*", "application/json", "application/json, text/html", "text/*", "text/html;q=0.5, application/json",
        "text/html;q=0.5, */*", "text/html;q=0", "text/event-stream, text/html", ""})
    EXPECT_FALSE(is_page(open(client, "/graphql", accept))) << accept;
  EXPECT_EQ(client.head("/graphql", {{"Accept", std::string(browser)}}).header("content-type"),
            "text/html; charset=utf-8");
}

TEST(Graphiql, leaves_operations_to_the_endpoint_whoever_asks) {
  App app;
  app.graphql("/graphql", hello());
  TestClient client(app);
  EXPECT_EQ(open(client, "/graphql?query=%7Bhello%7D").body, R"({"data":{"hello":"world"}})");
  EXPECT_EQ(client
                .send("POST", "/graphql", R"({"query":"{hello}"})",
                      {{"Content-Type", "application/json"}, {"Accept", std::string(browser)}})
                .body,
            R"({"data":{"hello":"world"}})");
}

TEST(Graphiql, is_told_apart_from_answers_by_caches_and_framed_by_nobody) {
  App app;
  app.graphql("/graphql", hello());
  TestClient client(app);
  const TestReply page = open(client, "/graphql");
  EXPECT_EQ(page.header("vary"), "Accept");
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(page.header("referrer-policy"), "no-referrer");
  EXPECT_TRUE(page.header("content-security-policy")->starts_with("default-src 'none'; script-src 'self'"));
  EXPECT_NE(page.header("content-security-policy")->find("frame-ancestors 'none'"), std::string::npos);
}

TEST(Graphiql, is_open_where_operations_are_guarded) {
  App app;
  app.use(signing_in());
  app.graphql("/graphql", hello());
  TestClient client(app);
  EXPECT_TRUE(is_page(open(client, "/graphql")));
  EXPECT_EQ(client.get(editor_below("/graphql")).status, 200);
  EXPECT_EQ(open(client, "/graphql?query=%7Bhello%7D").status, 401);
  EXPECT_EQ(client.get("/graphql").status, 401);
  EXPECT_EQ(sign_in(client, "/graphql", R"({"query":"{hello}"})").status, 401);
  EXPECT_EQ(client.get("/graphql?query=%7Bhello%7D", {{"Authorization", "Bearer adas"}}).status, 200);
}

TEST(Graphiql, signs_people_in_with_the_guard_of_its_route) {
  App app;
  app.graphql("/graphql", hello(), {.route = {.guard = signing_in()}});
  app.graphql("/open", hello());
  TestClient client(app);
  EXPECT_NE(open(client, "/graphql").body.find("./graphql/graphiql/token"), std::string::npos);
  const TestReply token =
      sign_in(client, "/graphql/graphiql/token", R"({"email":"ada@example.com","password":"hunter2"})");
  EXPECT_EQ(token.status, 200);
  EXPECT_EQ(token.body, R"({"access_token":"adas","token_type":"bearer","expires_in":3600})");
  EXPECT_EQ(token.header("cache-control"), "no-store");
  const TestReply wrong = sign_in(client, "/graphql/graphiql/token", R"({"email":"ada@example.com","password":"x"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, R"({"error":"invalid_grant","error_description":"Invalid login credentials"})");
  for (const char* body : {"", "{", "[]", R"({"email":1,"password":"x"})", R"({"email":"a"})"})
    EXPECT_EQ(sign_in(client, "/graphql/graphiql/token", body).status, 400) << body;
  EXPECT_EQ(sign_in(client, "/graphql/graphiql/token", std::string(20'000, ' ')).status, 413);
  EXPECT_EQ(client
                .send("POST", "/graphql/graphiql/token", R"({"email":"ada@example.com","password":"hunter2"})",
                      {{"Content-Type", "text/plain"}})
                .status,
            415);

  EXPECT_EQ(open(client, "/open").body.find("token"), std::string::npos);
  EXPECT_EQ(sign_in(client, "/open/graphiql/token", R"({"email":"ada@example.com","password":"hunter2"})").status, 404);
}

TEST(Graphiql, slows_down_whoever_guesses) {
  App app;
  app.graphql("/graphql", hello(), {.route = {.guard = signing_in()}});
  TestClient client(app);
  int status = 400;
  for (int i = 0; i < 11 && status == 400; ++i)
    status = sign_in(client, "/graphql/graphiql/token", R"({"email":"ada@example.com","password":"x"})").status;
  EXPECT_EQ(status, 429);
}

TEST(Graphiql, counts_attempts_to_sign_in_once_for_all_pages_of_an_app) {
  App app;
  app.use(signing_in());
  app.graphql("/one", hello());
  app.graphql("/two", hello());
  TestClient client(app);
  const auto guess = [&client](const std::string& at) {
    return sign_in(client, at, R"({"email":"ada@example.com","password":"x"})").status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess("/one/graphiql/token"), 400);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(guess("/two/graphiql/token"), 400);
  const TestClient::Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(client.send("POST", "/docs/token", "grant_type=password&username=a&password=b", form).status, 400);
  EXPECT_EQ(guess("/one/graphiql/token"), 429);
  EXPECT_EQ(guess("/two/graphiql/token"), 429);
  EXPECT_EQ(client.send("POST", "/docs/token", "grant_type=password&username=a&password=b", form).status, 429);
}

TEST(Graphiql, is_for_whom_the_guard_of_the_documentation_admits) {
  const Guard closed{.name = "closed", .admit = [](Request& request) -> Before {
                       if (request.header("x-admin")) return Pass{};
                       throw HttpError(403);
                     }};
  App app({.docs_guard = closed});
  app.use(signing_in());
  app.graphql("/graphql", hello());
  app.graphql("/open", hello(), {.route = {.guard = open_to_all()}});
  TestClient client(app);
  for (const std::string path : {"/graphql", "/open"}) {
    EXPECT_EQ(open(client, path).status, 403);
    EXPECT_TRUE(is_page(client.get(path, {{"Accept", std::string(browser)}, {"x-admin", "1"}})));
    EXPECT_EQ(client.get(editor_below(path)).status, 403);
    const TestReply editor = client.get(editor_below(path), {{"x-admin", "1"}});
    EXPECT_EQ(editor.status, 200);
    EXPECT_EQ(editor.header("cache-control"), "private, max-age=31536000, immutable");
    EXPECT_EQ(sign_in(client, path + "/graphiql/token", "{}").status, 403);
  }
  EXPECT_EQ(client
                .send("POST", "/graphql/graphiql/token", R"({"email":"ada@example.com","password":"hunter2"})",
                      {{"Content-Type", "application/json"}, {"x-admin", "1"}})
                .status,
            200);
  // Operations are asked for by others than people who read.
  EXPECT_EQ(client.get("/open?query=%7Bhello%7D").status, 200);
  EXPECT_EQ(client.get("/graphql?query=%7Bhello%7D").status, 401);
  EXPECT_EQ(client.get("/graphql?query=%7Bhello%7D", {{"Authorization", "Bearer adas"}}).status, 200);
}

TEST(Graphiql, is_switched_off_by_itself_and_with_introspection) {
  for (const MountOptions& options :
       {MountOptions{.ide = false}, MountOptions{.operations = production_operations()}}) {
    App app;
    app.graphql("/graphql", hello(), options);
    TestClient client(app);
    EXPECT_FALSE(is_page(open(client, "/graphql")));
    EXPECT_EQ(client.get(editor_below("/graphql")).status, 404);
    EXPECT_EQ(sign_in(client, "/graphql/graphiql/token", "{}").status, 404);
    EXPECT_EQ(open(client, "/graphql?query=%7Bhello%7D").status, 200);
  }
}

TEST(Graphiql, works_wherever_the_endpoint_is) {
  struct Case {
    const char *prefix, *path, *opened, *folder;
  };
  for (const auto& [prefix, path, opened, folder] : {
           Case{"", "/graphql/", "/graphql/", "/graphql"},
           {"", "/", "/", ""},
           {"", "/tenants/{tenant}/graphql", "/tenants/acme/graphql", "/tenants/acme/graphql"},
           {"", "/graphql/{tenant}", "/graphql/acme", "/graphql/acme"},
           {"/api", "", "/api", "/api"},
           {"/api", "/graphql", "/api/graphql", "/api/graphql"},
       }) {
    Router router;
    router.graphql(path, hello());
    App app;
    app.include(std::move(router), prefix);
    TestClient client(app);
    const TestReply page = open(client, opened);
    EXPECT_TRUE(is_page(page)) << opened;
    // What a browser makes of the link.
    const std::string editor = editor_below(folder);
    std::string base(opened);
    base.resize(base.rfind('/'));
    EXPECT_NE(page.body.find("src=\"." + editor.substr(base.size()) + '"'), std::string::npos) << page.body;
    EXPECT_EQ(client.get(editor).status, 200) << editor;
  }
}

TEST(Graphiql, is_not_there_where_nothing_can_lie_below_the_path) {
  App app;
  app.graphql("/graphql/{rest:path}", hello());
  TestClient client(app);
  EXPECT_FALSE(is_page(open(client, "/graphql/x")));
  EXPECT_EQ(client.get("/graphql/x?query=%7Bhello%7D").status, 200);
}

TEST(Graphiql, is_below_the_root_path_of_a_proxy_by_relative_links_alone) {
  App app({.root_path = "/team/api"});
  app.graphql("/graphql", hello());
  TestClient client(app);
  const TestReply page = open(client, "/team/api/graphql");
  EXPECT_TRUE(is_page(page));
  EXPECT_EQ(page.body.find("\"/"), std::string::npos) << page.body;
  EXPECT_EQ(client.get(editor_below("/team/api/graphql")).status, 200);
}

TEST(Graphiql, stands_in_no_document) {
  App app;
  app.use(signing_in());
  app.graphql("/graphql", hello(), {.in_schema = true});
  const std::string document = app.openapi();
  EXPECT_NE(document.find("\"/graphql\""), std::string::npos);
  EXPECT_EQ(document.find("graphiql"), std::string::npos) << document;
}

TEST(Graphiql, has_files_that_are_there_and_no_others) {
  App app;
  app.graphql("/graphql", hello());
  TestClient client(app);
  EXPECT_EQ(client.get(editor_below("/graphql")).header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(client.get("/graphql/graphiql/0/editor.js").status, 404);
  EXPECT_EQ(client.get("/graphql/graphiql/4.1.2/passwd").status, 404);
}

}  // namespace
}  // namespace bailey::graphql
