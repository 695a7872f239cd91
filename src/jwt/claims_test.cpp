#include <bailey/jwt/claims.hpp>

#include <gtest/gtest.h>

namespace bailey::jwt {
namespace {

UnixSeconds at(std::int64_t seconds) { return UnixSeconds(std::chrono::seconds(seconds)); }

TEST(Claims, are_read_from_an_access_token_of_supabase) {
  const std::string json =
      R"({"iss":"http://127.0.0.1:54321/auth/v1","sub":"7d0e1d5e-8a58-4c3e-9a53-0d6f6f3b1a11","aud":"authenticated",)"
      R"("exp":1900003600,"iat":1900000000,"email":"ada@example.com","phone":"","app_metadata":{"provider":"email"},)"
      R"("user_metadata":{"sub":"another","role":"admin"},"role":"authenticated","aal":"aal1",)"
      R"("amr":[{"method":"password","timestamp":1900000000}],"session_id":"s-1","is_anonymous":true})";
  const auto claims = parse_claims(json);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->issuer, "http://127.0.0.1:54321/auth/v1");
  EXPECT_EQ(claims->subject, "7d0e1d5e-8a58-4c3e-9a53-0d6f6f3b1a11");
  EXPECT_EQ(claims->audience, std::vector<std::string>{"authenticated"});
  EXPECT_EQ(claims->role, "authenticated");
  EXPECT_EQ(claims->email, "ada@example.com");
  EXPECT_EQ(claims->session_id, "s-1");
  EXPECT_EQ(claims->expires_at, at(1900003600));
  EXPECT_EQ(claims->issued_at, at(1900000000));
  EXPECT_EQ(claims->not_before, std::nullopt);
  EXPECT_TRUE(claims->is_anonymous);
  EXPECT_EQ(claims->json, json);
}

TEST(Claims, may_have_several_audiences) {
  const auto claims = parse_claims(R"({"aud":["a","b"],"other":["c",{"aud":"d"}]})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->audience, (std::vector<std::string>{"a", "b"}));
}

TEST(Claims, resolve_escapes) {
  const auto claims = parse_claims(R"({"s\u0075b":"a\u0062\"c"})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "ab\"c");
}

TEST(Claims, round_fractions_to_the_shorter_life) {
  const auto claims = parse_claims(R"({"exp":1000.9,"nbf":999.1})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->expires_at, at(1000));
  EXPECT_EQ(claims->not_before, at(1000));
}

// An object of so many members, still open.
std::string wide_object(int members) {
  std::string text = R"({"m0":0)";
  for (int i = 1; i < members; ++i) text += ",\"m" + std::to_string(i) + "\":0";
  return text;
}

TEST(Claims, may_name_as_many_members_as_a_token_has_room_for) {
  const std::string metadata = wide_object(2000) + "}";
  const auto claims = parse_claims(R"({"sub":"a","user_metadata":)" + metadata + R"(,"role":"authenticated"})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->role, "authenticated");
}

TEST(Claims, refuse_what_two_readers_might_read_differently) {
  const std::string deep = R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}";
  const std::string wide_with_a_repetition = wide_object(3000) + ",\"m7\":1";
  const std::vector<std::string> documents{"",
                                           " ",
                                           "null",
                                           "[]",
                                           "\"sub\"",
                                           "7",
                                           "{",
                                           "{}x",
                                           "{} {}",
                                           "{'sub':1}",
                                           "{\"sub\":\"a\",}",
                                           "// {}",
                                           "\xef\xbb\xbf{}",
                                           R"({"sub":"a","sub":"b"})",
                                           R"({"sub":"a","s\u0075b":"b"})",
                                           R"({"user_metadata":{"x":{"a":1,"a":1}}})",
                                           R"({"list":[{"a":1,"b":2,"a":3}]})",
                                           "{\"sub\":\"\xff\"}",
                                           R"({"sub":7})",
                                           R"({"role":["service_role"]})",
                                           R"({"role":{}})",
                                           R"({"email":true})",
                                           R"({"aud":7})",
                                           R"({"aud":{"a":1}})",
                                           R"({"aud":["a",7]})",
                                           R"({"aud":[["a"]]})",
                                           R"({"exp":"1900000000"})",
                                           R"({"exp":null})",
                                           R"({"exp":true})",
                                           R"({"exp":[1]})",
                                           R"({"exp":-1})",
                                           R"({"exp":1e999})",
                                           R"({"exp":NaN})",
                                           R"({"exp":Infinity})",
                                           R"({"exp":253402300800})",
                                           R"({"exp":1e300})",
                                           R"({"exp":9223372036854775808})",
                                           R"({"exp":18446744073709551615})",
                                           R"({"nbf":"x"})",
                                           R"({"iat":{}})",
                                           R"({"is_anonymous":"true"})",
                                           deep,
                                           wide_with_a_repetition + "}"};
  for (const std::string& document : documents) {
    const auto claims = parse_claims(document);
    ASSERT_FALSE(claims) << document;
    EXPECT_EQ(claims.error(), Rejection::claims);
  }
}

// The claims go to the database with each query, as jsonb: a token it cannot take would pass here and fail there.
TEST(Claims, refuse_what_postgresql_cannot_hold) {
  for (const std::string_view value :
       {R"("\u0000")", R"("a\u0000b")", R"(["x",{"y":"\u0000"}])", R"({"\u0000":1})", R"({"a\u0000":1})", R"("\ud800")",
        R"("\udc00")", R"("\ud800\ud800")", "\"\xed\xa0\x80\"", "\"\xc0\x80\"", "1e999", "-1e400", "1e-20000",
        "0.5e-9999"}) {
    for (const std::string_view name : {"app_metadata", "user_metadata"}) {
      const std::string document = "{\"" + std::string(name) + "\":" + std::string(value) + "}";
      const auto claims = parse_claims(document);
      ASSERT_FALSE(claims) << document;
      EXPECT_EQ(claims.error(), Rejection::claims);
    }
  }
  EXPECT_TRUE(parse_claims(R"({"user_metadata":["\u0001","\ud83d\ude00","\\u0000",0e5,0.0,1e300,1e-300,-0.0]})"));
}

TEST(Claims, allow_the_same_name_in_different_objects) {
  EXPECT_TRUE(parse_claims(R"({"a":{"x":1},"b":{"x":1,"y":{"x":1}},"x":1,"c":[{"x":1},{"x":1}]})"));
  EXPECT_TRUE(parse_claims(" {\"sub\":null,\"aud\":null} \n"));
}

}  // namespace
}  // namespace bailey::jwt
