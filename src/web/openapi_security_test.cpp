#include <bailey/web/app.hpp>
#include <bailey/web/security.hpp>
#include "web/openapi_testing.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::document_of;
using web_testing::text_at;

Guard signing_in(bool is_optional = false) {
  return {.name = "signing_in",
          .admit = [](Request&) -> Before { return Pass{}; },
          .covers = [is_optional](std::string_view) { return is_optional ? Guarded::sometimes : Guarded::always; },
          .security = {.name = "bearer", .scheme = {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
          .sign_in = [](std::string, Secret) -> Task<SignedIn> { co_return SignedIn{}; }};
}

TEST(SecuritySchemes, of_each_kind_of_credentials_are_what_openapi_calls_them) {
  App app;
  app.get("/1", [](Bearer) { return 1; });
  app.get("/2", [](ApiKey<KeyIn::header, "X-API-Key">) { return 1; });
  app.get("/3", [](ApiKey<KeyIn::query, "key">) { return 1; });
  app.get("/4", [](ApiKey<KeyIn::cookie, "session">) { return 1; });
  app.get("/5", [](Basic<"Admins">) { return 1; });
  app.get("/6", [](OAuth2Password<"/token">) { return 1; });
  app.get("/7", [](OAuth2Code<"https://id.example/authorize", "https://id.example/token">) { return 1; });
  app.get("/8", [](OpenIdConnect<"https://id.example/.well-known/openid-configuration">) { return 1; });
  const json::value document = document_of(app);
  const std::string schemes = "/components/securitySchemes/";
  EXPECT_EQ(text_at(document, schemes + "bearer"), R"({"type":"http","scheme":"bearer"})");
  EXPECT_EQ(text_at(document, schemes + "X-API-Key"), R"({"type":"apiKey","in":"header","name":"X-API-Key"})");
  EXPECT_EQ(text_at(document, schemes + "key/in"), R"("query")");
  EXPECT_EQ(text_at(document, schemes + "session/in"), R"("cookie")");
  EXPECT_EQ(text_at(document, schemes + "basic"), R"({"type":"http","scheme":"basic"})");
  EXPECT_EQ(text_at(document, schemes + "oauth2_password/flows"), R"({"password":{"tokenUrl":"/token","scopes":{}}})");
  EXPECT_EQ(text_at(document, schemes + "oauth2_code/flows/authorizationCode/authorizationUrl"),
            R"("https://id.example/authorize")");
  EXPECT_EQ(text_at(document, schemes + "open_id/type"), R"("openIdConnect")");
  EXPECT_EQ(text_at(document, "/paths/~12/get/security"), R"([{"X-API-Key":[]}])");
  EXPECT_EQ(text_at(document, "/paths/~12/get/responses/401/headers/WWW-Authenticate/schema/type"), R"("string")");
  EXPECT_FALSE(web_testing::at(document, "/paths/~12/get/responses").as_object().contains("403"));
}

TEST(SecuritySchemes, that_are_all_asked_for_stand_in_one_object) {
  App app;
  app.get("/", [](Bearer, ApiKey<KeyIn::header, "X-Key">) { return 1; });
  EXPECT_EQ(text_at(document_of(app), "/paths/~1/get/security"), R"([{"bearer":[],"X-Key":[]}])");
}

TEST(SecuritySchemes, that_may_be_missing_give_a_requirement_without_them) {
  App app;
  app.get("/", [](ApiKey<KeyIn::header, "X-Key">, std::optional<Bearer>) { return 1; });
  app.get("/open", [](std::optional<Bearer>) { return 1; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/get/security"), R"([{"X-Key":[],"bearer":[]},{"X-Key":[]}])");
  EXPECT_EQ(text_at(document, "/paths/~1open/get/security"), R"([{"bearer":[]},{}])");
}

TEST(SecuritySchemes, of_one_name_that_say_different_things_are_two) {
  App app;
  app.get("/1", [](ApiKey<KeyIn::header, "key">) { return 1; });
  app.get("/2", [](ApiKey<KeyIn::query, "key">) { return 1; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~11/get/security"), R"([{"key":[]}])");
  EXPECT_EQ(text_at(document, "/paths/~12/get/security"), R"([{"key_2":[]}])");
}

TEST(SecuritySchemes, have_the_scopes_that_are_asked_for) {
  struct Caller {
    std::vector<std::string> scopes;
  };
  App app;
  app.provide([](OAuth2Password<"/token">) { return Caller{}; });
  app.get("/", [](const Caller&) { return 1; },
          {.dependencies = {require_scopes<Caller, "items:read", "items:write">()}});
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/get/security"), R"([{"oauth2_password":["items:read","items:write"]}])");
  EXPECT_EQ(text_at(document, "/components/securitySchemes/oauth2_password/flows/password/scopes"),
            R"({"items:read":"","items:write":""})");
  EXPECT_TRUE(web_testing::at(document, "/paths/~1/get/responses").as_object().contains("403"));
}

TEST(SecuritySchemes, of_a_guard_that_signs_people_in_may_be_met_by_doing_so) {
  App app;
  app.use(signing_in());
  app.get("/", [](ApiKey<KeyIn::header, "X-Key">) { return 1; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/get/security"), R"([{"X-Key":[],"bearer":[]},{"X-Key":[],"sign_in":[]}])");
  EXPECT_EQ(text_at(document, "/components/securitySchemes/sign_in/flows/password/tokenUrl"), R"("docs/token")");
}

TEST(SecuritySchemes, say_nothing_of_signing_in_where_there_is_no_page_for_it) {
  App app({.docs_path = ""});
  app.use(signing_in(true));
  app.get("/", [] { return 1; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/get/security"), R"([{"bearer":[]},{}])");
  EXPECT_FALSE(web_testing::at(document, "/components/securitySchemes").as_object().contains("sign_in"));
}

TEST(SecuritySchemes, of_a_guard_and_of_a_parameter_that_reads_its_token_are_one) {
  App app;
  app.use(signing_in());
  app.get("/", [](Bearer) { return 1; });
  app.get("/other", [] { return 1; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/get/security"), R"([{"bearer":[]},{"sign_in":[]}])");
  EXPECT_EQ(text_at(document, "/components/securitySchemes/bearer/bearerFormat"), R"("JWT")");
  EXPECT_EQ(web_testing::at(document, "/components/securitySchemes").as_object().size(), 2U);
}

}  // namespace
}  // namespace bailey
