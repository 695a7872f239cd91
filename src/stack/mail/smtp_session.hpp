#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::stack::mail {

// Who a message is from and to, as the conversation said; its header may say otherwise.
struct Envelope {
  std::string from;  // "" of a notice that could not be delivered
  std::vector<std::string> to;
  std::string user{};  // who has authenticated, if anybody
};

struct SmtpLimits {
  std::size_t command_line_bytes = 4096;
  std::size_t text_line_bytes = std::size_t{64} * 1024;
  std::size_t message_bytes = std::size_t{16} * 1024 * 1024;
  std::size_t recipients = 100;
  std::size_t mistakes = 20;  // refused commands, after which the conversation is over
  std::size_t messages = 1000;
};

// The receiving side of SMTP (RFC 5321) as a state machine: bytes in, replies out, messages to whom they are handed. It
// takes what comes and delivers nothing, so everybody may send, with any user and password, and these are neither
// compared nor kept. No I/O.
class SmtpSession {
 public:
  // Called with each message. False: there is no room for it, and its sender is told to come again.
  using Take = std::function<bool(Envelope envelope, std::string message)>;
  // Asks for so many more bytes of memory for a message; those of a session that ends are given back by its owner.
  using Reserve = std::function<bool(std::size_t bytes)>;

  SmtpSession(SmtpLimits limits, Take take, Reserve reserve);

  // Takes what has arrived; what is to be answered is appended to `out`. After `is_over` nothing is taken any more.
  void feed(std::string_view bytes, std::string& out);
  // Whether the connection is to be closed when `out` has been sent.
  [[nodiscard]] bool is_over() const noexcept { return is_over_; }

  static void greet(std::string& out);

 private:
  enum class State { command, auth_plain, auth_login_user, auth_login_password, text };

  void take_line(std::string_view line, std::string& out);
  void command(std::string_view line, std::string& out);
  void hello(std::string_view name, bool extended, std::string& out);
  void sender(std::string_view argument, std::string& out);
  void recipient(std::string_view argument, std::string& out);
  void data(std::string& out);
  void authenticate(std::string_view argument, std::string& out);
  void authenticated(std::string user, std::string& out);
  void text_line(std::string_view line, bool is_whole, std::string& out);
  void end_of_text(std::string& out);
  void refuse(std::string_view reply, std::string& out);
  void forget_message();

  const SmtpLimits limits_;
  const Take take_;
  const Reserve reserve_;
  State state_ = State::command;
  std::string line_;           // the beginning of one whose end has not come
  bool in_long_line_ = false;  // the rest of it is dropped
  bool dropped_cr_ = false;    // the last byte of it so far
  bool at_line_begin_ = true;  // of a text: what came before it ended with CRLF
  bool has_greeted_ = false;
  std::optional<std::string> from_;
  std::vector<std::string> to_;
  std::string user_;
  std::string message_;
  std::size_t reserved_ = 0;
  std::string_view too_much_;  // the reply that ends a message that cannot be taken
  std::size_t mistakes_ = 0;
  std::size_t messages_ = 0;
  bool is_over_ = false;
};

}  // namespace bailey::stack::mail
