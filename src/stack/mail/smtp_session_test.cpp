#include "stack/mail/smtp_session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace bailey::stack::mail {
namespace {

struct Conversation {
  explicit Conversation(SmtpLimits limits = {}, std::size_t memory = 1'000'000)
      : left(memory),
        session(
            limits,
            [this](Envelope envelope, std::string message) {
              caught.emplace_back(std::move(envelope), std::move(message));
              return takes;
            },
            [this](std::size_t bytes) {
              if (bytes > left) return false;
              left -= bytes;
              return true;
            }) {}

  // What is answered, in pieces of so many bytes.
  std::string say(std::string_view text, std::size_t step = std::string_view::npos) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += std::min(step, text.size() - at))
      session.feed(text.substr(at, step), out);
    return out;
  }
  // The codes of the replies.
  std::string codes(std::string_view text, std::size_t step = std::string_view::npos) {
    std::string out = say(text, step);
    std::string codes;
    while (!out.empty()) {
      const std::size_t end = out.find("\r\n");
      if (out[3] == ' ') codes += out.substr(0, 3) + " ";
      out.erase(0, end + 2);
    }
    return codes;
  }

  std::size_t left;
  bool takes = true;
  std::vector<std::pair<Envelope, std::string>> caught;
  SmtpSession session;
};

constexpr std::string_view whole =
    "EHLO me\r\nMAIL FROM:<a@example.com> SIZE=100 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<b@example.com>\r\n"
    "RCPT TO:<c@example.com>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\nline\r\n.\r\nQUIT\r\n";

TEST(SmtpSession, catches_a_message_however_its_bytes_are_cut) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{1000}}) {
    Conversation talk;
    EXPECT_EQ(talk.codes(whole, step), "250 250 250 250 354 250 221 ");
    EXPECT_TRUE(talk.session.is_over());
    ASSERT_EQ(talk.caught.size(), 1U);
    const auto& [envelope, message] = talk.caught[0];
    EXPECT_EQ(envelope.from, "a@example.com");
    EXPECT_EQ(envelope.to, (std::vector<std::string>{"b@example.com", "c@example.com"}));
    EXPECT_EQ(message, "Subject: x\r\n\r\n.dot\r\nline\r\n");
  }
}

