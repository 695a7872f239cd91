#include "stack/auth/sms.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace bailey::stack::auth {
namespace {

std::string render(std::string_view text) {
  const auto parsed = SmsTemplate::parse(text);
  return parsed ? parsed->render("123456") : parsed.error().code() + ": " + parsed.error().message();
}

TEST(SmsTemplate, has_the_code_where_go_would_put_it) {
  EXPECT_EQ(render("Your code is {{ .Code }}"), "Your code is 123456");
  EXPECT_EQ(render("{{.Code}}{{ .Code}}"), "123456123456");
  EXPECT_EQ(render("a {{- .Code -}} b"), "a123456b");
  EXPECT_EQ(render("a {{- .Code }} b"), "a123456 b");
  EXPECT_EQ(render("a {{ .Code -}} \n b"), "a 123456b");
  EXPECT_EQ(render("no code"), "no code");
  EXPECT_EQ(render(""), "");
}

TEST(SmsTemplate, is_refused_when_it_would_need_more) {
  EXPECT_EQ(render("{{ .Code"), "invalid_template: a {{ in the template of messages is not closed");
  EXPECT_EQ(render("{{ .Email }}"), "invalid_template: {{ .Email }}: the template of messages has {{ .Code }} alone");
}

TEST(TestNumbers, have_their_code_until_their_time_is_over) {
  const UnixSeconds now{std::chrono::seconds(1'000'000)};
  const std::map<std::string, std::string> codes{{"+49 151 1", "111111"}, {"4915200", "222222"}};
  const TestNumbers always(codes);
  EXPECT_EQ(always.code_of("491511", now), "111111");
  EXPECT_EQ(always.code_of("4915200", now), "222222");
  EXPECT_EQ(always.code_of("4915201", now), std::nullopt);
  const TestNumbers until(codes, now);
  EXPECT_EQ(until.code_of("4915200", now - std::chrono::seconds(1)), "222222");
  EXPECT_EQ(until.code_of("4915200", now), std::nullopt);
  EXPECT_EQ(TestNumbers().code_of("1234", now), std::nullopt);
}

}  // namespace
}  // namespace bailey::stack::auth
