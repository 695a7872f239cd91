#include "stack/mail/caught_mailer.hpp"

#include <utility>

#include "stack/mail/compose.hpp"

namespace bailey::stack::mail {

Task<Expected<void>> CaughtMailer::send(Letter letter) const {
  const Stamp stamp = Stamp::now();
  Expected<std::string> message = compose(letter, stamp);
  if (!message) co_return std::unexpected(message.error());
  Envelope envelope;
  envelope.from = letter.from.address;
  envelope.to.push_back(letter.to);
  mailbox_.add(std::move(envelope), *std::move(message));
  co_return Expected<void>();
}

}  // namespace bailey::stack::mail
