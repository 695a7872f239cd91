#include <bailey/stack/config.hpp>

#include <gtest/gtest.h>

#include "tests/support/captured_log.hpp"

namespace bailey::stack {
namespace {

Expected<Config> parse(std::string_view text) {
  return parse_config(text, "supabase/config.toml", [](const std::string& name) -> std::optional<std::string> {
    if (name == "PASS") return "secret";
    return std::nullopt;
  });
}

TEST(MailConfig, has_the_cli_defaults) {
  const Config config = parse("").value();
  EXPECT_TRUE(config.mailbox.enabled);
  EXPECT_EQ(config.mailbox.port, 54324);
  EXPECT_EQ(config.mailbox.smtp_port, std::nullopt);
  EXPECT_EQ(config.mailbox.admin_email, "admin@email.com");
  EXPECT_EQ(config.mailbox_url(), "http://127.0.0.1:54324");
  EXPECT_FALSE(config.auth.email.smtp.enabled);
  EXPECT_TRUE(config.auth.email.letters.empty());
}

TEST(MailConfig, reads_the_mailbox_by_both_of_its_names) {
  for (const std::string name : {"inbucket", "local_smtp"}) {
    const Config config = parse("[" + name + "]\nport = 6004\nsmtp_port = 6005\nsender_name = \"Me\"\n").value();
    EXPECT_EQ(config.mailbox.port, 6004) << name;
    EXPECT_EQ(config.mailbox.smtp_port, 6005) << name;
    EXPECT_EQ(config.mailbox.sender_name, "Me") << name;
  }
  EXPECT_EQ(parse("[inbucket]\nenabled = false\n")->mailbox_url(), "");
}

TEST(MailConfig, reads_a_mail_server_templates_and_notifications) {
  const Config config = parse(R"toml(
[auth.email.smtp]
host = "smtp.example.com"
user = "apikey"
pass = "env(PASS)"
admin_email = "admin@example.com"
sender_name = "Admin"
[auth.email.template.invite]
subject = "You are invited"
content_path = "./templates/invite.html"
[auth.email.notification.password_changed]
enabled = true
[auth.email.notification.email_changed]
subject = "Changed"
)toml")
                            .value();
  const SmtpConfig& smtp = config.auth.email.smtp;
  EXPECT_TRUE(smtp.enabled);
  EXPECT_EQ(smtp.port, 587);
  EXPECT_EQ(smtp.pass.reveal(), "secret");
  ASSERT_EQ(config.auth.email.letters.size(), 2U);
  const LetterConfig& invite = config.auth.email.letters[0];
  EXPECT_EQ(invite.kind, "invite");
  EXPECT_EQ(invite.subject, "You are invited");
  EXPECT_EQ(invite.content_path, "./templates/invite.html");
  EXPECT_EQ(invite.subject_place, "supabase/config.toml:9: auth.email.template.invite.subject");
  EXPECT_EQ(config.auth.email.letters[1].kind, "email_changed_notification");
  EXPECT_EQ(config.auth.email.notifications, std::vector<std::string>{"password_changed_notification"});
}

TEST(MailConfig, refuses_what_cannot_be_and_says_where) {
  struct Case {
    std::string_view text, message;
  };
  for (const auto& [text, message] : std::initializer_list<Case>{
           {"[inbucket]\nport = 54321", "config.toml:2: inbucket.port must be another port than api.port and db.port"},
           {"[inbucket]\nsmtp_port = 54322", "inbucket.smtp_port must be another port than api.port and db.port"},
           {"[inbucket]\nport = 7000\nsmtp_port = 7000", "inbucket.smtp_port must be another port than port"},
           {"[inbucket]\nadmin_email = \"me\"", "inbucket.admin_email must be the address that mail is sent from"},
           {"[inbucket]\n[local_smtp]", "inbucket must be left out where there is local_smtp"},
           {"[auth.email.smtp]\nhost = \"a/b\"", "auth.email.smtp.host must be the name or address of a mail server"},
           {"[auth.email.smtp]\nhost = \"a.example\"",
            "auth.email.smtp.admin_email must be the address that mail is sent from"},
           {"[auth.email.smtp]\nhost = \"a.example\"\nadmin_email = \"a@b\"\nuser = \"me\"",
            "auth.email.smtp.pass must be the password of the user"},
           {"[auth.email.template.invite]\nsubject = \"a\\nb\"",
            "auth.email.template.invite.subject must be one line of text"},
           {"[auth.email.template.invite]\ncontent = \"x\"",
            "auth.email.template.invite.content must be a file of its own: give its path as content_path"}}) {
    const auto config = parse(text);
    ASSERT_FALSE(config) << text;
    EXPECT_TRUE(config.error().message().contains(message)) << config.error().message();
  }
}

TEST(MailConfig, warns_of_settings_that_nobody_knows) {
  test::CapturedLog log;
  EXPECT_TRUE(
      parse("[auth.email.template.welcome]\nsubject = \"x\"\n[auth.email.smtp]\nenabled = false\npassword = \"x\"\n"));
  EXPECT_TRUE(log.lines.contains("supabase/config.toml:1: auth.email.template.welcome")) << log.lines;
  EXPECT_TRUE(log.lines.contains("supabase/config.toml:5: auth.email.smtp.password")) << log.lines;
}

}  // namespace
}  // namespace bailey::stack
