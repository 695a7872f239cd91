#include "stack/mail/post.hpp"

#include <utility>

#include "stack/mail/caught_mailer.hpp"
#include "stack/mail/no_mailer.hpp"
#include "stack/mail/smtp_mailer.hpp"

namespace bailey::stack::mail {
namespace {

std::unique_ptr<Mailer> make_mailer(const Config& config, Mailbox& mailbox) {
  const SmtpConfig& smtp = config.auth.email.smtp;
  if (smtp.enabled) {
    SmtpOptions options;
    options.host = smtp.host;
    options.port = smtp.port;
    options.user = smtp.user;
    options.password = smtp.pass;
    return std::make_unique<SmtpMailer>(std::move(options));
  }
  if (config.mailbox.enabled) return std::make_unique<CaughtMailer>(mailbox);
  return std::make_unique<NoMailer>();
}

Sender sender_of(const Config& config) {
  const SmtpConfig& smtp = config.auth.email.smtp;
  if (smtp.enabled) return {smtp.admin_email, smtp.sender_name};
  return {config.mailbox.admin_email, config.mailbox.sender_name};
}

}  // namespace

Task<Expected<void>> Post::send(LetterKind kind, std::string to, LetterVariables variables) const {
  Expected<Written> written = letters.write(kind, variables);
  if (!written) co_return std::unexpected(written.error());
  Letter letter;
  letter.from = from;
  letter.to = std::move(to);
  letter.subject = std::move(written->subject);
  letter.html = std::move(written->html);
  auto sent = co_await mailer->send(std::move(letter));
  co_return sent;
}

Post open_post(Letters letters, const Config& config, Mailbox& mailbox) {
  return {std::move(letters), sender_of(config), make_mailer(config, mailbox)};
}

}  // namespace bailey::stack::mail
