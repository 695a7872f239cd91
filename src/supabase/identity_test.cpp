#include <bailey/supabase/identity.hpp>

#include <gtest/gtest.h>

namespace bailey {
namespace {

constexpr const char* user = "7d0e1d5e-8a58-4c3e-9a53-0d6f6f3b1a11";

jwt::Claims claims_of(std::string json) { return jwt::parse_claims(std::move(json)).value(); }

TEST(Identity, is_anonymous_unless_told_otherwise) {
  for (const Identity& identity : {Identity(), Identity::anonymous()}) {
    EXPECT_TRUE(identity.is_anonymous());
    EXPECT_FALSE(identity.is_verified());
    EXPECT_FALSE(identity.is_service_role());
    EXPECT_EQ(identity.role(), "anon");
    EXPECT_EQ(identity.token(), "");
    EXPECT_EQ(identity.claims_json(), "{}");
    EXPECT_EQ(identity.user_id(), std::nullopt);
  }
}

TEST(Identity, of_the_service_role_carries_no_token_and_is_not_a_verified_one) {
  const Identity identity = Identity::service_role();
  EXPECT_TRUE(identity.is_service_role());
  EXPECT_FALSE(identity.is_verified());
  EXPECT_EQ(identity.role(), "service_role");
  EXPECT_EQ(identity.token(), "");
}

TEST(Identity, from_a_token_claims_nothing) {
  const Identity identity = Identity::from_token("a.b.c");
  EXPECT_EQ(identity.token(), "a.b.c");
  EXPECT_FALSE(identity.is_verified());
  EXPECT_FALSE(identity.is_anonymous());
  EXPECT_EQ(identity.role(), "");
  EXPECT_EQ(identity.subject(), "");
  EXPECT_EQ(identity.user_id(), std::nullopt);
}

TEST(Identity, verified_says_what_the_claims_say) {
  const std::string json =
      std::string(R"({"sub":")") + user + R"(","role":"authenticated","email":"a@b.c","exp":1900000000})";
  const Identity identity = Identity::verified(claims_of(json), "a.b.c");
  EXPECT_TRUE(identity.is_verified());
  EXPECT_EQ(identity.subject(), user);
  EXPECT_EQ(identity.user_id(), Uuid::parse(user));
  EXPECT_EQ(identity.role(), "authenticated");
  EXPECT_EQ(identity.email(), "a@b.c");
  EXPECT_EQ(identity.token(), "a.b.c");
  EXPECT_EQ(identity.claims_json(), json);
  EXPECT_EQ(identity.expires_at(), UnixSeconds(std::chrono::seconds(1900000000)));
  EXPECT_EQ(Identity::verified(claims_of(R"({"sub":"auth0|7"})"), "t").user_id(), std::nullopt);
}

TEST(Identity, is_one_shared_pointer_wide_and_falls_to_anonymous_when_moved_from) {
  static_assert(sizeof(Identity) == sizeof(std::shared_ptr<int>));
  Identity identity = Identity::verified(claims_of(R"({"role":"authenticated"})"), "a.b.c");
  const Identity copy = identity;
  const Identity moved = std::move(identity);
  EXPECT_EQ(copy.token().data(), moved.token().data());
  EXPECT_TRUE(identity.is_anonymous());  // NOLINT(bugprone-use-after-move): what is left is what is tested
}

}  // namespace
}  // namespace bailey
