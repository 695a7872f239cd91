#include <bailey/jwt/key.hpp>

#include <bailey/base/base64url.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace bailey::jwt {
namespace {

namespace json = boost::json;

json::object object(std::string_view text) { return json::parse({text.data(), text.size()}).as_object(); }

std::vector<Key> one_of_each() {
  return {*Key::from_secret(Secret(std::string(32, 's')), "hs"), Key::generate_rs256("rs"), Key::generate_es256("es"),
          Key::generate_eddsa("ed")};
}

std::pair<std::string, std::string> signed_and_signature(const std::string& token) {
  const std::size_t dot = token.rfind('.');
  return {token.substr(0, dot), base64url_decode(token.substr(dot + 1)).value()};
}

TEST(Key, signs_what_it_accepts) {
  for (const Key& key : one_of_each()) {
    const auto token = key.sign(R"({"sub":"a"})");
    ASSERT_TRUE(token) << to_string(key.algorithm());
    const auto [signed_part, signature] = signed_and_signature(*token);
    EXPECT_TRUE(key.accepts(signed_part, signature));
    EXPECT_FALSE(key.accepts(signed_part + "x", signature));
    EXPECT_FALSE(key.accepts(signed_part, signature.substr(1)));
    EXPECT_FALSE(key.accepts(signed_part, signature + '\0'));
    EXPECT_FALSE(key.accepts(signed_part, ""));
  }
}

TEST(Key, writes_its_algorithm_and_kid_into_the_header) {
  const auto token = Key::generate_es256("a\"b").sign("{}");
  ASSERT_TRUE(token);
  EXPECT_EQ(base64url_decode(token->substr(0, token->find('.'))), R"({"alg":"ES256","typ":"JWT","kid":"a\"b"})");
  const auto nameless = Key::from_secret(Secret(std::string(32, 's')))->sign("{}");
  EXPECT_EQ(base64url_decode(nameless->substr(0, nameless->find('.'))), R"({"alg":"HS256","typ":"JWT"})");
}

TEST(Key, signs_objects_only) {
  const Key key = Key::generate_eddsa("k");
  for (const std::string_view claims : {"", "[]", "null", R"({"a":1,"a":2})", "{"}) {
    const auto token = key.sign(claims);
    ASSERT_FALSE(token) << claims;
    EXPECT_EQ(token.error().code(), "invalid_claims");
  }
}

TEST(Key, comes_back_from_its_private_jwk_as_the_same_key) {
  for (const Key& key : one_of_each()) {
    const auto again = Key::from_jwk(object(key.private_jwk().reveal()));
    ASSERT_TRUE(again) << again.error().what();
    EXPECT_TRUE(again->can_sign());
    EXPECT_EQ(again->kid(), key.kid());
    EXPECT_EQ(again->algorithm(), key.algorithm());
    EXPECT_EQ(again->public_jwk(), key.public_jwk());
    const auto [signed_part, signature] = signed_and_signature(again->sign("{}").value());
    EXPECT_TRUE(key.accepts(signed_part, signature));
  }
}

TEST(Key, publishes_no_private_member) {
  for (const Key& key : one_of_each()) {
    const json::object jwk = key.public_jwk();
    for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "k"}) EXPECT_FALSE(jwk.contains(name)) << name;
    if (key.algorithm() == Algorithm::hs256) {
      EXPECT_TRUE(jwk.empty());
      continue;
    }
    EXPECT_EQ(jwk.at("use"), "sig");
    EXPECT_EQ(jwk.at("key_ops"), json::array{"verify"});
    const auto half = Key::from_jwk(jwk);
    ASSERT_TRUE(half);
    EXPECT_FALSE(half->can_sign());
    EXPECT_EQ(half->sign("{}").error().code(), "invalid_key");
    EXPECT_EQ(object(half->private_jwk().reveal()), jwk);
    const auto [signed_part, signature] = signed_and_signature(key.sign("{}").value());
    EXPECT_TRUE(half->accepts(signed_part, signature));
  }
}

