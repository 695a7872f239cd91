// Who a request acts as, and who it must not be able to act as.
#include "tests/supabase/models.hpp"
#include "tests/supabase/test_project.hpp"

#include <bailey/jwt/claims.hpp>
#include <bailey/jwt/key.hpp>

namespace bailey::test {
namespace {

class Acting : public OverBothWays {
 protected:
  [[nodiscard]] std::size_t cards_of(const Supabase& supabase) const {
    return get(supabase.from("test_cards").select<Card>()).size();
  }
  [[nodiscard]] PostgrestError refusal_of(const std::string& token) const {
    return error_of(nobody().as(token).from("test_cards").select<Card>());
  }
};
BAILEY_OVER_BOTH_WAYS(Acting);

TEST_P(Acting, as_a_token_is_acting_as_its_user) {
  EXPECT_EQ(cards_of(alice()), 2);
  EXPECT_EQ(cards_of(bob()), 1);
}

TEST_P(Acting, as_a_verified_identity_is_acting_as_its_user) {
  const auto identity = [](Supabase supabase, std::string token) -> Task<Identity> {
    co_return co_await supabase.auth().get_claims(token);
  };
  const Identity verified = run_blocking(identity(nobody(), project().bob().token));
  EXPECT_TRUE(verified.is_verified());
  EXPECT_EQ(verified.subject(), project().bob().id);
  EXPECT_EQ(cards_of(nobody().as(verified)), 1);
}

TEST_P(Acting, as_the_projects_own_keys_is_acting_as_their_roles) {
  EXPECT_EQ(cards_of(nobody().as(project().http_options().anon_key.reveal())), 0);
  EXPECT_EQ(cards_of(nobody().as(project().http_options().service_role_key.reveal())), 3);
}

TEST_P(Acting, as_service_role_is_refused_without_its_key) {
  SupabaseOptions options = nobody().options();
  options.service_role_key = Secret();
  const Supabase keyless(options);
  EXPECT_EQ(error_of(keyless.as(Identity::service_role()).from("test_cards").select()).code(), "missing_setting");
}

TEST_P(Acting, with_an_expired_token_is_refused) {
  const PostgrestError error = refusal_of(project().token(TestProject::claims_of(project().alice().id, true)));
  EXPECT_EQ(error.code(), "PGRST303");
  EXPECT_EQ(error.http_status(), 401);
}

TEST_P(Acting, with_claims_that_cannot_be_used_is_refused_in_the_same_words) {
  const std::string later = std::to_string(TestProject::unix_now() + 3600);
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"role":"service_role","iat":)" + later + "}", "JWT issued at future"},
      {R"({"role":"service_role","exp":")" + later + "\"}", "The JWT 'exp' claim must be a number"},
      {R"({"role":"service_role","aud":7})", "The JWT 'aud' claim must be a string or an array of strings"},
      {R"({"role":"service_role","name":"\u0000"})", "Parsing claims failed"}};
  for (const auto& [claims, message] : cases) {
    const PostgrestError error = refusal_of(project().token(claims));
    EXPECT_EQ(error.code(), "PGRST303") << claims;
    EXPECT_EQ(error.http_status(), 401) << claims;
    EXPECT_EQ(error.message(), message);
  }
}

TEST_P(Acting, with_an_identity_that_has_expired_since_is_refused) {
  const std::string claims = TestProject::claims_of(project().alice().id, true);
  const Identity identity = Identity::verified(*jwt::parse_claims(claims), project().token(claims));
  const PostgrestError error = error_of(nobody().as(identity).from("test_cards").select<Card>());
  EXPECT_EQ(error.code(), "PGRST303");
  EXPECT_EQ(error.http_status(), 401);
}

TEST_P(Acting, with_a_forged_token_is_refused) {
  const std::string claims = TestProject::claims_of(project().alice().id);
  const std::string good = project().alice().token;
  const std::string stranger =
      *jwt::Key::from_secret(Secret("another-secret-of-more-than-32-bytes-0123456789"))->sign(claims);
  const std::string body = good.substr(good.find('.') + 1, good.rfind('.') - good.find('.') - 1);
  std::string flipped = good;
  flipped[flipped.size() - 6] = flipped[flipped.size() - 6] == 'A' ? 'B' : 'A';
  const std::vector<std::pair<std::string, std::string>> tokens{
      {"signed by a stranger", stranger},
      {"with a changed signature", flipped},
      {"without a signature", good.substr(0, good.rfind('.') + 1)},
      {"alg none", "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + body + "."},
      {"another's claims under this signature", good.substr(0, good.find('.') + 1) +
                                                    project().bob().token.substr(good.find('.') + 1, body.size()) +
                                                    good.substr(good.rfind('.'))},
      {"no token at all", "x"},
      {"two parts", good.substr(0, good.rfind('.'))},
  };
  for (const auto& [name, token] : tokens) {
    const PostgrestError error = refusal_of(token);
    EXPECT_EQ(error.code(), "PGRST301") << name;
    EXPECT_EQ(error.http_status(), 401) << name;
  }
}

TEST_P(Acting, as_a_token_is_possible_without_a_subject_an_end_or_a_role) {
  EXPECT_EQ(cards_of(nobody().as(project().token(R"({"role":"service_role"})"))), 3);
  EXPECT_EQ(cards_of(nobody().as(project().token(R"({"role":"authenticated"})"))), 0);
  EXPECT_EQ(cards_of(nobody().as(project().token(R"({"sub":")" + project().alice().id + R"("})"))), 0);
}

TEST_P(Acting, as_a_token_without_a_role_shows_the_role_it_got_to_the_database) {
  const std::string token = project().token(R"({"sub":")" + project().alice().id + R"("})");
  const json::value claims = get(nobody().as(token).from("test_claims").select().single()).at("claims");
  EXPECT_EQ(to_json_text(claims), R"({"sub":")" + project().alice().id + R"(","role":"anon"})");
}

TEST_P(Acting, with_a_token_that_ended_just_now_is_still_possible) {
  const std::string moments_ago = std::to_string(TestProject::unix_now() - 10);
  EXPECT_EQ(cards_of(nobody().as(project().token(R"({"role":"service_role","exp":)" + moments_ago + "}"))), 3);
}

TEST_P(Acting, with_a_role_outside_those_allowed_is_refused) {
  for (const std::string role : {"postgres", "authenticator", "nobody_of_that_name"}) {
    std::string claims = TestProject::claims_of(project().alice().id);
    claims.replace(claims.find("\"authenticated\""), std::string_view("\"authenticated\"").size(), '"' + role + '"');
    const PostgrestError error = refusal_of(project().token(claims));
    EXPECT_GE(error.http_status(), 400) << role;
    EXPECT_LT(error.http_status(), 500) << role << " " << error.code() << " " << error.message();
  }
}

TEST_P(Acting, as_a_role_is_having_its_time_for_a_statement) {
  const auto time_of = [](const Supabase& supabase) {
    return get(supabase.from("test_patience").select().single()).at("limit").as_string();
  };
  EXPECT_EQ(time_of(nobody()), "3s");
  EXPECT_EQ(time_of(alice()), "8s");
}

TEST_P(Acting, shows_the_claims_to_the_database) {
  const Card card = get(alice().from("test_cards").insert<Card>(NewCard{"Mine", std::nullopt}));
  EXPECT_EQ(card.user_id.to_string(), project().alice().id);  // its default is auth.uid()
}

}  // namespace
}  // namespace bailey::test
