#include "stack/mail/compose.hpp"

#include <gtest/gtest.h>

#include "stack/mail/address.hpp"
#include "stack/mail/mime.hpp"

namespace bailey::stack::mail {
namespace {

const Stamp stamp{std::chrono::sys_seconds(std::chrono::seconds(1'795'836'536)), "unique"};

Letter letter() {
  return {
      {"admin@example.com", "Admin"}, "anna@example.com", "Confirm your email address", "<p>Hello, <b>Anna</b></p>"};
}

TEST(Message, is_what_the_letter_says) {
  EXPECT_EQ(compose(letter(), stamp).value(),
            "From: \"Admin\" <admin@example.com>\r\n"
            "To: anna@example.com\r\n"
            "Subject: Confirm your email address\r\n"
            "Date: Sat, 28 Nov 2026 03:28:56 +0000\r\n"
            "Message-ID: <unique@example.com>\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/html; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "<p>Hello, <b>Anna</b></p>\r\n");
}

TEST(Message, comes_back_with_every_character) {
  Letter sent = letter();
  sent.from.name = "Jürgen \"der\" Müller, Büro für Straßen und sehr lange Namen, die nicht in eine Zeile gehen";
  sent.subject = "Grüße 😀 an alle, die diese Überschrift lesen und die länger ist als eine Zeile sein darf";
  sent.html = "<p>Zeile eins = ü\n.\n..zwei </p>\n" + std::string(200, 'x');
  sent.text = "In Text: ü\n";
  const std::string raw = compose(sent, stamp).value();
  for (const char c : raw) EXPECT_TRUE(static_cast<unsigned char>(c) < 0x80);
  const MimeMessage message = parse_mime(raw);
  EXPECT_EQ(message.text_of("Subject"), sent.subject);
  const auto from = parse_addresses(message.field("From"), 5);
  ASSERT_EQ(from.size(), 1U);
  EXPECT_EQ(from[0].name, sent.from.name);
  EXPECT_EQ(from[0].address, sent.from.address);
  ASSERT_EQ(message.parts.size(), 2U);
  EXPECT_EQ(message.body_of("text/plain")->text(), "In Text: ü\r\n");
  EXPECT_EQ(message.body_of("text/html")->text(), "<p>Zeile eins = ü\r\n.\r\n..zwei </p>\r\n" + std::string(200, 'x'));
}

TEST(Message, is_refused_where_something_could_become_another_header) {
  const auto refused = [](auto change) {
    Letter changed = letter();
    change(changed);
    const auto made = compose(changed, stamp);
    return made ? "" : made.error().code();
  };
  EXPECT_EQ(refused([](Letter& l) { l.to = "a@example.com\r\nBcc: eve@example.com"; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.to = "a@example.com, b@example.com"; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.to = ""; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.subject = "x\r\nBcc: eve@example.com"; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.subject = "x\n"; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.subject = std::string("x\0", 2); }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.from.name = "x\r\nBcc: eve@example.com"; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.from.address = "x@y\nz"; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.html = "\xFF"; }), "invalid_letter");
  EXPECT_EQ(refused([](Letter& l) { l.html = std::string(letter_limit_bytes + 1, 'a'); }), "invalid_letter");
}

TEST(Message, tells_nothing_of_a_letter_that_is_refused) {
  Letter secret = letter();
  secret.to = "token-4711\n";
  const auto made = compose(secret, stamp);
  EXPECT_FALSE(made.error().message().contains("4711"));
}

}  // namespace
}  // namespace bailey::stack::mail
