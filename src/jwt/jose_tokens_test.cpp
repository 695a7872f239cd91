// Tokens made by the npm package `jose` (tests/jwt/make_tokens.mjs), each with the verdict it deserves. The file kept
// in the repository is read, or the one named by BAILEY_JOSE_TOKENS, which the end-to-end run makes anew.
#include <bailey/base/env.hpp>
#include <bailey/jwt/verifier.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace bailey::jwt {
namespace {

namespace json = boost::json;

json::value made_by_jose() {
  // Kept in the repository, for tests run from its top, as ctest runs them; made anew by the end-to-end tests.
  const std::string path = env::get("BAILEY_JOSE_TOKENS").value_or("tests/jwt/jose_tokens.json");
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path + " (run this from the top of the repository)");
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

TEST(TokensMadeByJose, get_the_verdict_they_deserve) {
  const json::value document = made_by_jose();
  auto keys = std::make_shared<KeySet>(KeySet::parse(json::serialize(document.at("jwks"))).value());
  EXPECT_EQ(keys->size(), 3u);
  keys->add(Key::from_jwk(document.at("secret").as_object()).value());
  VerifierOptions options;
  options.issuers = {"https://jose.example/auth/v1"};
  options.audiences = {"authenticated"};
  const Verifier verifier(keys, options);
  const UnixSeconds now(std::chrono::seconds(document.at("now").as_int64()));

  std::size_t accepted = 0;
  for (const json::value& entry : document.at("tokens").as_array()) {
    const auto claims = verifier.verify(std::string_view(entry.at("token").as_string()), now);
    const std::string_view verdict = claims ? "accepted" : to_string(claims.error());
    EXPECT_EQ(verdict, std::string_view(entry.at("expect").as_string())) << entry.at("name");
    if (!claims) continue;
    EXPECT_EQ(json::parse(claims->json), entry.at("claims")) << entry.at("name");
    ++accepted;
  }
  EXPECT_GE(accepted, 8u);
}

}  // namespace
}  // namespace bailey::jwt
