#pragma once

#include <string_view>

namespace bailey::stack::mail {

// What a mail server has answered so far in one conversation, line by line, as far as curl does not tell: whether it
// takes addresses beyond ASCII, which must be known before one is sent, and what it refused.
class SmtpReplies {
 public:
  // Takes a line as it came.
  void take(std::string_view line) noexcept;

  // The last reply that was a refusal (400 and above); 0: none.
  [[nodiscard]] int refusal() const noexcept { return refusal_; }
  // Whether the server has accepted a sender, in which case `takes_utf8` is known.
  [[nodiscard]] bool has_taken_sender() const noexcept { return has_taken_sender_; }
  [[nodiscard]] bool takes_utf8() const noexcept { return takes_utf8_; }
  // Whether it has asked for the letter's text, from when on it may have it whatever happens.
  [[nodiscard]] bool has_asked_for_text() const noexcept { return has_asked_for_text_; }

 private:
  int refusal_ = 0;
  int successes_ = 0;  // replies 250 since the greeting, or since TLS began
  bool takes_utf8_ = false;
  bool has_taken_sender_ = false;
  bool has_asked_for_text_ = false;
};

}  // namespace bailey::stack::mail
