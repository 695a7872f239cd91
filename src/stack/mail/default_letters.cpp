// The subjects and texts are those a front end's tests may have come to look for: GoTrue's own, word for word.
#include "stack/mail/default_letters.hpp"

#include <array>
#include <cstddef>

namespace bailey::stack::mail {
namespace {

constexpr std::array<DefaultLetter, letter_kinds> letters{{
    {LetterKind::confirmation, "confirmation", "Confirm your email address", R"(<h2>Confirm your email address</h2>

<p>Follow the link below to confirm this email address and finish signing up.</p>
<p><a href="{{ .ConfirmationURL }}">Confirm email address</a></p>
)"},
    {LetterKind::invite, "invite", "You've been invited", R"(<h2>You've been invited</h2>

<p>You've been invited to create an account. Follow the link below to accept.</p>
<p><a href="{{ .ConfirmationURL }}">Accept invitation</a></p>)"},
    {LetterKind::magic_link, "magic_link", "Your sign-in link", R"(<h2>Your sign-in link</h2>

<p>Follow the link below to sign in. This link expires shortly and can only be used once.</p>
<p><a href="{{ .ConfirmationURL }}">Sign in</a></p>)"},
    {LetterKind::recovery, "recovery", "Reset your password", R"(<h2>Reset your password</h2>

<p>We received a request to reset your password. Follow the link below to choose a new one.</p>
<p><a href="{{ .ConfirmationURL }}">Reset password</a></p>
<p>If you didn't request this, you can safely ignore this email.</p>)"},
    {LetterKind::email_change, "email_change", "Confirm your new email address",
     R"(<h2>Confirm your new email address</h2>

<p>Follow the link below to confirm {{ .NewEmail }} as your new email address.</p>
<p><a href="{{ .ConfirmationURL }}">Confirm new email address</a></p>
<p>If you didn't request this change, you can safely ignore this email.</p>)"},
    {LetterKind::reauthentication, "reauthentication", "{{ .Token }} is your verification code",
     R"(<h2>Your verification code</h2>

<p>Use the code below to verify your identity. It expires shortly.</p>
<p>{{ .Token }}</p>)"},
    {LetterKind::password_changed_notification, "password_changed_notification", "Your password was changed",
     R"(<h2>Your password was changed</h2>

<p>The password for your account was recently changed.</p>
<p>If you didn't make this change, reset your password and contact support immediately.</p>
)"},
    {LetterKind::email_changed_notification, "email_changed_notification", "Your email address was changed",
     R"(<h2>Your email address was changed</h2>

<p>The email address for your account was changed from {{ .OldEmail }} to {{ .Email }}.</p>
<p>If you didn't make this change, contact support immediately.</p>
)"},
    {LetterKind::phone_changed_notification, "phone_changed_notification", "Your phone number was changed",
     R"(<h2>Your phone number was changed</h2>

<p>The phone number for your account was changed from {{ .OldPhone }} to {{ .Phone }}.</p>
<p>If you didn't make this change, contact support immediately.</p>
)"},
    {LetterKind::identity_linked_notification, "identity_linked_notification",
     "A new sign-in method was linked to your account", R"(<h2>A new sign-in method was linked</h2>

<p>Your {{ .Provider }} account was linked as a new sign-in method for {{ .Email }}.</p>
<p>If you didn't make this change, contact support immediately.</p>
)"},
    {LetterKind::identity_unlinked_notification, "identity_unlinked_notification",
     "A sign-in method was removed from your account", R"(<h2>A sign-in method was removed</h2>

<p>Your {{ .Provider }} account was removed as a sign-in method for {{ .Email }}.</p>
<p>If you didn't make this change, contact support immediately.</p>
)"},
    {LetterKind::mfa_factor_enrolled_notification, "mfa_factor_enrolled_notification",
     "A new verification method was added to your account", R"(<h2>A new verification method was added</h2>

<p>Sign-in verification method {{ .FactorType }} was added to your account.</p>
<p>If you didn't make this change, contact support immediately.</p>
)"},
    {LetterKind::mfa_factor_unenrolled_notification, "mfa_factor_unenrolled_notification",
     "A verification method was removed from your account", R"(<h2>A verification method was removed</h2>

<p>Sign-in verification method {{ .FactorType }} was removed from your account.</p>
<p>If you didn't make this change, contact support immediately.</p>
)"},
}};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (static_cast<std::size_t>(letters[i].kind) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "a letter stands at the place of its kind");

}  // namespace

const DefaultLetter& default_letter(LetterKind kind) noexcept { return letters[static_cast<std::size_t>(kind)]; }

std::string_view name_of(LetterKind kind) noexcept { return default_letter(kind).name; }

}  // namespace bailey::stack::mail
