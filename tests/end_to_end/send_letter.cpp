// Sends one letter by our SMTP mailer, as the environment says, and prints what came of it: "sent", or the error's code
// and sentence. For test_letters.py, which runs mail servers of others.
#include <bailey/base/env.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <utility>

#include "stack/mail/smtp_mailer.hpp"

namespace {

using namespace bailey;
using namespace bailey::stack::mail;

std::string value_of(const char* name) { return env::get(name).value_or(""); }

SmtpOptions options() {
  SmtpOptions made;
  made.host = value_of("SMTP_HOST");
  made.port = static_cast<std::uint16_t>(std::stoi(value_of("SMTP_PORT")));
  made.user = value_of("SMTP_USER");
  made.password = Secret(value_of("SMTP_PASS"));
  made.ca_file = value_of("SMTP_CA_FILE");
  made.implicit_tls = value_of("SMTP_TLS") == "implicit";
  made.tls = value_of("SMTP_TLS") == "required" ? SmtpOptions::Tls::required : SmtpOptions::Tls::automatic;
  return made;
}

}  // namespace

int main() try {
  const SmtpMailer mailer(options());
  Letter letter;
  letter.from = {"admin@example.com", "Jürgen \"der\" Müller"};
  letter.to = value_of("LETTER_TO");
  letter.subject = "Grüße an alle, die eine Überschrift lesen wollen, die länger ist als eine Zeile 😀";
  letter.html = "<p>Hello ü</p>\n.\n..two\n" + std::string(3000, 'x');
  letter.text = "Hello\n.\n";
  const Expected<void> sent = run_blocking([&] { return mailer.send(std::move(letter)); });
  std::cout << (sent ? "sent" : sent.error().code() + ": " + sent.error().message()) << '\n';
  return 0;
} catch (const std::exception& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
