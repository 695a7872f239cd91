#include "stack/mail/mailbox.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace bailey::stack::mail {
namespace {

Envelope envelope(std::string to = "b@example.com") {
  Envelope made;
  made.from = "a@example.com";
  made.to.push_back(std::move(to));
  return made;
}

std::string mail(const std::string& subject) {
  return "From: \"A\" <a@example.com>\r\nTo: b@example.com\r\nSubject: " + subject + "\r\n\r\nthe text\r\n";
}

std::vector<std::string> subjects(const Mailbox& mailbox) {
  std::vector<std::string> out;
  for (const Listed& one : mailbox.all()) out.push_back(one.mail->subject);
  return out;
}

using Subjects = std::vector<std::string>;

TEST(Mailbox, shows_the_newest_first_and_what_a_list_needs) {
  Mailbox mailbox;
  mailbox.add(envelope(), mail("one"));
  mailbox.add(envelope("hidden@example.com"), mail("two"));
  EXPECT_EQ(subjects(mailbox), (Subjects{"two", "one"}));
  const auto latest = mailbox.latest();
  EXPECT_EQ(latest->subject, "two");
  EXPECT_EQ(latest->from.at(0).name, "A");
  EXPECT_EQ(latest->to.at(0).address, "b@example.com");
  EXPECT_EQ(latest->bcc.at(0).address, "hidden@example.com");
  EXPECT_EQ(latest->snippet, "the text");
  EXPECT_EQ(latest->id.size(), 22U);
  EXPECT_EQ(mailbox.find(latest->id), latest);
  EXPECT_EQ(mailbox.find("x"), nullptr);
}

TEST(Mailbox, lets_the_oldest_go_when_there_are_too_many_or_too_much) {
  Mailbox few({.messages = 3, .bytes = 1'000'000});
  for (int i = 0; i < 10; ++i) few.add(envelope(), mail(std::to_string(i)));
  EXPECT_EQ(subjects(few), (Subjects{"9", "8", "7"}));

  Mailbox small({.messages = 100, .bytes = 1000});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(small.add(envelope(), mail(std::string(100, 'x'))));
  EXPECT_GE(subjects(small).size(), 1U);
  EXPECT_LE(subjects(small).size(), 3U);
  EXPECT_FALSE(small.add(envelope(), mail(std::string(2000, 'x'))));
}

TEST(Mailbox, tells_its_watcher_of_each_change) {
  Mailbox mailbox;
  std::vector<std::string> seen;
  mailbox.watch([&](Mailbox::Change change, const CaughtMail* one) {
    seen.push_back((change == Mailbox::Change::added  ? "added "
                    : change == Mailbox::Change::read ? "read "
                                                      : "removed ") +
                   (one == nullptr ? std::string() : one->subject));
  });
  mailbox.add(envelope(), mail("one"));
  mailbox.mark(std::nullopt, true);
  mailbox.mark(std::nullopt, true);  // changes nothing
  mailbox.remove(std::vector<std::string>{"unknown"});
  mailbox.remove(std::nullopt);
  EXPECT_EQ(seen, (std::vector<std::string>{"added one", "read ", "removed "}));
}

TEST(Mailbox, marks_and_removes_those_that_are_named) {
  Mailbox mailbox;
  mailbox.add(envelope(), mail("one"));
  mailbox.add(envelope(), mail("two"));
  const std::string id = mailbox.latest()->id;
  mailbox.mark(std::vector{id}, true);
  EXPECT_EQ(mailbox.counts().unread, 1U);
  mailbox.remove(std::vector{id});
  EXPECT_EQ(subjects(mailbox), Subjects{"one"});
  EXPECT_EQ(mailbox.counts().total, 1U);
}

TEST(Mailbox, reads_the_words_of_html_where_there_is_no_text) {
  Mailbox mailbox;
  mailbox.add(envelope(), "Content-Type: text/html\r\n\r\n<p>Follow the <b>link</b></p>");
  EXPECT_EQ(mailbox.latest()->snippet, "Follow the link");
}

}  // namespace
}  // namespace bailey::stack::mail
