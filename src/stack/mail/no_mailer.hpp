#pragma once

#include "stack/mail/mailer.hpp"

namespace bailey::stack::mail {

// Where there is neither a mail server nor a mailbox: each letter is Error "mail_unavailable", which says so, and none
// is lost in silence.
class NoMailer final : public Mailer {
 public:
  [[nodiscard]] Task<Expected<void>> send(Letter letter) const override;
};

}  // namespace bailey::stack::mail
