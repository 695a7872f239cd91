#include "stack/rest/rest_token.hpp"

#include "tests/support/others_token.hpp"

#include <gtest/gtest.h>

namespace bailey::stack::rest {
namespace {

class RestToken : public testing::Test {
 protected:
  static std::shared_ptr<const jwt::KeySet> make_keys(const jwt::Key& key) {
    auto keys = std::make_shared<jwt::KeySet>();
    keys->add(key);
    keys->add(jwt::Key::from_secret(secret()).value());
    return keys;
  }
  [[nodiscard]] auto scope(std::string_view authorization) { return scope_of(authorization, verifier, known, now); }
  [[nodiscard]] auto signed_scope(std::string_view claims) {
    return scope("Bearer " + test::token_of_others(secret(), claims));
  }
  static Secret secret() { return Secret(std::string(32, 's')); }

  jwt::Key key = jwt::Key::generate_es256("k");
  jwt::Verifier verifier{make_keys(key), {.leeway = std::chrono::seconds(30), .require_expiry = false}};
  detail::TokenCache known{100, 100'000};
  UnixSeconds now{std::chrono::seconds(1'800'000'000)};
};

TEST_F(RestToken, that_is_missing_or_of_another_scheme_acts_as_anon) {
  for (const char* header : {"", "Basic abc", "eyJ.a.b", "Bearerx"}) {
    const auto scope = this->scope(header);
    ASSERT_TRUE(scope) << header;
    EXPECT_EQ(scope->role, "anon");
    EXPECT_EQ(scope->claims, R"({"role":"anon"})");
  }
}

TEST_F(RestToken, that_verifies_gives_its_role_and_claims_as_they_are) {
  const auto scope = signed_scope(R"({"role":"authenticated","sub":"x","exp":1800000001})");
  ASSERT_TRUE(scope);
  EXPECT_EQ(scope->role, "authenticated");
  EXPECT_EQ(scope->claims, R"({"role":"authenticated","sub":"x","exp":1800000001})");
}

TEST_F(RestToken, without_a_role_acts_as_anon_and_says_so_in_the_claims) {
  const auto scope = signed_scope(R"({"sub":"x"})");
  ASSERT_TRUE(scope);
  EXPECT_EQ(scope->role, "anon");
  EXPECT_EQ(scope->claims, R"({"sub":"x","role":"anon"})");
}

TEST_F(RestToken, has_thirty_seconds_of_grace) {
  EXPECT_TRUE(signed_scope(R"({"role":"anon","exp":1799999971})"));
  const auto expired = signed_scope(R"({"role":"anon","exp":1799999969})");
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().code(), "PGRST303");
  EXPECT_EQ(expired.error().message(), "JWT expired");
}

TEST_F(RestToken, that_does_not_verify_is_refused_with_postgrests_words) {
  const jwt::Key stranger = jwt::Key::generate_es256("k");
  struct Case {
    std::string header, code, message;
  };
  const std::vector<Case> cases{
      {"Bearer ", "PGRST301", "Empty JWT is sent in Authorization header"},
      {"Bearer", "PGRST301", "Empty JWT is sent in Authorization header"},
      {"bearer a.b", "PGRST301", "Expected 3 parts in JWT; got 2"},
      {"Bearer a.b.c", "PGRST301", "JWT cryptographic operation failed"},
      {"Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.", "PGRST301", ""},
      {"Bearer " + stranger.sign(R"({"role":"service_role"})").value(), "PGRST301",
       "No suitable key or wrong key type"},
  };
  for (const Case& c : cases) {
    const auto scope = this->scope(c.header);
    ASSERT_FALSE(scope) << c.header;
    EXPECT_EQ(scope.error().code(), c.code) << c.header;
    EXPECT_EQ(scope.error().http_status(), 401);
    if (!c.message.empty()) {
      EXPECT_EQ(scope.error().message(), c.message);
    }
  }
}

TEST_F(RestToken, whose_claims_cannot_be_used_says_which_and_why) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"iat":1800000031})", "JWT issued at future"},
      {R"({"exp":"1900000000"})", "The JWT 'exp' claim must be a number"},
      {R"({"exp":1900000000,"nbf":"x"})", "The JWT 'nbf' claim must be a number"},
      {R"({"iat":true})", "The JWT 'iat' claim must be a number"},
      {R"({"aud":7})", "The JWT 'aud' claim must be a string or an array of strings"},
      {R"({"aud":["a",7]})", "The JWT 'aud' claim must be a string or an array of strings"},
      {R"({"role":7})", "Parsing claims failed"},
      {R"({"role":"anon","name":"a\u0000b"})", "Parsing claims failed"},
      {R"({"role":"anon","name":"a\\\u0000b"})", "Parsing claims failed"},
      {R"({"role":"an\u0000on"})", "Parsing claims failed"},
      {R"({"exp":1799999969,"iat":1900000000})", "JWT expired"},
      {R"({"nbf":1800000031,"iat":1900000000})", "JWT not yet valid"}};
  for (const auto& [claims, message] : cases) {
    for (int known_or_not = 0; known_or_not < 2; ++known_or_not) {
      const auto scope = signed_scope(claims);
      ASSERT_FALSE(scope) << claims;
      EXPECT_EQ(scope.error().code(), "PGRST303") << claims;
      EXPECT_EQ(scope.error().http_status(), 401);
      EXPECT_EQ(scope.error().message(), message) << claims;
    }
  }
  for (const char* good :
       {R"({"iat":1800000030})", R"({"aud":["a","b"]})", R"({"aud":null})", R"({"name":"a\\u0000b"})"}) {
    EXPECT_TRUE(signed_scope(good)) << good;
  }
}

TEST_F(RestToken, that_is_known_is_not_verified_again_but_its_times_are_looked_at) {
  const std::string header = "Bearer " + key.sign(R"({"role":"authenticated","exp":1800000100})").value();
  ASSERT_TRUE(scope(header));
  EXPECT_EQ(known.size(), 1u);
  // Only what is known can still pass a verifier that has no key.
  const jwt::Verifier without_keys(std::make_shared<jwt::KeySet>(), {.leeway = std::chrono::seconds(30)});
  const auto again = scope_of(header, without_keys, known, now);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->role, "authenticated");
  EXPECT_EQ(again->claims, R"({"role":"authenticated","exp":1800000100})");
  now += std::chrono::seconds(131);
  const auto expired = scope(header);
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().message(), "JWT expired");
}

TEST_F(RestToken, that_is_refused_or_is_another_one_by_a_single_byte_is_not_known) {
  const std::string good = "Bearer " + key.sign(R"({"role":"authenticated"})").value();
  ASSERT_TRUE(scope(good));
  for (std::size_t at = std::string("Bearer ").size(); at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(changed == good || !scope(changed)) << at;
  }
  EXPECT_EQ(known.size(), 1u);
}

}  // namespace
}  // namespace bailey::stack::rest
