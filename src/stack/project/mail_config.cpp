// What is sent by mail, and how. All keys of these tables are known, so that an unknown one is a mistake and is warned
// of.
#include "stack/project/mail_config.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace bailey::stack {
namespace {

constexpr std::array<std::string_view, 6> template_kinds{"confirmation", "invite",       "magic_link",
                                                         "recovery",     "email_change", "reauthentication"};
constexpr std::array<std::string_view, 7> notification_kinds{
    "password_changed",  "email_changed",       "phone_changed",        "identity_linked",
    "identity_unlinked", "mfa_factor_enrolled", "mfa_factor_unenrolled"};

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

void read_letter(TomlReader& reader, std::string kind, AuthEmailConfig& config) {
  LetterConfig letter;
  letter.kind = std::move(kind);
  reader.read("subject", letter.subject);
  reader.read("content_path", letter.content_path);
  if (reader.has("content")) reader.refuse("content", "a file of its own: give its path as content_path");
  if (letter.subject && !is_one_line(*letter.subject)) reader.refuse("subject", "one line of text");
  letter.subject_place = reader.place("subject");
  letter.content_place = reader.place("content_path");
  if (letter.subject || !letter.content_path.empty()) config.letters.push_back(std::move(letter));
}

void read_templates(TomlReader& email, AuthEmailConfig& config) {
  TomlReader templates = email.table("template");
  for (const std::string_view kind : template_kinds) {
    TomlReader reader = templates.table(kind);
    read_letter(reader, std::string(kind), config);
    reader.warn_of_unknown();
  }
  templates.warn_of_unknown();
  TomlReader notifications = email.table("notification");
  for (const std::string_view kind : notification_kinds) {
    TomlReader reader = notifications.table(kind);
    bool enabled = false;
    reader.read("enabled", enabled);
    const std::string name = std::string(kind) + "_notification";
    if (enabled) config.notifications.push_back(name);
    read_letter(reader, name, config);
    reader.warn_of_unknown();
  }
  notifications.warn_of_unknown();
}

// As the Supabase CLI has it: the table alone enables it.
void read_smtp(TomlReader& email, SmtpConfig& smtp) {
  smtp.enabled = email.has("smtp");
  TomlReader reader = email.table("smtp");
  reader.read("enabled", smtp.enabled);
  reader.read("host", smtp.host);
  reader.read("port", smtp.port);
  reader.read("user", smtp.user);
  reader.read("pass", smtp.pass);
  reader.read("admin_email", smtp.admin_email);
  reader.read("sender_name", smtp.sender_name);
  reader.warn_of_unknown();
  if (!smtp.enabled) return;
  const bool is_host = !smtp.host.empty() && smtp.host.size() <= 253 &&
                       smtp.host.find_first_not_of(
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:") == std::string::npos;
  if (!is_host) reader.refuse("host", "the name or address of a mail server");
  if (!smtp.admin_email.contains('@')) reader.refuse("admin_email", "the address that mail is sent from");
  if (!smtp.user.empty() && smtp.pass.empty()) reader.refuse("pass", "the password of the user");
  if (!is_one_line(smtp.sender_name)) reader.refuse("sender_name", "one line of text");
}

}  // namespace

void read_mailbox(TomlReader& document, MailboxConfig& mailbox) {
  const bool by_new_name = document.has("local_smtp");
  if (by_new_name && document.has("inbucket")) document.refuse("inbucket", "left out where there is local_smtp");
  TomlReader unused = document.table(by_new_name ? "inbucket" : "local_smtp");
  TomlReader reader = document.table(by_new_name ? "local_smtp" : "inbucket");
  reader.read("enabled", mailbox.enabled);
  reader.read("port", mailbox.port);
  reader.read("smtp_port", mailbox.smtp_port);
  reader.read("pop3_port", mailbox.pop3_port);
  reader.read("admin_email", mailbox.admin_email);
  reader.read("sender_name", mailbox.sender_name);
  if (!mailbox.admin_email.contains('@')) reader.refuse("admin_email", "the address that mail is sent from");
  if (!is_one_line(mailbox.sender_name)) reader.refuse("sender_name", "one line of text");
  if (mailbox.smtp_port == mailbox.port) reader.refuse("smtp_port", "another port than port");
  reader.warn_of_unknown();
}

void read_mail(TomlReader& email, AuthEmailConfig& config) {
  read_smtp(email, config.smtp);
  read_templates(email, config);
}

}  // namespace bailey::stack
