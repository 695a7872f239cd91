#include "stack/mail/smtp_replies.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace bailey::stack::mail {
namespace {

SmtpReplies after(std::initializer_list<std::string_view> lines) {
  SmtpReplies replies;
  for (const std::string_view line : lines) replies.take(line);
  return replies;
}

TEST(SmtpReplies, know_whether_the_server_takes_utf8_when_it_has_taken_the_sender) {
  const auto with = after({"220 hi\r\n", "250-me\r\n", "250-SMTPUTF8\r\n", "250 SIZE 10\r\n", "250 ok\r\n"});
  EXPECT_TRUE(with.has_taken_sender());
  EXPECT_TRUE(with.takes_utf8());
  const auto without = after({"220 hi\r\n", "250-me\r\n", "250 SIZE 10\r\n", "250 ok SMTPUTF8\r\n"});
  EXPECT_TRUE(without.has_taken_sender());
  EXPECT_FALSE(without.takes_utf8());
  EXPECT_FALSE(after({"220 hi\r\n", "250 SMTPUTF8\r\n"}).has_taken_sender());
}

TEST(SmtpReplies, forget_what_was_offered_before_tls) {
  const auto replies =
      after({"220 hi", "250-me", "250-SMTPUTF8", "250 STARTTLS", "220 go", "250 me", "235 ok", "250 ok"});
  EXPECT_TRUE(replies.has_taken_sender());
  EXPECT_FALSE(replies.takes_utf8());
}

TEST(SmtpReplies, keep_the_last_refusal_and_whether_the_text_was_asked_for) {
  EXPECT_EQ(after({"220 hi", "250 me", "451-later", "451 later"}).refusal(), 451);
  EXPECT_EQ(after({"220 hi", "250 me"}).refusal(), 0);
  EXPECT_FALSE(after({"220 hi", "250 me", "250 ok", "250 ok"}).has_asked_for_text());
  EXPECT_TRUE(after({"354 go"}).has_asked_for_text());
  EXPECT_EQ(after({"", "x", "4", "45", "abc def"}).refusal(), 0);
}

}  // namespace
}  // namespace bailey::stack::mail