TEST(SmtpSession, ends_a_message_at_no_other_dot_than_one_between_two_whole_line_ends) {
  for (const std::string_view end : {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r\r\n"}) {
    Conversation talk;
    talk.say("EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
    talk.say("text" + std::string(end) + "MAIL FROM:<smuggled@b>\r\n.\r\n");
    ASSERT_EQ(talk.caught.size(), 1U) << end;
    EXPECT_TRUE(talk.caught[0].second.contains("smuggled")) << end;
  }
}

TEST(SmtpSession, ends_one_that_is_too_large_no_sooner) {
  SmtpLimits limits;
  limits.message_bytes = 1000;
  limits.text_line_bytes = 500;
  for (const std::size_t line : {400U, 700U}) {
    const std::string large =
        std::string(line, 'a') + "\r\n" + std::string(line, 'a') + "\r\n" + std::string(line, 'a');
    for (const std::size_t step : {1U, 7U, 10'000U}) {
      Conversation talk(limits);
      EXPECT_EQ(talk.codes("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" + large +
                               "\n.\r\nMAIL FROM:<smuggled@b>\r\n.\r\nNOOP\r\n",
                           step),
                "250 250 250 354 552 250 ")
          << line << " " << step;
    }
  }
}

TEST(SmtpSession, takes_any_user_and_keeps_no_password) {
  Conversation talk;
  EXPECT_EQ(talk.codes("EHLO me\r\nAUTH PLAIN AGFubmEAc2VjcmV0\r\n"), "250 235 ");
  EXPECT_EQ(talk.codes("AUTH LOGIN\r\nYW5uYQ==\r\nc2VjcmV0\r\n"), "334 334 235 ");
  EXPECT_EQ(talk.codes("AUTH PLAIN\r\nAGFubmEAc2VjcmV0\r\n"), "334 235 ");
  EXPECT_EQ(talk.codes("AUTH LOGIN YW5uYQ==\r\nc2VjcmV0\r\n"), "334 235 ");
  EXPECT_EQ(talk.codes("AUTH PLAIN\r\n*\r\nAUTH CRAM-MD5\r\nAUTH PLAIN eA==\r\n"), "334 501 504 501 ");
  talk.say("MAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\n.\r\n");
  ASSERT_EQ(talk.caught.size(), 1U);
  EXPECT_EQ(talk.caught[0].first.user, "anna");
  EXPECT_EQ(talk.caught[0].first.from, "");
}

TEST(SmtpSession, answers_each_mistake_with_what_is_wrong) {
  struct Case {
    std::string_view said, codes;
  };
  for (const auto& [said, codes] :
       std::initializer_list<Case>{{"MAIL FROM:<a@b>\r\n", "503 "},
                                   {"EHLO\r\n", "501 "},
                                   {"EHLO x\r\nRCPT TO:<a@b>\r\n", "250 503 "},
                                   {"EHLO x\r\nDATA\r\n", "250 503 "},
                                   {"EHLO x\r\nMAIL TO:<a@b>\r\n", "250 501 "},
                                   {"EHLO x\r\nMAIL FROM:<a b>\r\n", "250 501 "},
                                   {"EHLO x\r\nMAIL FROM:<a@b> FOO=1\r\n", "250 555 "},
                                   {"EHLO x\r\nMAIL FROM:<a@b> SIZE=99999999999\r\n", "250 552 "},
                                   {"EHLO x\r\nMAIL FROM:<a@b>\r\nMAIL FROM:<a@b>\r\n", "250 250 503 "},
                                   {"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<>\r\n", "250 250 501 "},
                                   {"EHLO x\r\nMAIL FROM:<a@b>\r\nRSET\r\nRCPT TO:<c@d>\r\n", "250 250 250 503 "},
                                   {"STARTTLS\r\nVRFY a\r\nNOOP\r\nHELP\r\nFOO\r\n\r\n", "502 252 250 214 500 500 "}}) {
    Conversation talk;
    EXPECT_EQ(talk.codes(said), codes) << said;
  }
}

TEST(SmtpSession, has_bounds_of_lines_recipients_size_memory_and_mistakes) {
  SmtpLimits limits;
  limits.message_bytes = 1000;
  limits.text_line_bytes = 500;
  limits.recipients = 2;
  const std::string begin = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";

  Conversation long_command(limits);
  EXPECT_EQ(long_command.codes(std::string(100'000, 'a') + "\r\nNOOP\r\n", 1000), "500 250 ");

  Conversation long_line(limits);
  EXPECT_EQ(long_line.codes(begin + std::string(501, 'a') + "\r\n.\r\nNOOP\r\n"), "250 250 250 354 552 250 ");

  Conversation too_large(limits);
  EXPECT_EQ(too_large.codes(begin + std::string(400, 'a') + "\r\n" + std::string(400, 'a') + "\r\n" +
                            std::string(400, 'a') + "\r\n.\r\nNOOP\r\n"),
            "250 250 250 354 552 250 ");

  Conversation no_memory(limits, 10);
  EXPECT_EQ(no_memory.codes(begin + "text\r\n.\r\n"), "250 250 250 354 452 ");
  EXPECT_TRUE(no_memory.caught.empty());

  Conversation recipients(limits);
  EXPECT_EQ(recipients.codes("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<c@d>\r\nRCPT TO:<c@d>\r\n"),
            "250 250 250 250 452 ");

  Conversation mistakes(limits);
  std::string wrong;
  for (std::size_t i = 0; i < limits.mistakes + 5; ++i) wrong += "FOO\r\n";
  EXPECT_TRUE(mistakes.codes(wrong).ends_with("500 421 "));
  EXPECT_TRUE(mistakes.session.is_over());

  Conversation full(limits);
  full.takes = false;
  EXPECT_EQ(full.codes(begin + "text\r\n.\r\n"), "250 250 250 354 452 ");
}

}  // namespace
}  // namespace bailey::stack::mail
