#include <bailey/jwt/key_set.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace bailey::jwt {
namespace {

Key secret(std::string kid = {}) { return *Key::from_secret(Secret(std::string(32, 's')), std::move(kid)); }

TEST(KeySet, finds_by_exact_kid_and_algorithm) {
  KeySet keys;
  keys.add(Key::generate_es256("a"));
  keys.add(Key::generate_es256("b"));
  keys.add(Key::generate_eddsa("c"));
  ASSERT_NE(keys.find("b", Algorithm::es256), nullptr);
  EXPECT_EQ(keys.find("b", Algorithm::es256)->kid(), "b");
  EXPECT_EQ(keys.find("b", Algorithm::eddsa), nullptr);
  EXPECT_EQ(keys.find("B", Algorithm::es256), nullptr);
  EXPECT_EQ(keys.find("b ", Algorithm::es256), nullptr);
  EXPECT_EQ(keys.find("d", Algorithm::eddsa), nullptr) << "a lone key does not answer for the kid of another";
}

TEST(KeySet, chooses_without_kid_only_where_there_is_no_choice) {
  KeySet keys;
  keys.add(Key::generate_es256("a"));
  EXPECT_NE(keys.find("", Algorithm::es256), nullptr);
  EXPECT_EQ(keys.find("", Algorithm::rs256), nullptr);
  keys.add(Key::generate_eddsa("c"));
  EXPECT_NE(keys.find("", Algorithm::es256), nullptr);
  keys.add(Key::generate_es256("b"));
  EXPECT_EQ(keys.find("", Algorithm::es256), nullptr);
}

TEST(KeySet, takes_a_nameless_secret_for_kids_nobody_has) {
  KeySet keys;
  keys.add(secret());
  keys.add(Key::generate_es256("a"));
  EXPECT_NE(keys.find("", Algorithm::hs256), nullptr);
  EXPECT_NE(keys.find("legacy", Algorithm::hs256), nullptr);
  EXPECT_EQ(keys.find("a", Algorithm::hs256), nullptr) << "this kid is a public key's";
  EXPECT_EQ(keys.find("legacy", Algorithm::es256), nullptr);
}

TEST(KeySet, publishes_public_halves_and_no_secret) {
  KeySet keys;
  keys.add(secret("hs"));
  keys.add(Key::generate_es256("es"));
  keys.add(Key::generate_eddsa("ed"));
  const std::string json = keys.to_json();
  EXPECT_EQ(json.find("\"d\""), std::string::npos);
  EXPECT_EQ(json.find("oct"), std::string::npos);
  const auto again = KeySet::parse(json);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->size(), 2u);
  EXPECT_EQ(again->to_json(), json);
  EXPECT_EQ(KeySet().to_json(), R"({"keys":[]})");
}

TEST(KeySet, leaves_out_what_it_does_not_know_and_every_secret) {
  const std::string known = boost::json::serialize(Key::generate_es256("known").public_jwk());
  const auto keys = KeySet::parse(R"({"keys":[7,{},{"kty":"EC","crv":"P-521","x":"AA","y":"AA"},{"kty":"new"},)" +
                                  std::string(secret("hs").private_jwk().reveal()) + "," + known + R"(],"more":1})");
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 1u);
  EXPECT_EQ(keys->keys().front().kid(), "known");
}

TEST(KeySet, refuses_documents_that_are_no_key_set) {
  std::string many = R"({"keys":[0)";
  for (int i = 0; i < 64; ++i) many += ",0";
  const std::string huge = R"({"keys":[],"x":")" + std::string(300000, 'x') + "\"}";
  for (const std::string& document : std::vector<std::string>{
           "", "null", "[]", "{}", R"({"keys":{}})", R"({"keys":null})", R"({"keys":[]}x)", R"({"keys":[],"keys":[]})",
           R"({"keys":[{"kty":"EC","kty":"RSA"}]})", "<html>", many + "]}", huge}) {
    const auto keys = KeySet::parse(document);
    ASSERT_FALSE(keys) << document.substr(0, 80);
    EXPECT_EQ(keys.error().code(), "invalid_key_set");
  }
}

}  // namespace
}  // namespace bailey::jwt
