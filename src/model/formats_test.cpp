#include "model/formats.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

// What pydantic takes is compared with in tests/end_to_end/test_formats.py; here are one case of each kind, and what
// the value becomes.
namespace bailey::detail {
namespace {

using Cases = std::vector<std::pair<std::string, std::string>>;

TEST(EmailFormat, takes_addresses_in_their_normal_form) {
  const Cases cases{{"ada@example.com", "ada@example.com"},
                    {"Ada.L+c@EXAMPLE.Com", "Ada.L+c@example.com"},
                    {"o'hara@example.com", "o'hara@example.com"},
                    {"x@y.z", "x@y.z"},
                    {" ada@example.com\u00a0", "ada@example.com"},
                    {"Ada Lovelace <ada@example.com>", "ada@example.com"},
                    {"\"Ada, L.\" <ada@example.com>", "ada@example.com"},
                    {"INFO@example.com", "info@example.com"},
                    {"zoe\u0308@exämple.com", "zoë@exämple.com"},
                    {"a@xn--exmple-cua.com", "a@exämple.com"},
                    {"a@ＥＸample.com", "a@example.com"},
                    {"\U0001f600@example.com", "\U0001f600@example.com"},
                    {"a@faß.de", "a@faß.de"},
                    {std::string(65, 'a') + "@example.com", std::string(65, 'a') + "@example.com"}};
  for (const auto& [text, normal] : cases) EXPECT_EQ(normal_email(text), normal) << text;
}

TEST(EmailFormat, refuses_everything_else) {
  for (const std::string& text : {std::string(),
                                  std::string("a@xn--e-c1ua.ca.com"),  // no label is encoded so
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
                                  std::string("a@ab--c.com"),
                                  std::string("a@b@example.com"),
                                  std::string("\"a\"@example.com"),
                                  std::string("a@[127.0.0.1]"),
                                  std::string("a@127.0.0.1"),
                                  std::string("a@example.test"),
                                  std::string("a@printer.local"),
                                  std::string("a@exam_ple.com"),
                                  std::string("a@example.com\n"),
                                  std::string("a@exa mple.com"),
                                  std::string("a\r\nBcc: x@example.com"),
                                  std::string("Ada, L <a@example.com>"),
                                  std::string("a@example.com."),
                                  std::string("a\0b@example.com", 15),
                                  std::string("a@exa\0mple.com", 14),
                                  std::string("a\u200bb@example.com"),
                                  std::string("a\u00a0b@example.com"),
                                  std::string("a\u2028b@example.com"),
                                  std::string("\u202ea@example.com"),
                                  std::string("\ufeffa@example.com"),
                                  std::string("\u0301a@example.com"),
                                  std::string("a\u037eb@example.com"),
                                  std::string("a@exa\u200bmple.com"),
                                  std::string("a@exa\u2024mple.com"),
                                  std::string("a@\u2603.com"),
                                  std::string("a@xn--0.com"),
                                  "a@" + std::string(64, 'b') + ".com",
                                  "a@" + std::string(250, 'b') + ".com",
                                  std::string(243, 'a') + "@example.com",
                                  std::string(3000, ' ') + "a@example.com"}) {
    EXPECT_FALSE(normal_email(text)) << text;
  }
}

TEST(UrlFormat, takes_absolute_web_addresses_in_their_normal_form) {
  const Cases cases{{"https://example.com", "https://example.com/"},
                    {"HTTPS://Example.COM/Path", "https://example.com/Path"},
                    {"https://my_site.example.com", "https://my_site.example.com/"},
                    {"https://exämple.com", "https://xn--exmple-cua.com/"},
                    {"http://localhost:8000/a?b=c#d", "http://localhost:8000/a?b=c#d"},
                    {"https://[0:0::1]:443/", "https://[::1]/"},
                    {"http://127.1", "http://127.0.0.1/"},
                    {"http://0x7f000001/x", "http://127.0.0.1/x"},
                    {"https://user:p%40w@example.com", "https://user:p%40w@example.com/"},
                    {" https://exa\tmple.com\n", "https://example.com/"},
                    {"http:\\\\example.com\\a", "http://example.com/a"},
                    {"http://example.com\\@evil.com", "http://example.com/@evil.com"},
                    {"http://a@b@example.com", "http://a%40b@example.com/"},
                    {"https://example.com/a/../%2E/b c?d\"#e f", "https://example.com/b%20c?d%22#e%20f"},
                    {"https://example.com?#", "https://example.com/?#"}};
  for (const auto& [text, normal] : cases) {
    const auto made = normal_url(text);
    ASSERT_TRUE(made) << text << ": " << made.error().reason;
    EXPECT_EQ(*made, normal) << text;
    EXPECT_EQ(normal_url(*made).value_or(""), normal) << "its normal form's normal form";
  }
}

TEST(UrlFormat, refuses_everything_else_with_the_reason) {
  const Cases cases{{"", "input is empty"},
                    {" ", "relative URL without a base"},
                    {"example.com", "relative URL without a base"},
                    {"//example.com", "relative URL without a base"},
                    {"HTTPS//x", "relative URL without a base"},
                    {"https://", "empty host"},
                    {"https://user@:80", "empty host"},
                    {"https://a b", "invalid international domain name"},
                    {"https://exa<mple.com", "invalid international domain name"},
                    {"https://a%00b", "invalid international domain name"},
                    {"https://a%2fb", "invalid international domain name"},
                    {"https://xn--0.com", "invalid international domain name"},
                    {"https://a!b", "invalid international domain name"},
                    {std::string("https://a\0b", 11), "invalid international domain name"},
                    {"https://example.com:x", "invalid port number"},
                    {"https://example.com:99999", "invalid port number"},
                    {"https://1.2.3.4.5", "invalid IPv4 address"},
                    {"https://256.1.1.1", "invalid IPv4 address"},
                    {"https://a.b.1", "invalid IPv4 address"},
                    {"https://[::1", "invalid IPv6 address"},
                    {"https://[fe80::1%25eth0]", "invalid IPv6 address"}};
  for (const auto& [text, reason] : cases) {
    const auto made = normal_url(text);
    ASSERT_FALSE(made) << text << " is " << *made;
    EXPECT_EQ(made.error().kind, UrlFault::Kind::parsing) << text;
    EXPECT_EQ(made.error().reason, reason) << text;
  }
  for (const char* text : {"ftp://example.com", "javascript:alert(1)", "data:text/html,x", "x:"}) {
    EXPECT_EQ(normal_url(text).error().kind, UrlFault::Kind::scheme) << text;
  }
  const std::string longest = "https://example.com/" + std::string(2063, 'a');
  EXPECT_TRUE(normal_url(longest));
  EXPECT_EQ(normal_url(longest + "a").error().kind, UrlFault::Kind::too_long);
}

}  // namespace
}  // namespace bailey::detail
