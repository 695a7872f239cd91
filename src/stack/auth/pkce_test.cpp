#include "stack/auth/pkce.hpp"

#include <gtest/gtest.h>

#include <string>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

// RFC 7636 appendix B.
constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

std::string refusal(std::string_view challenge_sent, std::string_view method) {
  try {
    static_cast<void>(read_code_challenge(challenge_sent, method));
  } catch (const AuthError& error) {
    EXPECT_EQ(error.http_status(), 400);
    EXPECT_EQ(error.code(), "validation_failed");
    return error.message();
  }
  return "";
}

TEST(CodeChallenge, is_of_the_verifier_it_was_made_from_alone) {
  const auto hashed = read_code_challenge(challenge, "S256");
  ASSERT_TRUE(hashed);
  EXPECT_EQ(hashed->method, ChallengeMethod::s256);
  EXPECT_TRUE(hashed->is_of(verifier));
  EXPECT_FALSE(hashed->is_of(challenge));
  EXPECT_FALSE(hashed->is_of(""));
  EXPECT_FALSE(hashed->is_of(std::string(verifier) + "="));

  const auto plain = read_code_challenge(verifier, "plain");
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->is_of(verifier));
  EXPECT_FALSE(plain->is_of(verifier.substr(1)));
}

TEST(CodeChallenge, is_there_with_its_method_or_not_at_all) {
  EXPECT_FALSE(read_code_challenge("", ""));
  EXPECT_EQ(refusal(challenge, ""), "PKCE flow requires code_challenge_method and code_challenge");
  EXPECT_EQ(refusal("", "s256"), "PKCE flow requires code_challenge_method and code_challenge");
}

TEST(CodeChallenge, has_43_to_128_unreserved_characters) {
  constexpr std::string_view length = "code challenge has to be between 43 and 128 characters";
  constexpr std::string_view characters =
      "code challenge can only contain alphanumeric characters, hyphens, periods, underscores and tildes";
  EXPECT_EQ(refusal(std::string(42, 'a'), "s256"), length);
  EXPECT_EQ(refusal(std::string(43, 'a'), "s256"), "");
  EXPECT_EQ(refusal(std::string(128, '~'), "plain"), "");
  EXPECT_EQ(refusal(std::string(129, 'a'), "s256"), length);
  EXPECT_EQ(refusal(std::string(43, 'a') + "+", "s256"), characters);
  EXPECT_EQ(refusal(std::string(43, 'a') + "\n", "s256"), characters);
}

TEST(CodeChallenge, has_a_method_that_is_known_in_any_case_of_letters) {
  for (const char* method : {"s256", "S256", "plain", "PLAIN", "Plain"}) EXPECT_EQ(refusal(challenge, method), "");
  EXPECT_EQ(refusal(challenge, "s512"), "Invalid code_challenge_method");
}

}  // namespace
}  // namespace bailey::stack::auth
