#include <bailey/base/error.hpp>
#include <bailey/http/cookies.hpp>
#include <bailey/http/local_request.hpp>
#include <bailey/http/set_cookie.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace bailey::http {
namespace {

using namespace std::chrono_literals;

std::string all_of(std::string_view field) {
  std::string all;
  for_each_cookie(field, [&](std::string_view name, std::string_view value) {
    all.append(name).append("=").append(unquote_cookie(value)).append(";");
  });
  return all;
}

LocalRequest with_cookies(std::vector<std::string> fields) {
  LocalRequest::Parts parts;
  for (std::string& field : fields) parts.headers.emplace_back("cookie", std::move(field));
  return LocalRequest(std::move(parts));
}

TEST(Cookies, are_cut_at_semicolons_and_the_first_equals_sign) {
  struct Case {
    std::string_view field;
    std::string_view cookies;
  };
  for (const Case& c : std::vector<Case>{{"", ""},
                                         {"a=1", "a=1;"},
                                         {"a=1; b=2;c=3", "a=1;b=2;c=3;"},
                                         {" a = 1 ;\tb=2", "a=1;b=2;"},
                                         {"a=b=c==", "a=b=c==;"},
                                         {"token; b=2", "=token;b=2;"},  // no name
                                         {"=x; a=", "=x;a=;"},
                                         {";;  ; =; a=1;", "a=1;"},
                                         {R"(a="x y"; b="; c=")", R"(a=x y;b=";c=";)"},  // a semicolon always ends one
                                         {R"(a="\054\"\\\073\303\244\q\4"; b="")", "a=,\"\\;\xC3\xA4q4;b=;"},
                                         {R"(a="\"; b=")", "a=\\;b=\";"},
                                         {R"(a="\777")", "a=777;"}})
    EXPECT_EQ(all_of(c.field), c.cookies) << c.field;
}

TEST(Cookies, of_one_name_the_last_is_meant_in_all_fields) {
  auto local = with_cookies({"a=1; b=2", "c=\"3 4\"; a=5"});
  EXPECT_EQ(cookie(local.request(), "a"), "5");
  EXPECT_EQ(cookie(local.request(), "b"), "2");
  EXPECT_EQ(cookie(local.request(), "c"), "3 4");
  EXPECT_EQ(cookie(local.request(), "A"), std::nullopt);
  EXPECT_EQ(cookie(with_cookies({}).request(), ""), std::nullopt);
}

TEST(SetCookie, is_written_with_its_attributes) {
  EXPECT_EQ((SetCookie{.name = "a", .value = "1"}).header_value(), "a=1; Path=/; SameSite=lax");
  EXPECT_EQ((SetCookie{.name = "__Secure-a",
                       .value = "eyJ.x/y+z==",
                       .max_age = 1h,
                       .expires = std::chrono::sys_days(std::chrono::year(2026) / 11 / 26) + 8h,
                       .path = "/api",
                       .domain = "example.org",
                       .secure = true,
                       .http_only = true,
                       .same_site = SameSite::none,
                       .partitioned = true})
                .header_value(),
            "__Secure-a=eyJ.x/y+z==; Domain=example.org; Expires=Thu, 26 Nov 2026 08:00:00 GMT; HttpOnly; "
            "Max-Age=3600; Partitioned; Path=/api; SameSite=none; Secure");
  Headers headers;
  set_cookie(headers, {.name = "a", .value = "1", .same_site = SameSite::strict});
  delete_cookie(headers, {.name = "__Host-b", .value = "secret", .max_age = 1h, .secure = true});
  EXPECT_EQ(headers.wire(),
            "Set-Cookie: a=1; Path=/; SameSite=strict\r\n"
            "Set-Cookie: __Host-b=; Max-Age=0; Path=/; SameSite=lax; Secure\r\n");
}

TEST(SetCookie, comes_back_as_it_was_set) {
  std::string bytes;
  for (int byte = 0x20; byte < 0x100; ++byte)
    if (byte != 0x7f) bytes.push_back(static_cast<char>(byte));
  for (const std::string& value :
       std::vector<std::string>{"", "x", "a b", "a;b,c", "\"quoted\"", "\\", "\\054", bytes}) {
    const std::string header = SetCookie{.name = "a", .value = value}.header_value();
    const std::string sent = header.substr(0, header.find(';'));
    EXPECT_EQ(cookie(with_cookies({sent + "; b=1"}).request(), "a"), value) << sent;
  }
}

TEST(SetCookie, that_could_split_the_header_or_would_be_dropped_is_refused) {
  const std::string canary = "canary";
  for (const SetCookie& bad :
       std::vector<SetCookie>{{.name = "", .value = canary},
                              {.name = "a b", .value = canary},
                              {.name = "a=b", .value = canary},
                              {.name = "a;", .value = canary},
                              {.name = "a\r\nX: y", .value = canary},
                              {.name = "a", .value = canary + "\r\nX: y"},
                              {.name = "a", .value = canary + "\n"},
                              {.name = "a", .value = canary + std::string(1, '\0')},
                              {.name = "a", .value = canary + "\t"},
                              {.name = "a", .value = canary + "\x7f"},
                              {.name = "a", .value = canary + std::string(4096, 'x')},
                              {.name = "a", .value = canary, .expires = std::chrono::sys_seconds::max()},
                              {.name = "a", .value = canary, .expires = std::chrono::sys_seconds::min()},
                              {.name = "a", .value = canary, .path = ""},
                              {.name = "a", .value = canary, .path = "api"},
                              {.name = "a", .value = canary, .path = "/; Domain=evil.org"},
                              {.name = "a", .value = canary, .path = "/\r\nX: y"},
                              {.name = "a", .value = canary, .path = "/\xE4"},
                              {.name = "a", .value = canary, .domain = "example.org; Secure"},
                              {.name = "a", .value = canary, .domain = "example.org\r\n"},
                              {.name = "a", .value = canary, .same_site = SameSite::none},
                              {.name = "a", .value = canary, .partitioned = true},
                              {.name = "__Secure-a", .value = canary},
                              {.name = "__host-a", .value = canary},
                              {.name = "__Host-a", .value = canary, .path = "/api", .secure = true},
                              {.name = "__Host-a", .value = canary, .domain = "example.org", .secure = true}}) {
    Headers headers;
    try {
      set_cookie(headers, bad);
      ADD_FAILURE() << bad.header_value();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "invalid_cookie");
      EXPECT_THAT(error.message(), testing::Not(testing::HasSubstr(canary)));
    }
    EXPECT_TRUE(headers.empty());
  }
}

}  // namespace
}  // namespace bailey::http
