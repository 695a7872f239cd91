#include "stack/auth/totp.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

// "12345678901234567890", the key of RFC 6238 appendix B.
constexpr std::string_view secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

UnixSeconds at(std::int64_t seconds) { return UnixSeconds(std::chrono::seconds(seconds)); }

TEST(TotpCode, is_what_rfc_6238_says) {
  struct Case {
    std::int64_t seconds;
    std::string_view code;  // the last six of the eight digits of its table
  };
  for (const Case& c : {Case{59, "287082"}, Case{1111111109, "081804"}, Case{1111111111, "050471"},
                        Case{1234567890, "005924"}, Case{2000000000, "279037"}, Case{20000000000, "353130"}}) {
    EXPECT_TRUE(is_totp_code(secret, c.code, at(c.seconds))) << c.seconds;
    EXPECT_TRUE(is_totp_code(secret, " " + std::string(c.code) + " ", at(c.seconds))) << c.seconds;
  }
}

TEST(TotpCode, is_good_for_a_step_before_and_after_its_own) {
  // 1111111109 is in the step that ends with 1111111109.
  for (const std::int64_t seconds : {1111111050, 1111111079, 1111111080, 1111111109, 1111111110, 1111111139}) {
    EXPECT_TRUE(is_totp_code(secret, "081804", at(seconds))) << seconds;
  }
  for (const std::int64_t seconds : {1111111049, 1111111140}) {
    EXPECT_FALSE(is_totp_code(secret, "081804", at(seconds))) << seconds;
  }
}

TEST(TotpCode, is_none_that_has_another_form_or_another_secret) {
  for (const char* code : {"", "28708", "2870820", "287083", "94287082", "28 7082", "abcdef"}) {
    EXPECT_FALSE(is_totp_code(secret, code, at(59))) << code;
  }
  EXPECT_TRUE(is_totp_code("gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "287082", at(59)));
  EXPECT_TRUE(is_totp_code(std::string(secret) + "====", "287082", at(59)));
  for (const char* other : {"", "====", "1", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "JBSWY3DPEHPK3PXP", "GEZ=GNBV"}) {
    EXPECT_FALSE(is_totp_code(other, "287082", at(59))) << other;
  }
}

TEST(TotpSecret, is_32_characters_of_base32_that_nobody_has_had) {
  std::set<std::string> secrets;
  for (int i = 0; i < 100; ++i) {
    const std::string made = new_totp_secret();
    EXPECT_EQ(made.size(), 32U);
    EXPECT_EQ(made.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos) << made;
    secrets.insert(made);
  }
  EXPECT_EQ(secrets.size(), 100U);
}

TEST(TotpUri, is_written_as_gotrue_writes_it) {
  const TotpAccount usual{.issuer = "localhost:3000", .account = "a+b@example.com"};
  EXPECT_EQ(totp_uri("ABC", usual),
            "otpauth://totp/localhost:3000:a+b@example.com"
            "?algorithm=SHA1&digits=6&issuer=localhost:3000&period=30&secret=ABC");
  const TotpAccount unusual{.issuer = "M\xC3\xBCller & S\xC3\xB6hne/1?#", .account = "a"};
  EXPECT_EQ(totp_uri("ABC", unusual),
            "otpauth://totp/M%C3%BCller%20&%20S%C3%B6hne/1%3F%23:a"
            "?algorithm=SHA1&digits=6&issuer=M%C3%BCller%20&%20S%C3%B6hne%2F1%3F%23&period=30&secret=ABC");
}

TEST(QrCode, is_an_svg_document_that_needs_no_escaping_in_a_data_url) {
  const std::string svg = qr_code_svg("otpauth://totp/a:b?secret=ABC");
  EXPECT_TRUE(svg.starts_with("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_EQ(svg.find_first_of("#%"), std::string::npos);
  EXPECT_NO_THROW(static_cast<void>(qr_code_svg(std::string(1273, 'x'))));
  EXPECT_THROW(static_cast<void>(qr_code_svg(std::string(1274, 'x'))), AuthError);
}

}  // namespace
}  // namespace bailey::stack::auth
