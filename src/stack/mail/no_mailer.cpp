#include "stack/mail/no_mailer.hpp"

namespace bailey::stack::mail {

Task<Expected<void>> NoMailer::send(Letter /*letter*/) const {
  co_return std::unexpected(
      Error("mail_unavailable", "There is no mail server: [auth.email.smtp] and [inbucket] are not enabled", 503));
}

}  // namespace bailey::stack::mail
