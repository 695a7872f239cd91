#include "stack/auth/password.hpp"

#include <gtest/gtest.h>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

TEST(Password, matches_its_own_hash_and_no_other) {
  const std::string hash = hash_password(Secret("correct horse"));
  EXPECT_TRUE(hash.starts_with("$2a$10$")) << hash;
  EXPECT_NO_THROW(require_usable_hash(hash));
  EXPECT_TRUE(password_matches(Secret("correct horse"), hash));
  EXPECT_FALSE(password_matches(Secret("correct horsf"), hash));
  EXPECT_FALSE(password_matches(Secret(""), hash));
  EXPECT_NE(hash, hash_password(Secret("correct horse")));
}

TEST(Password, of_a_known_vector_matches) {
  // From the crypt_blowfish test vectors.
  const std::string hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  EXPECT_TRUE(password_matches(Secret("U*U"), hash));
  EXPECT_FALSE(password_matches(Secret("U*V"), hash));
}

TEST(Password, never_matches_what_is_no_hash) {
  for (const char* hash : {"", "x", "$1$abc$def", "$2a$10$......................", "plain"}) {
    EXPECT_FALSE(password_matches(Secret("plain"), std::string(hash))) << hash;
  }
  EXPECT_FALSE(password_matches(Secret("x"), std::nullopt));
}

TEST(Password, is_not_checked_against_a_hash_that_takes_hours) {
  const std::string costly = "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  EXPECT_FALSE(password_matches(Secret("U*U"), costly));
  EXPECT_THROW(require_usable_hash(costly), AuthError);
}

TEST(Password, longer_than_bcrypt_looks_never_matches) {
  const std::string longest(72, 'a');
  const std::string hash = hash_password(Secret(std::string(longest)));
  EXPECT_TRUE(password_matches(Secret(std::string(longest)), hash));
  EXPECT_FALSE(password_matches(Secret(longest + "b"), hash));
  EXPECT_THROW(require_length(longest + "b"), AuthError);
}

TEST(Password, is_weak_by_length_and_by_missing_characters) {
  AuthConfig config;
  EXPECT_EQ(weakness_of("abcde", config).message, "Password should be at least 6 characters.");
  EXPECT_TRUE(weakness_of("abcdef", config).reasons.empty());
  config.password_requirements = "lower_upper_letters_digits_symbols";
  EXPECT_EQ(weakness_of("aB1!", config).reasons, (std::vector<std::string>{"length"}));
  EXPECT_EQ(weakness_of("abc", config).reasons, (std::vector<std::string>{"length", "characters"}));
  EXPECT_TRUE(weakness_of("abcdE1!", config).reasons.empty());
  EXPECT_TRUE(weakness_of(unguessable_password().reveal(), config).reasons.empty());
}

}  // namespace
}  // namespace bailey::stack::auth
