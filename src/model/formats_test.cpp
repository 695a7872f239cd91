#include "model/formats.hpp"

#include <gtest/gtest.h>

#include <array>

#include <string>

#include "model/utf8.hpp"

namespace bailey::detail {
namespace {

TEST(EmailFormat, takes_addresses_that_mail_systems_take) {
  for (const char* text : {"ada@example.com", "a.b+c@mail.example.co.uk", "o'hara@example.com", "x@y.z", "1@2.example",
                           "zoë@exämple.com", "a_b-c@ex-ample.com"}) {
    EXPECT_EQ(email_fault(text), std::nullopt) << text;
  }
}

TEST(EmailFormat, refuses_everything_else) {
  for (const std::string& text : {std::string(),
                                  std::string("ada"),
                                  std::string("@example.com"),
                                  std::string("ada@"),
                                  std::string("ada@localhost"),
                                  std::string("a b@example.com"),
                                  std::string("ada@example..com"),
                                  std::string(".a@example.com"),
                                  std::string("a.@example.com"),
                                  std::string("a..b@example.com"),
                                  std::string("a@-example.com"),
                                  std::string("a@example-.com"),
                                  std::string("a@b@example.com"),
                                  std::string("\"a\"@example.com"),
                                  std::string("a@[127.0.0.1]"),
                                  std::string("a@example.com\n"),
                                  std::string("a@exa mple.com"),
                                  std::string("a\r\nBcc: x@example.com"),
                                  std::string("<a@example.com>"),
                                  std::string("a@example.com."),
                                  std::string(65, 'a') + "@example.com",
                                  "a@" + std::string(64, 'b') + ".com",
                                  "a@" + std::string(250, 'b') + ".com"}) {
    EXPECT_TRUE(email_fault(text)) << text;
  }
}

TEST(UrlFormat, takes_absolute_web_addresses) {
  for (const char* text : {"https://example.com", "http://localhost:8000/a?b=c#d", "https://[::1]:443/",
                           "https://a.b/c%20d", "http://127.0.0.1", "https://example.com?x"}) {
    EXPECT_EQ(url_fault(text), std::nullopt) << text;
  }
}

TEST(UrlFormat, refuses_everything_else) {
  for (const char* text :
       {"", "example.com", "ftp://example.com", "javascript:alert(1)", "https://", "https:///x", "https://a b",
        "https://user:pw@example.com", "https://example.com:x", "https://example.com:", "https://exa<mple.com",
        "https://-a.com", "https://[::1", "https://[::1]x", "HTTPS//x", "//example.com", "https://a\\b",
        "https://example.com:123456", "https://[zz]/"}) {
    EXPECT_TRUE(url_fault(text)) << text;
  }
}

TEST(Utf8, is_well_formed_exactly_where_unicode_says) {
  for (const char* good :
       {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf8\x88\x80\x80\x80", "\xc2", "\xe1\x80", "\xf1\x80\x80", "a\xc2z"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
  EXPECT_EQ(count_code_points("aé🦊"), 3U);
}

TEST(Utf8, is_made_of_any_bytes_by_replacing_what_is_not) {
  EXPECT_EQ(to_utf8("aé🦊"), "aé🦊");
  EXPECT_EQ(to_utf8("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(to_utf8("\xc3\"\xff"), "\xef\xbf\xbd\"\xef\xbf\xbd");
}

TEST(Utf8, is_cut_between_two_characters) {
  const std::string_view text = "aé🦊";  // 1 + 2 + 4 bytes
  constexpr std::array<std::size_t, 9> kept{0, 1, 1, 3, 3, 3, 3, 7, 7};
  for (std::size_t limit = 0; limit < kept.size(); ++limit) EXPECT_EQ(utf8_prefix(text, limit).size(), kept[limit]);
}

}  // namespace
}  // namespace bailey::detail
