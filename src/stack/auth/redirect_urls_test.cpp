#include "stack/auth/redirect_urls.hpp"

#include <bailey/base/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bailey::stack::auth {
namespace {

TEST(RedirectUrls, lead_to_the_site_itself_with_its_scheme_host_and_port) {
  const RedirectUrls urls("https://example.com", {});
  for (const char* url :
       {"https://example.com", "https://example.com/", "https://example.com/a?b=c#d", "HTTPS://example.com/a",
        "https://example.com?a=b c", "https://example.com/%C3%A9?100%#%20", "https://example.com/\xC3\xA9"}) {
    EXPECT_TRUE(urls.admits(url)) << url;
  }
  for (const char* url : {"", "http://example.com/", "https://example.com:8443/", "https://www.example.com",
                          "https://example.com.evil.net", "https://evil.net", "https://evil.net/https://example.com",
                          "https://EXAMPLE.com"}) {
    EXPECT_FALSE(urls.admits(url)) << url;
  }
}

TEST(RedirectUrls, lead_to_any_port_of_the_users_own_machine) {
  const RedirectUrls urls("http://localhost:3000", {});
  for (const char* url :
       {"http://localhost:3000", "http://localhost:8080/cb", "http://localhost", "http://127.0.0.1:5173/a",
        "https://127.1.2.3/", "http://[::1]:3000/", "http://[::ffff:127.0.0.1]/"}) {
    EXPECT_TRUE(urls.admits(url)) << url;
  }
  for (const char* url : {"https://localhost:3000", "http://app.localhost:3000", "http://0.0.0.0:3000",
                          "http://10.0.0.1/", "http://[::2]/", "http://[::1", "http://[::1]x/", "http://[::1%25lo]/",
                          "http://2130706433/", "http://127.0.0.1.nip.io/", "http://localhost.evil.net"}) {
    EXPECT_FALSE(urls.admits(url)) << url;
  }
  EXPECT_TRUE(RedirectUrls("http://app.localhost:3000", {}).admits("http://app.localhost:3001/"));
  EXPECT_TRUE(RedirectUrls("http://0.0.0.0:3000", {}).admits("http://0.0.0.0:3001/"));
}

TEST(RedirectUrls, lead_to_what_is_listed) {
  const RedirectUrls urls(
      "https://example.com",
      {"http://localhost:8000/*", "https://*.example.org/**", "https://app.example.org/cb?x=*", "myapp://**",
       "com.example.app:/oauth", "https://{a,b}.example.net", "exp://*.exp.direct/**"});
  for (const char* url : {"http://localhost:8000/path?x=1", "https://a.example.org/b/c", "https://a.example.org/b#f/g",
                          "myapp://cb/x", "com.example.app:/oauth", "https://a.example.net",
                          "https://app.example.org/cb?x=1", "exp://u-1.exp.direct/--/cb", "myapp://user@cb"}) {
    EXPECT_TRUE(urls.admits(url)) << url;
  }
  for (const char* url : {"http://localhost:8000", "http://localhost:8000/path/to/page", "https://a.b.example.org/",
                          "https://example.org/", "https://evil.net/.example.org/", "https://evil.net?.example.org/",
                          "https://evil?.example.org/", "https://evil.net#.example.org/", "https://c.example.net",
                          "otherapp://cb", "MYAPP://cb/x", "com.example.app:/other"}) {
    EXPECT_FALSE(urls.admits(url)) << url;
  }
}

TEST(RedirectUrls, never_lead_where_a_browser_reads_another_host_or_runs_what_it_is_sent_to) {
  const RedirectUrls urls("https://example.com", {"**"});
  ASSERT_TRUE(urls.admits("https://anything.example.net/at/all"));
  ASSERT_TRUE(urls.admits("myapp://anything"));
  const std::string zero("https://example.com/a\0b", 23);
  for (const std::string_view url : {"https://evil.net@example.com/",
                                     "https://example.com@evil.net/",
                                     "https://example.com:pw@evil.net/",
                                     "https://example.com\\@evil.net/",
                                     "https://evil.net\\.example.com/",
                                     "https:\\\\evil.net",
                                     "\\\\evil.net",
                                     "//evil.net",
                                     "///evil.net",
                                     "/\\evil.net",
                                     "/path",
                                     "path",
                                     "?a=b",
                                     "#a",
                                     "https:evil.net",
                                     "https:/evil.net",
                                     "https:///evil.net",
                                     "http://",
                                     "https://?a",
                                     "https://evil%2enet/",
                                     "https://ev\xC3\xADl.net/",
                                     "https://evil\xE3\x80\x82net/",
                                     "https://evil.net:80x/",
                                     "https://a:b:80/",
                                     "https://evil.net:\t80/",
                                     "https://exa\nmple.com/",
                                     "https://example.com/\r\nSet-Cookie: a=b",
                                     "https://example.com/\x7F",
                                     " https://example.com/",
                                     "\thttps://example.com/",
                                     "https ://example.com/",
                                     "https://-example.com/",
                                     "https://example.com./",
                                     "https://192.0.2.1/",
                                     "https://3221225985/",
                                     "https://[2001:db8::1]/",
                                     "javascript:alert(1)",
                                     "JavaScript://example.com/%0aalert(1)",
                                     "javascript://127.0.0.1/%0aalert(1)",
                                     "java\tscript:alert(1)",
                                     "data:text/html,<script>",
                                     "vbscript:x",
                                     "file:///etc/passwd",
                                     "blob:https://example.com/1",
                                     "about:blank",
                                     "filesystem:https://example.com/",
                                     "view-source:https://example.com",
                                     ":",
                                     "1a://x",
                                     "https://example.com/\xFF",
                                     "https://example.com/%",
                                     "https://example.com/%a/",
                                     "https://example.com/#%zz",
                                     "myapp://[::1:]/",
                                     "myapp://[a.b]/",
                                     "myapp://a b@cb"}) {
    EXPECT_FALSE(urls.admits(url)) << url;
  }
  EXPECT_FALSE(urls.admits(zero));
  EXPECT_FALSE(urls.admits("https://example.com/" + std::string(9000, 'a')));
  EXPECT_FALSE(RedirectUrls("https://example.com", {}).admits("evil://127.0.0.1/"));
}

TEST(RedirectUrls, fall_back_to_the_site_for_what_is_not_admitted) {
  const RedirectUrls urls("https://example.com", {"myapp://**"});
  EXPECT_EQ(urls.choose("myapp://cb", "https://example.com/page"), "myapp://cb");
  EXPECT_EQ(urls.choose("https://evil.net", "https://example.com/page"), "https://example.com/page");
  EXPECT_EQ(urls.choose("", "https://example.com/page"), "https://example.com/page");
  EXPECT_EQ(urls.choose("https://evil.net", "https://evil.net"), "https://example.com");
  EXPECT_EQ(urls.choose(""), "https://example.com");
}

TEST(RedirectUrls, are_not_made_of_a_pattern_that_is_none) {
  try {
    const RedirectUrls urls("https://example.com", {"https://[a"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "invalid_config");
    EXPECT_EQ(error.message(), "additional_redirect_urls: \"https://[a\" is no pattern for URLs: a [ is not closed");
  }
}

TEST(RedirectUrls, admit_themselves_alone_where_the_site_is_an_app) {
  const RedirectUrls urls("myapp://callback", {});
  EXPECT_TRUE(urls.admits("myapp://callback/x"));
  EXPECT_FALSE(urls.admits("myapp://other"));
  EXPECT_FALSE(urls.admits("myapp:callback"));
  EXPECT_FALSE(RedirectUrls("javascript:1", {}).admits("javascript:1"));
}

}  // namespace
}  // namespace bailey::stack::auth
