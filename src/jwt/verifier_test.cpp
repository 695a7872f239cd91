#include <bailey/jwt/verifier.hpp>

#include <bailey/base/base64url.hpp>

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace bailey::jwt {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const UnixSeconds now{std::chrono::seconds(1900000000)};
const std::string good_claims = R"({"sub":"ada","role":"authenticated","iss":"us","aud":["x","y"],"exp":1900003600})";

UnixSeconds at(std::int64_t seconds) { return UnixSeconds(std::chrono::seconds(seconds)); }

const std::vector<Key>& trusted() {
  static const std::vector<Key> keys{*Key::from_secret(Secret(std::string(32, 's')), "hs"), Key::generate_rs256("rs"),
                                     Key::generate_es256("es"), Key::generate_eddsa("ed")};
  return keys;
}

Verifier verifier(VerifierOptions options = {}) {
  auto keys = std::make_shared<KeySet>();
  for (const Key& key : trusted()) keys->add(key);
  return Verifier(keys, std::move(options));
}

std::optional<Rejection> verdict(const std::string& token, VerifierOptions options = {}, UnixSeconds time = now) {
  const auto claims = verifier(std::move(options)).verify(token, time);
  return claims ? std::nullopt : std::optional(claims.error());
}

TEST(Verifier, accepts_tokens_of_every_trusted_key) {
  for (const Key& key : trusted()) {
    const auto claims = verifier().verify(key.sign(good_claims).value(), now);
    ASSERT_TRUE(claims) << to_string(key.algorithm());
    EXPECT_EQ(claims->subject, "ada");
    EXPECT_EQ(claims->json, good_claims);
  }
}

TEST(Verifier, rejects_every_other_character_at_every_position) {
  const Verifier strict = verifier();
  for (const Key& key : trusted()) {
    const std::string token = key.sign(good_claims).value();
    for (std::size_t i = 0; i < token.size(); ++i) {
      std::string changed = token;
      for (const char c :
           {static_cast<char>(token[i] ^ 0x01), static_cast<char>(token[i] ^ 0x80), '.', '=', '\0', ' '}) {
        if (c == token[i]) continue;
        changed[i] = c;
        EXPECT_FALSE(strict.verify(changed, now)) << to_string(key.algorithm()) << " at " << i;
      }
    }
  }
}

TEST(Verifier, rejects_all_64_characters_of_the_alphabet_at_every_position) {
  const Verifier strict = verifier();
  const std::string token = trusted()[0].sign(good_claims).value();
  std::size_t tried = 0;
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    for (const char c : alphabet) {
      if (c == token[i]) continue;
      changed[i] = c;
      EXPECT_FALSE(strict.verify(changed, now)) << i << c;
      ++tried;
    }
  }
  EXPECT_GT(tried, token.size() * 60);
}

TEST(Verifier, rejects_every_shortening_and_lengthening) {
  const Verifier strict = verifier();
  const std::string token = trusted()[2].sign(good_claims).value();
  for (std::size_t size = 0; size < token.size(); ++size) EXPECT_FALSE(strict.verify(token.substr(0, size), now));
  for (std::size_t i = 0; i <= token.size(); ++i) {
    for (const char c : {'A', '.', '=', ' ', '\n', '\0'}) {
      std::string longer = token;
      longer.insert(i, 1, c);
      EXPECT_FALSE(strict.verify(longer, now)) << i;
    }
  }
}