TEST(Key, refuses_weak_and_unfit_jwks) {
  const json::object es = object(Key::generate_es256("k").private_jwk().reveal());
  const json::object rs = object(Key::generate_rs256("k").private_jwk().reveal());
  const json::object ed = object(Key::generate_eddsa("k").private_jwk().reveal());
  const json::object other_es = object(Key::generate_es256("k").private_jwk().reveal());
  const json::object other_rs = object(Key::generate_rs256("k").private_jwk().reveal());
  const json::object other_ed = object(Key::generate_eddsa("k").private_jwk().reveal());
  const auto with = [](json::object jwk, std::string_view name, const json::value& value) {
    jwk[name] = value;
    return jwk;
  };
  const auto without = [](json::object jwk, std::string_view name) {
    jwk.erase(name);
    return jwk;
  };
  const std::string zeros = base64url_encode(std::string(32, '\0'));
  const std::vector<std::pair<const char*, json::object>> cases{
      {"nothing", {}},
      {"no kty", without(es, "kty")},
      {"another kty", with(es, "kty", "ec")},
      {"another curve", with(es, "crv", "P-384")},
      {"the algorithm of another kind", with(es, "alg", "HS256")},
      {"an algorithm we do not know", with(rs, "alg", "RS512")},
      {"an algorithm that is no text", with(rs, "alg", 7)},
      {"for encryption", with(es, "use", "enc")},
      {"for other operations", with(es, "key_ops", json::array{"encrypt"})},
      {"operations of another type", with(es, "key_ops", "verify")},
      {"kid no text", with(es, "kid", 7)},
      {"kid too long", with(es, "kid", json::string(std::string(257, 'k')))},
      {"x too short", with(es, "x", "AAAA")},
      {"x padded", with(es, "x", json::string(std::string(es.at("x").as_string()) + "="))},
      {"a point off the curve", with(es, "x", other_es.at("x"))},
      {"the point at zero", with(with(es, "x", json::string(zeros)), "y", json::string(zeros))},
      {"the private half of another EC key", with(es, "d", other_es.at("d"))},
      {"a private half of zero", with(es, "d", json::string(zeros))},
      {"no modulus", without(rs, "n")},
      {"modulus of 1024 bits", with(without(rs, "d"), "n", json::string(base64url_encode(std::string(128, '\xff'))))},
      {"modulus of 16384 bits", with(without(rs, "d"), "n", json::string(base64url_encode(std::string(2048, '\xff'))))},
      {"exponent 1", with(without(rs, "d"), "e", "AQ")},
      {"exponent even", with(without(rs, "d"), "e", "AQAA")},
      {"exponent huge", with(without(rs, "d"), "e", "__________8")},
      {"private RSA key without primes", without(rs, "p")},
      {"the private half of another RSA key", with(rs, "d", other_rs.at("d"))},
      {"another Edwards curve", with(ed, "crv", "Ed448")},
      {"x of 31 bytes", with(without(ed, "d"), "x", json::string(base64url_encode(std::string(31, 'x'))))},
      {"the private half of another Ed25519 key", with(ed, "d", other_ed.at("d"))},
      {"secret of 31 bytes", {{"kty", "oct"}, {"k", base64url_encode(std::string(31, 's'))}}},
      {"secret missing", {{"kty", "oct"}}},
      {"secret for RS256", {{"kty", "oct"}, {"alg", "RS256"}, {"k", base64url_encode(std::string(32, 's'))}}},
  };
  for (const auto& [name, jwk] : cases) {
    const auto key = Key::from_jwk(jwk);
    ASSERT_FALSE(key) << name;
    EXPECT_EQ(key.error().code(), "invalid_key") << name;
    for (const std::string_view secret_member : {"d", "p", "k"}) {
      if (!jwk.contains(secret_member)) continue;
      EXPECT_EQ(key.error().message().find(std::string_view(jwk.at(secret_member).as_string())), std::string::npos);
    }
  }
}

TEST(Key, takes_secrets_of_32_bytes_and_more) {
  EXPECT_EQ(Key::from_secret(Secret(std::string(31, 's'))).error().code(), "invalid_key");
  EXPECT_TRUE(Key::from_secret(Secret(std::string(32, 's'))));
  EXPECT_TRUE(Key::from_secret(Secret(std::string(500, '\0'))));
  EXPECT_FALSE(Key::from_secret(Secret(std::string(32, 's')), std::string(257, 'k')));
}

}  // namespace
}  // namespace bailey::jwt
