#include "stack/mail/mail_search.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace bailey::stack::mail {
namespace {

class MailSearch : public testing::Test {
 protected:
  MailSearch() {
    add("From: Anna <anna@example.com>\r\nTo: b@example.com\r\nSubject: Confirm your address\r\n\r\nwith a link",
        false);
    add("From: Ben <ben@example.com>\r\nTo: c@example.com\r\nCc: d@example.com\r\nReply-To: e@example.com\r\n"
        "Message-ID: <4711@x>\r\nSubject: Reset\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        "--x\r\n\r\nyour password\r\n--x\r\nContent-Type: image/png\r\nContent-Disposition: "
        "attachment\r\n\r\nxyz\r\n--x--\r\n" +
            std::string(3000, ' '),
        true);
  }

  void add(std::string raw, bool is_read) {
    Envelope envelope;
    envelope.from = "a@example.com";
    mails.push_back({std::make_shared<const CaughtMail>(read_mail(std::move(envelope), std::move(raw))), is_read});
  }
  // "a" the first, "b" the second.
  std::string found(std::string_view query) {
    std::string out;
    for (const Listed& one : search(mails, query)) out += one.mail == mails[0].mail ? "a" : "b";
    return out;
  }

  std::vector<Listed> mails;
};

TEST_F(MailSearch, understands_what_mailpit_does) {
  struct Case {
    std::string_view query, found;
  };
  for (const auto& [query, expected] : std::initializer_list<Case>{{"", "ab"},
                                                                   {"link", "a"},
                                                                   {"LINK", "a"},
                                                                   {"example.com", "ab"},
                                                                   {"your link", "a"},
                                                                   {"\"your link\"", ""},
                                                                   {"\"a link\"", "a"},
                                                                   {"to:b@example.com", "a"},
                                                                   {"from:ben", "b"},
                                                                   {"from:\"ben\"", "b"},
                                                                   {"cc:d@", "b"},
                                                                   {"reply-to:e@", "b"},
                                                                   {"addressed:e@", "b"},
                                                                   {"bcc:x", ""},
                                                                   {"subject:confirm", "a"},
                                                                   {"message-id:4711", "b"},
                                                                   {"is:read", "b"},
                                                                   {"is:unread", "a"},
                                                                   {"-is:unread", "b"},
                                                                   {"!subject:confirm", "b"},
                                                                   {"has:attachment", "b"},
                                                                   {"has:inline", ""},
                                                                   {"larger:1k", "b"},
                                                                   {"smaller:1k", "a"},
                                                                   {"before:2000-01-01", ""},
                                                                   {"after:2000-01-01", "ab"},
                                                                   {"tag:x", ""},
                                                                   {"-tag:x", "ab"},
                                                                   {"nowhere", ""}}) {
    EXPECT_EQ(found(query), expected) << query;
  }
}

}  // namespace
}  // namespace bailey::stack::mail
