// The examples of the standards themselves, both ways where the algorithm is deterministic.
#include <bailey/base/base64url.hpp>
#include <bailey/jwt/verifier.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace bailey::jwt {
namespace {

constexpr std::string_view payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const UnixSeconds in_time{std::chrono::seconds(1300819379)};

Key key(std::string_view jwk) {
  auto read = Key::from_jwk(boost::json::parse(boost::json::string_view(jwk.data(), jwk.size())).as_object());
  if (!read) throw read.error();
  return *read;
}

std::expected<Claims, Rejection> verify(const Key& trusted, const std::string& token) {
  auto keys = std::make_shared<KeySet>();
  keys->add(trusted);
  return Verifier(keys).verify(token, in_time);
}

TEST(Rfc7515, appendix_a1_and_rfc7519_section_3_1_hs256) {
  const Key secret = key(
      R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})");
  const auto claims = verify(secret, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + std::string(payload) +
                                         ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  ASSERT_TRUE(claims) << to_string(claims.error());
  EXPECT_EQ(claims->issuer, "joe");
  EXPECT_EQ(claims->expires_at, UnixSeconds(std::chrono::seconds(1300819380)));
}

TEST(Rfc7515, appendix_a2_rs256) {
  const Key rsa = key(
      R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEz)"
      R"(P1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-)"
      R"(KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkM)"
      R"(Ls91kzk2PAcDTW9gb54h4FRWyuXpoQ"})");
  const auto claims = verify(
      rsa,
      "eyJhbGciOiJSUzI1NiJ9." + std::string(payload) +
          ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9"
          "CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6"
          "_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0"
          "igcN_IoypGlUPQGe77Rw");
  EXPECT_TRUE(claims) << to_string(claims.error());
}

TEST(Rfc7515, appendix_a3_es256) {
  const Key ec =
      key(R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
          R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})");
  EXPECT_TRUE(ec.can_sign());
  const auto claims =
      verify(ec, "eyJhbGciOiJFUzI1NiJ9." + std::string(payload) +
                     ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  EXPECT_TRUE(claims) << to_string(claims.error());
}

TEST(Rfc7519, section_6_1_unsecured_is_refused) {
  const Key secret = *Key::from_secret(Secret(std::string(32, 's')));
  EXPECT_EQ(verify(secret, "eyJhbGciOiJub25lIn0." + std::string(payload) + ".").error(), Rejection::malformed);
  EXPECT_EQ(verify(secret, "eyJhbGciOiJub25lIn0." + std::string(payload) + ".AA").error(), Rejection::algorithm);
}

TEST(Rfc8037, appendix_a4_and_a5_ed25519) {
  const Key edwards = key(R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
                          R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  const std::string_view signed_part = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const auto signature =
      base64url_decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  ASSERT_TRUE(signature);
  EXPECT_TRUE(edwards.accepts(signed_part, *signature));
  EXPECT_FALSE(edwards.accepts("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmd", *signature));
}

}  // namespace
}  // namespace bailey::jwt
