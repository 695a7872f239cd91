#pragma once

#include <exception>
#include <expected>
#include <string>
#include <string_view>

namespace bailey {

// What went wrong, for a program and for a person: a stable code, a sentence, and the HTTP status that fits it.
//
// It is a value first (`std::expected<T, Error>`, for outcomes a caller routinely meets) and an exception second
// (thrown, it ends a call). In a handler either becomes the right HTTP answer. `what()` is the sentence. It is written
// for the client and may be sent to it: never put a secret or the text of an internal failure into it.
class Error : public std::exception {
 public:
  // `code` is in snake_case or in the form of the system it comes from ("PGRST116", "42501").
  Error(std::string code, std::string message, int http_status = 500)
      : code_(std::move(code)), message_(std::move(message)), http_status_(http_status) {}

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] int http_status() const noexcept { return http_status_; }

  // How an error that no handler catches is answered: with this status, and with the message if `shows_message`; else
  // with the status's phrase, and the message goes to the log. Override it in an error that may be the program's own
  // mistake. Any thread; must not throw.
  struct Answer {
    int status;
    bool shows_message;
    bool is_logged = false;  // log it although the status is below 500, since the program may be the cause as well
    // For a 401 of a call that was made without an identity. Where somebody is signed in to the app, the program has
    // not acted as them, and signing in would not help: the answer is then 403, and logged.
    bool was_asked_as_nobody = false;
  };
  [[nodiscard]] virtual Answer answer() const noexcept { return {http_status_, http_status_ != 500}; }
  // What else the log needs to find the mistake. Never a secret.
  [[nodiscard]] virtual std::string log_details() const { return {}; }

 private:
  std::string code_;
  std::string message_;
  int http_status_;
};

template <class T>
using Expected = std::expected<T, Error>;

}  // namespace bailey
