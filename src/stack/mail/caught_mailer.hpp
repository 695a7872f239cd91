#pragma once

#include "stack/mail/mailbox.hpp"
#include "stack/mail/mailer.hpp"

namespace bailey::stack::mail {

// Puts letters into a mailbox of this process, as a mail server would.
class CaughtMailer final : public Mailer {
 public:
  // The mailbox outlives it.
  explicit CaughtMailer(Mailbox& mailbox) : mailbox_(mailbox) {}
  [[nodiscard]] Task<Expected<void>> send(Letter letter) const override;

 private:
  Mailbox& mailbox_;
};

}  // namespace bailey::stack::mail