TEST(Verifier, rejects_headers_that_ask_for_another_way_to_check) {
  const struct {
    std::string header;
    Rejection expected;
  } cases[] = {
      {R"({"alg":"none"})", Rejection::algorithm},
      {R"({"alg":"None","kid":"es"})", Rejection::algorithm},
      {R"({"alg":"es256","kid":"es"})", Rejection::algorithm},
      {R"({"alg":"HS384","kid":"hs"})", Rejection::algorithm},
      {R"({"alg":"PS256","kid":"rs"})", Rejection::algorithm},
      {R"({"alg":"ES256 ","kid":"es"})", Rejection::algorithm},
      {R"({"kid":"es"})", Rejection::algorithm},
      {R"({"alg":"HS256","kid":"es"})", Rejection::algorithm},
      {R"({"alg":"HS256","kid":"rs"})", Rejection::algorithm},
      {R"({"alg":"ES256","kid":"ed"})", Rejection::algorithm},
      {R"({"alg":"ES256","kid":"ES"})", Rejection::unknown_key},
      {R"({"alg":"ES256","kid":"../../etc/passwd"})", Rejection::unknown_key},
      {R"({"alg":"ES256","kid":"' or 1=1"})", Rejection::unknown_key},
      {R"({"alg":"ES256","kid":7})", Rejection::malformed},
      {R"({"alg":"ES256","kid":null})", Rejection::malformed},
      {R"({"alg":["ES256"],"kid":"es"})", Rejection::malformed},
      {R"({"alg":null})", Rejection::malformed},
      {R"({"alg":"ES256","kid":")" + std::string(257, 'k') + "\"}", Rejection::malformed},
      {R"({"alg":"ES256","kid":")" + std::string(1100, 'k') + "\"}", Rejection::too_large},
      {R"({"alg":"ES256","alg":"ES256","kid":"es"})", Rejection::malformed},
      {R"({"alg":"ES256","kid":"es","\u0061lg":"none"})", Rejection::malformed},
      {R"({"alg":"ES256","kid":"es","crit":["exp"]})", Rejection::critical_header},
      {R"({"alg":"ES256","kid":"es","crit":[]})", Rejection::critical_header},
      {R"({"alg":"ES256","kid":"es","b64":false})", Rejection::critical_header},
      {R"({"alg":"ES256","kid":"es","jku":"https://evil.example/jwks"})", Rejection::unsafe_header},
      {R"({"alg":"ES256","kid":"es","x5u":"https://evil.example/cert"})", Rejection::unsafe_header},
      {R"({"alg":"ES256","kid":"es","x5c":[]})", Rejection::unsafe_header},
      {R"({"alg":"ES256","kid":"es","jwk":{"kty":"oct"}})", Rejection::unsafe_header},
      {R"({"alg":"ES256","kid":"es","typ":7})", Rejection::malformed},
      {R"([])", Rejection::malformed},
      {R"("ES256")", Rejection::malformed},
      {R"({"alg":"ES256","kid":"es"}x)", Rejection::malformed},
      {R"({"alg":"ES256","kid":"es")", Rejection::malformed},
      {"", Rejection::malformed},
      {R"({"alg":"ES256","kid":"es"})", Rejection::signature},
  };
  for (const auto& [header, expected] : cases) {
    const std::string token = base64url_encode(header) + '.' + base64url_encode(good_claims) + '.' +
                              base64url_encode(std::string(64, '\x07'));
    EXPECT_EQ(verdict(token), expected) << header;
  }
}

// The classic confusion: the published public key, in whatever spelling, as the secret of an HMAC.
TEST(Verifier, takes_no_public_key_for_a_secret) {
  for (const Key& key : {trusted()[1], trusted()[2], trusted()[3]}) {
    auto keys = std::make_shared<KeySet>();
    keys->add(key);
    const std::string spelling = boost::json::serialize(key.public_jwk());
    for (const std::string& kid : {key.kid(), std::string(), std::string("other")}) {
      const std::string forged = Key::from_secret(Secret(spelling), kid)->sign(good_claims).value();
      const auto claims = Verifier(keys).verify(forged, now);
      ASSERT_FALSE(claims);
      EXPECT_TRUE(claims.error() == Rejection::algorithm || claims.error() == Rejection::unknown_key);
    }
  }
}

TEST(Verifier, rejects_another_key_under_a_trusted_name) {
  EXPECT_EQ(verdict(Key::generate_es256("es").sign(good_claims).value()), Rejection::signature);
  EXPECT_EQ(verdict(Key::generate_eddsa("ed").sign(good_claims).value()), Rejection::signature);
  EXPECT_EQ(verdict(Key::generate_rs256("rs").sign(good_claims).value()), Rejection::signature);
  EXPECT_EQ(verdict(Key::from_secret(Secret(std::string(32, 't')), "hs")->sign(good_claims).value()),
            Rejection::signature);
  EXPECT_EQ(verdict(Key::generate_es256("new").sign(good_claims).value()), Rejection::unknown_key);
}

TEST(Verifier, rejects_ecdsa_signatures_in_der_or_of_zeros) {
  std::string token = trusted()[2].sign(good_claims).value();
  token.resize(token.rfind('.') + 1);
  EXPECT_EQ(verdict(token + base64url_encode(std::string(64, '\0'))), Rejection::signature);
  EXPECT_EQ(verdict(token + base64url_encode(std::string(64, '\xff'))), Rejection::signature);
  EXPECT_EQ(verdict(token + base64url_encode("\x30\x06\x02\x01\x01\x02\x01\x01")), Rejection::signature);
  EXPECT_EQ(verdict(token + base64url_encode(std::string(1025, 'x'))), Rejection::malformed);
}

TEST(Verifier, rejects_payloads_that_are_no_sound_object_even_when_signed) {
  for (const std::string_view claims :
       {R"({"exp":"1900003600"})", R"({"exp":-5})", R"({"exp":1e300})", R"({"exp":1900003600,"sub":{}})"}) {
    EXPECT_EQ(verdict(trusted()[0].sign(claims).value()), Rejection::claims) << claims;
  }
}

TEST(Verifier, decides_about_times_to_the_second) {
  using std::chrono::seconds;
  const struct {
    std::string claims;
    std::int64_t time;
    seconds leeway;
    std::optional<Rejection> expected;
  } cases[] = {
      {R"({"exp":1000})", 999, seconds(0), std::nullopt},
      {R"({"exp":1000})", 1000, seconds(0), Rejection::expired},
      {R"({"exp":1000.9})", 1000, seconds(0), Rejection::expired},
      {R"({"exp":1000})", 1029, seconds(30), std::nullopt},
      {R"({"exp":1000})", 1030, seconds(30), Rejection::expired},
      {R"({"exp":2000,"nbf":1000})", 999, seconds(0), Rejection::not_yet_valid},
      {R"({"exp":2000,"nbf":1000})", 1000, seconds(0), std::nullopt},
      {R"({"exp":2000,"nbf":999.5})", 999, seconds(0), Rejection::not_yet_valid},
      {R"({"exp":2000,"nbf":1000})", 970, seconds(30), std::nullopt},
      {R"({"exp":2000,"nbf":1000})", 969, seconds(30), Rejection::not_yet_valid},
      {R"({"exp":2000,"nbf":0})", 0, seconds(30), std::nullopt},
      {R"({"exp":253402300799})", 1000, seconds(30), std::nullopt},
      {R"({"exp":0})", 1000, seconds(30), Rejection::expired},
      {R"({"iat":5000,"exp":6000})", 1000, seconds(0), std::nullopt},
      {R"({})", 1000, seconds(0), Rejection::missing_expiry},
  };
  for (const auto& [claims, time, leeway, expected] : cases) {
    EXPECT_EQ(verdict(trusted()[0].sign(claims).value(), {.leeway = leeway}, at(time)), expected) << claims << time;
  }
  EXPECT_EQ(verdict(trusted()[0].sign("{}").value(), {.require_expiry = false}), std::nullopt);
  EXPECT_EQ(verdict(trusted()[0].sign(R"({"exp":1})").value(), {.require_expiry = false}), Rejection::expired);
}

TEST(Verifier, insists_on_issuer_and_audience_when_told) {
  const struct {
    std::string claims;
    std::vector<std::string> issuers;
    std::vector<std::string> audiences;
    std::optional<Rejection> expected;
  } cases[] = {
      {R"({"exp":1900003600,"iss":"us","aud":"api"})", {"them", "us"}, {"api"}, std::nullopt},
      {R"({"exp":1900003600,"iss":"us/","aud":"api"})", {"us"}, {}, Rejection::issuer},
      {R"({"exp":1900003600,"iss":"US","aud":"api"})", {"us"}, {}, Rejection::issuer},
      {R"({"exp":1900003600,"aud":"api"})", {"us"}, {}, Rejection::issuer},
      {R"({"exp":1900003600,"aud":["web","api"]})", {}, {"api"}, std::nullopt},
      {R"({"exp":1900003600,"aud":["web","apis"]})", {}, {"api"}, Rejection::audience},
      {R"({"exp":1900003600,"aud":[]})", {}, {"api"}, Rejection::audience},
      {R"({"exp":1900003600})", {}, {"api"}, Rejection::audience},
      {R"({"exp":1900003600,"aud":""})", {}, {"api"}, Rejection::audience},
  };
  for (const auto& [claims, issuers, audiences, expected] : cases) {
    EXPECT_EQ(verdict(trusted()[3].sign(claims).value(), {.issuers = issuers, .audiences = audiences}), expected)
        << claims;
  }
}

TEST(Verifier, rejects_tokens_over_the_limit_unread) {
  const std::string token = trusted()[0].sign(R"({"exp":1900003600,"x":")" + std::string(6000, 'x') + "\"}").value();
  EXPECT_EQ(verdict(token), std::nullopt);
  EXPECT_EQ(verdict(token, {.token_limit_bytes = token.size()}), std::nullopt);
  EXPECT_EQ(verdict(token, {.token_limit_bytes = token.size() - 1}), Rejection::too_large);
  EXPECT_EQ(verdict(std::string(100000, 'x')), Rejection::too_large);
}

TEST(Verifier, needs_no_kid_where_one_key_fits) {
  const Key lone = Key::generate_es256("");
  auto keys = std::make_shared<KeySet>();
  keys->add(lone);
  const std::string token = lone.sign(good_claims).value();
  EXPECT_TRUE(Verifier(keys).verify(token, now));
  keys->add(Key::generate_es256("second"));
  EXPECT_EQ(Verifier(keys).verify(token, now).error(), Rejection::unknown_key);
}

TEST(ReadUnverified, checks_the_form_and_nothing_more) {
  const std::string token = Key::generate_es256("stranger").sign(good_claims).value();
  EXPECT_EQ(read_unverified(token)->subject, "ada");
  EXPECT_EQ(read_unverified(token, 10).error(), Rejection::too_large);
  EXPECT_EQ(read_unverified("a.b.c").error(), Rejection::malformed);
  EXPECT_EQ(read_unverified("opaque").error(), Rejection::malformed);
}

}  // namespace
}  // namespace bailey::jwt
