#include "stack/gateway/api_key.hpp"

#include <gtest/gtest.h>

namespace bailey::stack::gateway {
namespace {

class GatewayKeys : public testing::Test {
 protected:
  static ProjectKeys make() {
    const jwt::Key secret = jwt::Key::from_secret(Secret(std::string(development_jwt_secret))).value();
    auto accepted = std::make_shared<jwt::KeySet>();
    accepted->add(secret);
    return {{.jwt_secret = Secret(std::string(development_jwt_secret)),
             .anon_key = "anon.jwt.key",
             .service_role_key = "service.jwt.key",
             .publishable_key = "sb_publishable_1",
             .secret_key = "sb_secret_1"},
            secret,
            accepted};
  }
  [[nodiscard]] std::string token(std::string_view claims) const { return keys.signing.sign(claims).value(); }

  ProjectKeys keys = make();
  ApiKeys door{keys};
  UnixSeconds now{std::chrono::seconds(1'800'000'000)};
};

TEST_F(GatewayKeys, are_the_projects_four_or_a_signed_token_of_an_api_role) {
  for (const char* good : {"anon.jwt.key", "service.jwt.key", "sb_publishable_1", "sb_secret_1"}) {
    EXPECT_TRUE(door.accepts(good, now)) << good;
  }
  EXPECT_TRUE(door.accepts(token(R"({"role":"anon"})"), now));
  EXPECT_FALSE(door.accepts(token(R"({"role":"anon","exp":1799999999})"), now));
  EXPECT_FALSE(door.accepts(token(R"({"role":"postgres"})"), now));
  for (const char* bad : {"", "x", "sb_publishable_2", "anon.jwt.kex", "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYW5vbiJ9."}) {
    EXPECT_FALSE(door.accepts(bad, now)) << bad;
  }
}

TEST_F(GatewayKeys, are_exchanged_for_tokens_as_supabase_does) {
  struct Case {
    std::string_view api_key, sent, forwarded;
  };
  const std::vector<Case> cases{
      {"sb_publishable_1", "", "Bearer anon.jwt.key"},
      {"sb_secret_1", "", "Bearer service.jwt.key"},
      {"sb_publishable_1", "Bearer sb_publishable_1", "Bearer anon.jwt.key"},
      {"sb_secret_1", "bearer sb_secret_1", "Bearer service.jwt.key"},
      {"sb_publishable_1", "Bearer user.token.x", "Bearer user.token.x"},
      {"sb_publishable_1", "Bearer sb_secret_1", "Bearer anon.jwt.key"},  // the API key decides, not the bearer
      {"anon.jwt.key", "", "anon.jwt.key"},                               // no scheme: counts as no bearer
      {"anon.jwt.key", "Bearer anon.jwt.key", "Bearer anon.jwt.key"},
      {"", "", ""},
      {"", "Bearer sb_secret_1", ""},  // a key is sent as one
      {"", "Bearer user.token.x", "Bearer user.token.x"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(door.authorization(c.api_key, c.sent), c.forwarded) << c.api_key << ' ' << c.sent;
}

}  // namespace
}  // namespace bailey::stack::gateway
