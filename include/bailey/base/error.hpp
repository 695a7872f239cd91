#pragma once

#include <exception>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace bailey {

// What went wrong, for a program and for a person: a stable code, a sentence, and the HTTP status that fits it.
//
// It is a value first (`std::expected<T, Error>`, for outcomes a caller routinely meets) and an exception second
// (thrown, it ends a call). In a handler either becomes the right HTTP answer. `what()` is the sentence. It is written
// for the client and may be sent to it: never put a secret or the text of an internal failure into it.
//
// How it is answered and what is logged are data of it, as all the rest: what derives from it says them to this
// constructor, and they stay what they are where it is copied as an Error, into an Expected as well.
class Error : public std::exception {
 public:
  // How an error that no handler catches is answered: with this status, and with the message if `shows_message`; else
  // with the status's phrase, and the message goes to the log.
  struct Answer {
    int status;
    bool shows_message;
    bool is_logged = false;  // log it although the status is below 500, since the program may be the cause as well
    // For a 401 of a call that was made without an identity. Where somebody is signed in to the app, the program has
    // not acted as them, and signing in would not help: the answer is then 403, and logged.
    bool was_asked_as_nobody = false;
  };

  // `code` is in snake_case or in the form of the system it comes from ("PGRST116", "42501"). The answer is
  // `http_status`, with the message unless that is 500.
  Error(std::string code, std::string message, int http_status = 500)
      : Error(std::move(code), std::move(message), http_status, {http_status, http_status != 500}) {}
  // For an error that is answered otherwise, such as one that may be the program's own mistake. `log_details` is what
  // else the log needs to find the mistake. Never a secret.
  Error(std::string code, std::string message, int http_status, Answer answer, std::string log_details = {})
      : code_(std::move(code)),
        message_(std::move(message)),
        log_details_(std::move(log_details)),
        http_status_(http_status),
        answer_(answer) {}

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] int http_status() const noexcept { return http_status_; }

  [[nodiscard]] Answer answer() const noexcept { return answer_; }
  [[nodiscard]] const std::string& log_details() const noexcept { return log_details_; }

 private:
  std::string code_;
  std::string message_;
  std::string log_details_;
  int http_status_;
  Answer answer_;
};

template <class T>
using Expected = std::expected<T, Error>;

}  // namespace bailey
