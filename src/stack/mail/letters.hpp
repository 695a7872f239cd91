#pragma once

#include <bailey/base/error.hpp>

#include <boost/json/object.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bailey::stack {
struct AuthEmailConfig;
struct Project;
}  // namespace bailey::stack

namespace bailey::stack::mail {

// What the auth server writes letters about. The names of config.toml ("magic_link") are name_of().
enum class LetterKind : std::uint8_t {
  confirmation,
  invite,
  magic_link,
  recovery,
  email_change,
  reauthentication,
  password_changed_notification,
  email_changed_notification,
  phone_changed_notification,
  identity_linked_notification,
  identity_unlinked_notification,
  mfa_factor_enrolled_notification,
  mfa_factor_unenrolled_notification,
};
inline constexpr std::size_t letter_kinds = 13;

[[nodiscard]] std::string_view name_of(LetterKind kind) noexcept;

// What templates may say, under GoTrue's names: {{ .ConfirmationURL }}, {{ .Token }}, {{ .Data.first_name }}. What does
// not belong to a kind is left empty, and is then what GoTrue prints for it: nothing.
struct LetterVariables {
  std::string site_url{};
  std::string confirmation_url{};
  std::string email{};
  std::string new_email{};   // email_change
  std::string sending_to{};  // email_change: to which of both this letter goes
  std::string token{};       // the code
  std::string token_hash{};
  std::string redirect_to{};
  std::string old_email{}, old_phone{}, phone{}, provider{}, factor_type{};  // notifications
  boost::json::object data{};                                                // the user's metadata
};

// A letter's subject and HTML.
struct Written {
  std::string subject;
  std::string html;
};

// The templates of a project: those of its config.toml, and GoTrue's for the others. Immutable; any thread.
class Letters {
 public:
  // GoTrue's own.
  Letters();
  // Reads the files that `[auth.email.template.<kind>] content_path` and `[auth.email.notification.<kind>]` name. A
  // file that cannot be read and a template that cannot be understood are Error "invalid_template":
  // "supabase/templates/invite.html:7: …", with what would be right.
  [[nodiscard]] static Expected<Letters> load(const Project& project, const AuthEmailConfig& config);

  // Fills in. Error "invalid_template" for what only the values can tell: a comparison of a number with a text, a
  // result that is too long. Never a part of the letter.
  [[nodiscard]] Expected<Written> write(LetterKind kind, const LetterVariables& variables) const;

 private:
  struct Templates;
  std::shared_ptr<const Templates> templates_;  // shared with copies
};

}  // namespace bailey::stack::mail
