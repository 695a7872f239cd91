#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/proxy_headers.hpp>
#include <bailey/web/security.hpp>
#include <bailey/web/test_client.hpp>
#include "web/decompress.hpp"
#include "web/docs/assets.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <bailey/base/base64url.hpp>

#include <algorithm>
#include <string>

namespace bailey {
namespace {

using web_detail::DocsAsset;
using web_testing::ask;
using web_testing::error_code_of;
using web_testing::get;
using web_testing::Headers;

const DocsAsset& asset(std::string_view name) {
  return *std::ranges::find(web_detail::docs_assets(), name, &DocsAsset::name);
}
std::string path_of(const DocsAsset& of, std::string page = "/docs") {
  return page.append("/assets/").append(of.version).append("/").append(of.name);
}

// Knows Ada and her password.
Guard signing_in() {
  return {.name = "signing_in",
          .admit = [](Request& request) -> Before {
            if (request.header("authorization") == "Bearer adas") return Pass{};
            throw HttpError(401);
          },
          .security = {.name = "bearer", .scheme = {{"type", "http"}, {"scheme", "bearer"}}},
          .sign_in = [](std::string email, Secret password) -> Task<SignedIn> {
            if (email == "down@example.com") throw Error("unreachable", "The server at 10.0.0.1 is away", 503);
            if (email != "ada@example.com" || password != Secret("hunter2"))
              throw Error("invalid_credentials", "Invalid login credentials", 400);
            co_return SignedIn{.access_token = Secret("adas"), .expires_in = 3600};
          }};
}

TestReply sign_in(TestClient& client, std::string_view email, std::string_view password) {
  return client.send("POST", "/docs/token",
                     "grant_type=password&username=" + std::string(email) + "&password=" + std::string(password),
                     {{"Content-Type", "application/x-www-form-urlencoded"}});
}

TEST(Docs, are_pages_that_come_with_every_app) {
  App app({.title = "Business <cards>"});
  TestClient client(app);
  for (const char* path : {"/docs", "/redoc"}) {
    const TestReply page = client.get(path);
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
    EXPECT_TRUE(page.header("content-security-policy")->starts_with("default-src 'none'"));
    EXPECT_NE(page.body.find("<title>Business &lt;cards&gt;</title>"), std::string::npos) << page.body;
    EXPECT_EQ(client.head(path).status, 200);
  }
}

TEST(Docs, are_in_the_document_as_little_as_the_document_itself) {
  App app;
  app.use(signing_in());
  EXPECT_EQ(app.openapi().find("/docs\""), std::string::npos) << app.openapi();
  EXPECT_EQ(app.openapi().find("/token\":"), std::string::npos) << app.openapi();
}

TEST(Docs, load_files_that_never_change) {
  App app;
  TestClient client(app);
  const DocsAsset& script = asset("swagger.js");
  const TestReply reply = client.get(path_of(script));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(reply.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_NE(reply.body.find("SwaggerUIBundle"), std::string::npos);
  EXPECT_EQ(client.get("/docs/assets/0/swagger.js").status, 404);
  EXPECT_EQ(client.get("/docs/assets/" + std::string(script.version) + "/passwd").status, 404);
  EXPECT_EQ(client.get("/docs/assets/" + std::string(script.version) + "/..%2Fswagger.js").status, 404);
}

TEST(Docs, load_what_is_compressed_already_and_unpack_it_for_who_cannot) {
  App app;
  TestClient client(app);
  const DocsAsset& style = asset("swagger-ui.css");
  if (style.bytes.empty()) GTEST_SKIP() << "built without the pages' files: script/bootstrap fetches them";
  const TestReply packed = client.get(path_of(style), {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_EQ(packed.header("vary"), "Accept-Encoding");
  EXPECT_EQ(packed.header("content-type"), "text/css; charset=utf-8");
  const TestReply plain = client.get(path_of(style), {{"Accept-Encoding", "identity"}});
  EXPECT_EQ(plain.header("content-encoding"), std::nullopt);
  EXPECT_EQ(web_testing::decompress_gzip(packed.body).text, plain.body);
  EXPECT_EQ(client.get(path_of(style)).body, plain.body) << "who says nothing may not be able to";
}

TEST(Docs, have_files_whose_hashes_are_those_that_a_browser_would_check) {
  for (const DocsAsset& each : web_detail::docs_assets()) {
    if (each.bytes.empty() || each.integrity.empty()) continue;
    const std::string text = web_testing::decompress_gzip(each.bytes).text;
    std::string digest(48, '\0');
    ASSERT_EQ(EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                         EVP_sha384(), nullptr),
              1);
    EXPECT_EQ(each.integrity, "sha384-" + base64_encode(digest)) << each.name;
  }
}

TEST(Docs, can_be_moved_and_left_out) {
  App moved({.openapi_path = "/api/openapi.json", .docs_path = "/api/try", .redoc_path = ""});
  EXPECT_EQ(get(moved, "/api/try").status, 200);
  EXPECT_NE(get(moved, "/api/try").body.find(R"("document":"openapi.json")"), std::string::npos);
  EXPECT_EQ(get(moved, path_of(asset("swagger.js"), "/api/try")).status, 200);
  EXPECT_EQ(get(moved, "/docs").status, 404);
  EXPECT_EQ(get(moved, "/redoc").status, 404);
  App none({.openapi_path = ""});
  EXPECT_EQ(get(none, "/docs").status, 404);
  EXPECT_EQ(get(none, "/redoc").status, 404);
  for (const char* path : {"docs", "/docs/", "/{docs}", "/", "/do cs", "/docs?x"})
    EXPECT_EQ(error_code_of([&] {
                App app({.docs_path = path});
                static_cast<void>(app.handler());
              }),
              "invalid_route")
        << path;
}

TEST(Docs, give_way_to_a_route_of_the_programs_own) {
  App app;
  app.get("/docs", [] { return PlainText{"mine"}; });
  EXPECT_EQ(get(app, "/docs").body, "mine");
  EXPECT_EQ(get(app, path_of(asset("swagger.js"))).status, 404);
  EXPECT_EQ(get(app, "/redoc").status, 200);
}

TEST(Docs, are_seen_by_whom_their_guard_admits_all_of_them) {
  const Guard closed{.name = "closed", .admit = [](Request& request) -> Before {
                       if (request.header("x-admin")) return Pass{};
                       throw HttpError(403);
                     }};
  App app({.docs_guard = closed});
  app.use(signing_in());
  for (const std::string& path : {std::string("/docs"), std::string("/redoc"), std::string("/openapi.json"),
                                  std::string("/docs/oauth2-redirect"), path_of(asset("swagger.js"))}) {
    EXPECT_EQ(get(app, path).status, 403) << path;
    EXPECT_EQ(get(app, path, {{"x-admin", "1"}}).status, 200) << path;
  }
  EXPECT_EQ(ask(app, "POST", "/docs/token").status, 403);
  EXPECT_EQ(get(app, path_of(asset("swagger.js")), {{"x-admin", "1"}}).header("cache-control"),
            "private, max-age=31536000, immutable");
}

TEST(Docs, depend_on_nothing_of_the_apps) {
  App app;
  app.depends(depends([](Bearer) {}));
  app.get("/", [] { return 1; });
  EXPECT_EQ(get(app, "/").status, 401);
  EXPECT_EQ(get(app, "/docs").status, 200);
  EXPECT_EQ(get(app, "/openapi.json").status, 200);
}

TEST(DocsSignIn, gives_the_token_that_the_guard_takes) {
  App app;
  app.use(signing_in());
  app.get("/me", [] { return 1; });
  TestClient client(app);
  const TestReply reply = sign_in(client, "ada%40example.com", "hunter2");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"access_token":"adas","token_type":"bearer","expires_in":3600})");
  EXPECT_EQ(reply.header("cache-control"), "no-store");
  EXPECT_EQ(client.get("/me", {{"Authorization", "Bearer adas"}}).status, 200);
}

TEST(DocsSignIn, answers_as_oauth2_does_and_says_nothing_of_what_is_behind) {
  App app;
  app.use(signing_in());
  TestClient client(app);
  const TestReply wrong = sign_in(client, "ada%40example.com", "wrong");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, R"({"error":"invalid_grant","error_description":"Invalid login credentials"})");
  const TestReply down = sign_in(client, "down%40example.com", "hunter2");
  EXPECT_EQ(down.status, 503);
  EXPECT_EQ(down.body, R"({"error":"temporarily_unavailable","error_description":"Signing in is unavailable"})");
  EXPECT_EQ(client.send("POST", "/docs/token", "{}", {{"Content-Type", "application/json"}}).status, 415);
}

TEST(DocsSignIn, is_slowed_down_when_a_client_tries_often) {
  App app;
  app.use(signing_in());
  TestClient client(app);
  int refused = 0;
  for (int i = 0; i < 12; ++i) {
    const TestReply reply = sign_in(client, "ada%40example.com", "guess" + std::to_string(i));
    if (reply.status != 429) continue;
    ++refused;
    EXPECT_TRUE(reply.header("retry-after").has_value());
  }
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(sign_in(client, "ada%40example.com", "hunter2").status, 429) << "a right guess is told no sooner";
}

TEST(DocsSignIn, is_slowed_down_for_one_client_of_a_trusted_proxy_and_not_for_all) {
  App app;
  app.use(proxy_headers({.trusted = {"127.0.0.1"}}));
  app.use(signing_in());
  const auto try_from = [&](std::string address) {
    TestClient client(app, {.headers = {{"X-Forwarded-For", std::move(address)}}});
    return sign_in(client, "ada%40example.com", "wrong").status;
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(try_from("192.0.2.7"), 400);
  EXPECT_EQ(try_from("192.0.2.7"), 429);
  int admitted = 0;
  for (int i = 0; i < 20; ++i) admitted += try_from("198.51.100." + std::to_string(i)) == 400 ? 1 : 0;
  EXPECT_GE(admitted, 18) << "a place is shared by chance";
}

TEST(DocsSignIn, is_there_only_where_there_is_a_page_and_a_guard_that_can) {
  App no_page({.docs_path = ""});
  no_page.use(signing_in());
  EXPECT_EQ(ask(no_page, "POST", "/docs/token", {{"Authorization", "Bearer adas"}}).status, 404);
  App no_guard;
  EXPECT_EQ(ask(no_guard, "POST", "/docs/token").status, 404);
  EXPECT_EQ(get(no_guard, "/docs").body.find("\"token\""), std::string::npos);
  App of_a_route;
  of_a_route.get("/me", [] { return 1; }, {.guard = signing_in()});
  EXPECT_NE(get(of_a_route, "/docs").body.find(R"("token":"docs/token")"), std::string::npos);
}

}  // namespace
}  // namespace bailey
