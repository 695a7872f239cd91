#pragma once

#include <bailey/stack/config.hpp>

#include <memory>

#include "stack/mail/letters.hpp"
#include "stack/mail/mailbox.hpp"
#include "stack/mail/mailer.hpp"

namespace bailey::stack::mail {

// All that the auth server needs to write to somebody: what, from whom, and by what way. Any thread.
struct Post {
  Letters letters;
  Sender from;
  std::unique_ptr<Mailer> mailer;

  // Writes the letter of that kind and sends it. Errors of Letters::write and Mailer::send.
  [[nodiscard]] Task<Expected<void>> send(LetterKind kind, std::string to, LetterVariables variables) const;
};

// As config.toml has it: by `[auth.email.smtp]`, else into the mailbox, which outlives it, else not at all. Throws
// Error "invalid_config".
[[nodiscard]] Post open_post(Letters letters, const Config& config, Mailbox& mailbox);

}  // namespace bailey::stack::mail
