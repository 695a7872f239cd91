// The gateway without its database: what it decides by itself.
#include "stack/gateway/gateway.hpp"

#include <bailey/web/app.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "stack/auth/auth_app.hpp"
#include "stack/forwarded.hpp"
#include "stack/rest/rest_app.hpp"

namespace bailey::stack::gateway {
namespace {

// Says what has reached a service.
void echo(App& app) {
  app.any("/{path:path}", [](const Request& request) {
    return PlainText{std::string(request.raw_path()) + "|" + std::string(query_of(request)) + "|" +
                     std::string(authorization_of(request))};
  });
}

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    echo(auth_);
    echo(rest_);
  }
  [[nodiscard]] web_testing::Reply ask(std::string target, web_testing::Headers headers = {}) {
    http::LocalRequest::Parts parts{.target = std::move(target), .headers = std::move(headers)};
    return run_blocking(web_testing::ask_app(gateway_.handler(), std::move(parts)));
  }

  static ProjectKeys keys() {
    return {{.jwt_secret = Secret(),
             .anon_key = "anon-token",
             .service_role_key = "service-token",
             .publishable_key = "sb_publishable_x",
             .secret_key = "sb_secret_x"},
            jwt::Key::generate_es256("k"),
            std::make_shared<jwt::KeySet>()};
  }
  static AppOptions bare() {
    AppOptions options;
    options.openapi_path = "";
    options.health_path = "";
    options.ready_path = "";
    return options;
  }

  App auth_{bare()}, rest_{bare()};
  ProjectKeys project_keys_ = keys();
  ApiKeys keys_{project_keys_};
  Gateway gateway_{keys_, {auth_, rest_}, {.require_api_key = true}};
};

TEST_F(GatewayTest, leads_to_the_service_whose_prefix_the_path_has) {
  const web_testing::Headers key{{"apikey", "sb_publishable_x"}};
  for (const auto& [target, reached] : std::vector<std::pair<std::string, std::string>>{
           {"/auth/v1/token?grant_type=password", "/token|grant_type=password|Bearer anon-token"},
           {"/%61uth/v1/us%65r", "/us%65r||Bearer anon-token"},
           {"/rest/v1", "/||Bearer anon-token"},
           {"/rest/v1/a%2Fb", "/a%2Fb||Bearer anon-token"}}) {
    EXPECT_EQ(ask(target, key).body, reached) << target;
  }
  for (const char* target : {"/auth/v10", "/rest/v1x/cards", "/"}) {
    EXPECT_EQ(ask(target, key).status, 404) << target;
    EXPECT_EQ(ask(target, key).body, R"({"message":"no Route matched with those values"})") << target;
  }
  EXPECT_EQ(ask("/health").status, 200);
  http::LocalRequest::Parts post{.method = "POST", .target = "/health"};
  EXPECT_EQ(run_blocking(web_testing::ask_app(gateway_.handler(), std::move(post))).body,
            R"({"message":"Method Not Allowed"})");
}

TEST_F(GatewayTest, demands_an_api_key_but_where_a_browser_is_led_or_a_verifier_asks) {
  for (const char* target : {"/auth/v1/verify", "/auth/v1/.well-known/jwks.json", "/auth/v1/health"})
    EXPECT_EQ(ask(target).status, 200) << target;
  for (const char* target : {"/auth/v1/user", "/auth/v1/verify/x", "/rest/v1/verify", "/rest/v1", "/rest/v1/health"}) {
    EXPECT_EQ(ask(target).status, 401) << target;
    EXPECT_EQ(ask(target, {{"apikey", "guess"}}).status, 401) << target;
  }
}

TEST_F(GatewayTest, hands_on_what_a_key_stands_for_and_keeps_the_key) {
  EXPECT_EQ(ask("/rest/v1/x?apikey=sb_secret_x&a=1").body, "/x|a=1|Bearer service-token");
  EXPECT_EQ(ask("/rest/v1/x", {{"apikey", "anon-token"}}).body, "/x||anon-token");
  EXPECT_EQ(ask("/rest/v1/x", {{"apikey", "sb_secret_x"}, {"Authorization", "Bearer own"}}).body, "/x||Bearer own");
}

TEST_F(GatewayTest, takes_two_origins_for_a_foreign_one) {
  http::LocalRequest::Parts parts{
      .method = "POST",
      .target = "/rest/v1/x",
      .headers = {{"apikey", "sb_secret_x"}, {"Origin", "http://localhost:3000"}, {"Origin", "https://evil.example"}}};
  EXPECT_EQ(run_blocking(web_testing::ask_app(gateway_.handler(), std::move(parts))).status, 403);
}

// Of the services themselves, who are asked nothing.
class GatewayRefusal : public testing::Test {
 protected:
  [[nodiscard]] http::Response refusal(int status, std::string_view detail, std::string_view target) {
    return gateway_.handler().refuse(status, detail, target);
  }

  pg::Database nowhere_{[] {
    pg::Options options;
    options.connection_string = Secret("host=/nonexistent");
    return options;
  }()};
  std::shared_ptr<const jwt::KeySet> no_keys_ = std::make_shared<jwt::KeySet>();
  auth::AuthContext context_{AuthConfig{}, "", jwt::Key::generate_es256("k"), no_keys_, nowhere_};
  auth::AuthApp auth_{context_};
  rest::RestApp rest_{query::Executor(nowhere_), no_keys_};
  ProjectKeys project_keys_{{}, jwt::Key::generate_es256("k"), no_keys_};
  ApiKeys keys_{project_keys_};
  Gateway gateway_{keys_, {auth_.app(), rest_.app()}};
};

TEST_F(GatewayRefusal, has_the_form_of_the_service_that_was_asked_and_is_open_to_its_page) {
  struct Case {
    int status;
    std::string target, body;
  };
  const std::string long_detail = "Request line too long";
  const std::vector<Case> cases{
      {414, "/rest/v1/cards?name=eq." + std::string(9000, 'a'),
       R"({"code":"uri_too_long","details":null,"hint":null,"message":"Request line too long"})"},
      {431, "/rest/v1/cards",
       R"({"code":"header_fields_too_large","details":null,"hint":null,"message":"Request line too long"})"},
      {503, "/rest/v1",
       R"({"code":"service_unavailable","details":null,"hint":null,"message":"Request line too long"})"},
      {431, "/auth/v1/user", R"({"code":431,"error_code":"validation_failed","msg":"Request line too long"})"},
      {413, "/auth/v1/signup", R"({"code":413,"error_code":"request_entity_too_large","msg":"Request line too long"})"},
      {408, "/auth/v1/token?grant_type=password",
       R"({"code":408,"error_code":"request_timeout","msg":"Request line too long"})"},
      {400, "/auth/v10", R"({"message":"Request line too long"})"},
      {400, "", R"({"message":"Request line too long"})"}};
  for (const Case& c : cases) {
    const http::Response response = refusal(c.status, long_detail, c.target);
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(response.body, c.body);
    EXPECT_TRUE(response.content_type().starts_with("application/json")) << c.target;
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*") << c.target;
  }
}

TEST_F(GatewayRefusal, keeps_what_is_in_the_detail_inside_its_json) {
  for (const char* target : {"/rest/v1/x", "/auth/v1/x", "/x"}) {
    EXPECT_NE(refusal(400, "a \"b\"\n", target).body.find(R"(a \"b\"\n)"), std::string::npos) << target;
  }
}

}  // namespace
}  // namespace bailey::stack::gateway
