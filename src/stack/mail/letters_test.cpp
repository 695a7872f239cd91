#include "stack/mail/letters.hpp"

#include <bailey/stack/config.hpp>
#include <bailey/stack/project.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "http/test_folder.hpp"
#include "stack/mail/compose.hpp"

namespace bailey::stack::mail {
namespace {

LetterVariables variables() {
  LetterVariables made;
  made.site_url = "http://127.0.0.1:3000";
  made.confirmation_url =
      "http://127.0.0.1:54321/auth/v1/verify?token=abc&type=signup&redirect_to=http://127.0.0.1:3000";
  made.email = "anna@example.com";
  made.new_email = "anna.b@example.com";
  made.token = "123456";
  made.data.emplace("first_name", "Anna");
  return made;
}

TEST(Letters, are_those_of_gotrue_where_nothing_else_is_said) {
  const Letters letters;
  const Written confirmation = letters.write(LetterKind::confirmation, variables()).value();
  EXPECT_EQ(confirmation.subject, "Confirm your email address");
  EXPECT_EQ(
      confirmation.html,
      "<h2>Confirm your email address</h2>\n\n"
      "<p>Follow the link below to confirm this email address and finish signing up.</p>\n"
      "<p><a "
      "href=\"http://127.0.0.1:54321/auth/v1/verify?token=abc&amp;type=signup&amp;redirect_to=http://127.0.0.1:3000\">"
      "Confirm email address</a></p>\n");
  EXPECT_EQ(letters.write(LetterKind::reauthentication, variables())->subject, "123456 is your verification code");
  EXPECT_TRUE(letters.write(LetterKind::email_change, variables())->html.contains("confirm anna.b@example.com as"));
  for (std::size_t i = 0; i < letter_kinds; ++i) {
    const auto kind = static_cast<LetterKind>(i);
    EXPECT_TRUE(letters.write(kind, {})) << name_of(kind);
    EXPECT_FALSE(letters.write(kind, {})->subject.empty()) << name_of(kind);
  }
}

class OwnLetters : public testing::Test {
 protected:
  OwnLetters() { std::filesystem::create_directories(project.supabase_folder() / "templates"); }

  void write(const std::filesystem::path& file, const std::string& text) const {
    std::ofstream(project.root / file) << text;
  }
  [[nodiscard]] AuthEmailConfig config(std::string path, std::optional<std::string> subject = std::nullopt) const {
    LetterConfig letter;
    letter.kind = "invite";
    letter.subject = std::move(subject);
    letter.content_path = std::move(path);
    letter.subject_place = "supabase/config.toml:3: auth.email.template.invite.subject";
    letter.content_place = "supabase/config.toml:4: auth.email.template.invite.content_path";
    AuthEmailConfig email;
    email.letters.push_back(std::move(letter));
    return email;
  }
  [[nodiscard]] std::string error(const AuthEmailConfig& email) const {
    const auto loaded = Letters::load(project, email);
    return loaded ? "" : loaded.error().message();
  }

  http::test::TestFolder folder;
  Project project{folder.path()};
};

TEST_F(OwnLetters, are_read_from_the_project_or_its_supabase_folder) {
  write("supabase/templates/a.html", "<p>A {{ .Data.first_name }}</p>");
  for (const char* path : {"./supabase/templates/a.html", "./templates/a.html", "templates/a.html"}) {
    const auto letters = Letters::load(project, config(path, "Hello {{ .Data.first_name }}"));
    ASSERT_TRUE(letters) << letters.error().message();
    const Written written = letters->write(LetterKind::invite, variables()).value();
    EXPECT_EQ(written.subject, "Hello Anna");
    EXPECT_EQ(written.html, "<p>A Anna</p>");
    EXPECT_EQ(letters->write(LetterKind::recovery, variables())->subject, "Reset your password");
  }
}

TEST_F(OwnLetters, name_the_place_of_each_mistake) {
  write("supabase/templates/bad.html", "<p>\n{{ .Email\n</p>");
  EXPECT_EQ(error(config("supabase/templates/bad.html")), "supabase/templates/bad.html:2: }} is missing");
  EXPECT_TRUE(error(config("supabase/templates/none.html"))
                  .starts_with("supabase/config.toml:4: auth.email.template.invite.content_path: cannot read "));
  EXPECT_EQ(error(config("", "{{ Email }}")).substr(0, 88),
            "supabase/config.toml:3: auth.email.template.invite.subject: there is no function Email; ");
}

TEST_F(OwnLetters, have_one_line_of_a_subject_whatever_a_user_has_in_their_metadata) {
  const auto letters = Letters::load(project, config("", "Hello {{ .Data.first_name }}"));
  LetterVariables hostile = variables();
  hostile.data["first_name"] = "x\r\nBcc: eve@example.com\r\n\r\n<script>";
  const Written written = letters->write(LetterKind::invite, hostile).value();
  EXPECT_EQ(written.subject.find_first_of("\r\n"), std::string::npos);
  const auto message = compose({{"a@example.com", "A"}, "b@example.com", written.subject, written.html}, Stamp::now());
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->contains("\nBcc"));
}

TEST_F(OwnLetters, tell_nothing_of_the_values_when_they_do_not_fit) {
  write("supabase/templates/a.html", "\n<p>{{ .Data.first_name.x }}</p>");
  const auto letters = Letters::load(project, config("templates/a.html"));
  const auto written = letters->write(LetterKind::invite, variables());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message(), "supabase/templates/a.html:2: a field is asked of a value that has none");
}

}  // namespace
}  // namespace bailey::stack::mail
