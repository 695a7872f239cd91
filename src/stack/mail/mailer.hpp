#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <string>

namespace bailey::stack::mail {

// Who a letter is from: "Admin" <admin@email.com>. The name may be empty, and be any UTF-8.
struct Sender {
  std::string address;
  std::string name{};
};

// One letter to one recipient. Everything is UTF-8, and subject and names are text: what a header needs is made of them
// by compose(). The body holds links and codes that sign somebody in, so it is never logged, nor part of an error.
struct Letter {
  Sender from;
  std::string to;  // an address alone: "anna@example.com"
  std::string subject;
  std::string html;
  std::string text{};  // the same in plain text, for readers without HTML; empty: there is none
};

// Sends letters. An implementation is immutable or locks by itself: any loop may send, several at a time.
//
//   SmtpMailer     a mail server, by SMTP (smtp_mailer.hpp)
//   CaughtMailer   the mailbox of `bailey dev`, where a developer reads them (caught_mailer.hpp)
//   NoMailer       neither: an error (no_mailer.hpp)
class Mailer {
 public:
  Mailer() = default;
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;
  virtual ~Mailer() = default;

  // Returns when somebody else has the letter: a mail server that has accepted it, or the mailbox. Errors, whose texts
  // name neither the recipient nor anything of the letter:
  //   invalid_letter    400  an address that is none, a line break or control character in an address, subject or
  //                          name, text that is not UTF-8, a letter over letter_limit_bytes
  //   mail_refused      502  the server has refused the password, the sender, the recipient or the letter for good
  //                          (5xx), offers no TLS, has a certificate that is not trusted, or takes no address beyond
  //                          ASCII (no SMTPUTF8)
  //   mail_unavailable  503  no server, or it put us off (4xx) each time it was asked, or too many letters wait
  //   mail_timeout      504  it did not answer in time
  // Cancelling the task that awaits ends the call with boost::system::system_error (operation_aborted); the letter may
  // have been sent.
  [[nodiscard]] virtual Task<Expected<void>> send(Letter letter) const = 0;
};

}  // namespace bailey::stack::mail
