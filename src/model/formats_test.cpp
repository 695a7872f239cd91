#include "model/formats.hpp"

#include <gtest/gtest.h>

#include <array>

#include <string>

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

}  // namespace
}  // namespace bailey::detail
