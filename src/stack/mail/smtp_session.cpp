// A message ends with CRLF.CRLF and nothing else: a bare line feed is text, so nobody can put a second message into one
// that somebody else has relayed ("SMTP smuggling"). Commands may end in a bare one, for people with telnet.
#include "stack/mail/smtp_session.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "stack/mail/transfer_encoding.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::size_t reserve_step = std::size_t{64} * 1024;
constexpr std::size_t path_limit_bytes = 320;

// The first word of `text`, taken off it.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  text = ascii::trim(text);
  return word;
}

// "<anna@example.com>" or "<>", taken off `text`; also without its brackets, as some send it.
std::optional<std::string> take_path(std::string_view& text) {
  std::string_view path;
  text = ascii::trim(text);
  if (text.starts_with('<')) {
    const std::size_t end = text.find('>');
    if (end == std::string_view::npos) return std::nullopt;
    path = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(text.find(' '), text.size());
    path = text.substr(0, end);
    text.remove_prefix(end);
    if (path.empty()) return std::nullopt;
  }
  text = ascii::trim(text);
  // A route in front ("@relay:anna@…") is to be ignored (RFC 5321 appendix C).
  if (path.starts_with('@') && path.contains(':')) path.remove_prefix(path.find(':') + 1);
  const bool is_text = detail::is_utf8(path) && std::ranges::none_of(path, [](char c) {
                         return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '<' || c == '>';
                       });
  if (!is_text || path.size() > path_limit_bytes) return std::nullopt;
  return std::string(path);
}

bool takes(std::string_view& line, std::string_view prefix) {
  if (!ascii::equal_ignoring_case(line.substr(0, prefix.size()), prefix)) return false;
  line.remove_prefix(prefix.size());
  return true;
}

}  // namespace

SmtpSession::SmtpSession(SmtpLimits limits, Take take, Reserve reserve)
    : limits_(limits), take_(std::move(take)), reserve_(std::move(reserve)) {}

void SmtpSession::greet(std::string& out) { out += "220 localhost Bailey mail catcher: nothing is delivered\r\n"; }

void SmtpSession::feed(std::string_view bytes, std::string& out) {
  while (!bytes.empty() && !is_over_) {
    const std::size_t end = bytes.find('\n');
    const bool is_whole = end != std::string_view::npos;
    const std::string_view piece = bytes.substr(0, is_whole ? end + 1 : bytes.size());
    bytes.remove_prefix(piece.size());
    const std::size_t limit = state_ == State::text ? limits_.text_line_bytes : limits_.command_line_bytes;
    if (in_long_line_ || line_.size() + piece.size() > limit) {
      const bool after_cr = in_long_line_ ? dropped_cr_ : line_.ends_with('\r');
      in_long_line_ = !is_whole;
      dropped_cr_ = piece.ends_with('\r');
      line_.clear();
      if (state_ == State::text) {
        at_line_begin_ = piece.ends_with("\r\n") || (piece == "\n" && after_cr);
        too_much_ = "552 5.6.0 a line of the message is too long\r\n";
      } else if (is_whole) {
        refuse("500 5.5.2 the line is too long\r\n", out);
      }
      continue;
    }
    if (!is_whole) {
      line_ += piece;
      continue;
    }
    if (line_.empty()) {
      take_line(piece, out);
    } else {
      line_ += piece;
      const std::string whole = std::exchange(line_, {});
      take_line(whole, out);
    }
  }
}

// With its end.
void SmtpSession::take_line(std::string_view line, std::string& out) {
  if (state_ == State::text) return text_line(line, line.ends_with("\r\n"), out);
  line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
  if (state_ == State::command) return command(line, out);
  const State was = std::exchange(state_, State::command);
  if (line == "*") return refuse("501 5.7.0 as you like\r\n", out);
  std::string answer = from_base64(line);
  if (was == State::auth_login_user) {
    user_ = std::move(answer);
    state_ = State::auth_login_password;
    out += "334 UGFzc3dvcmQ6\r\n";
  } else if (was == State::auth_login_password) {
    authenticated(std::move(user_), out);
  } else {
    authenticate("PLAIN " + std::string(line), out);
  }
}

void SmtpSession::command(std::string_view line, std::string& out) {
  std::string_view rest = ascii::trim(line);
  const std::string verb = ascii::to_lower(take_word(rest));
  if (verb == "ehlo" || verb == "helo") return hello(rest, verb == "ehlo", out);
  if (verb == "noop") {
    out += "250 2.0.0 OK\r\n";
  } else if (verb == "rset") {
    forget_message();
    out += "250 2.0.0 OK\r\n";
  } else if (verb == "quit") {
    out += "221 2.0.0 Bye\r\n";
    is_over_ = true;
  } else if (verb == "vrfy") {
    out += "252 2.5.0 anybody may receive here\r\n";
  } else if (verb == "help") {
    out += "214 2.0.0 EHLO HELO MAIL RCPT DATA RSET NOOP VRFY AUTH QUIT\r\n";
  } else if (verb == "starttls") {
    refuse("502 5.5.1 there is no TLS here: this listens on the loopback interface only\r\n", out);
  } else if (verb == "auth") {
    authenticate(rest, out);
  } else if (verb == "mail") {
    sender(rest, out);
  } else if (verb == "rcpt") {
    recipient(rest, out);
  } else if (verb == "data") {
    data(out);
  } else {
    refuse("500 5.5.1 no such command\r\n", out);
  }
}

void SmtpSession::hello(std::string_view name, bool extended, std::string& out) {
  if (name.empty()) return refuse("501 5.5.4 say your name\r\n", out);
  forget_message();
  has_greeted_ = true;
  if (!extended) {
    out += "250 localhost\r\n";
    return;
  }
  out += "250-localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n";
  out.append("250-AUTH PLAIN LOGIN\r\n250 SIZE ").append(std::to_string(limits_.message_bytes)).append("\r\n");
}

void SmtpSession::sender(std::string_view argument, std::string& out) {
  if (!has_greeted_) return refuse("503 5.5.1 EHLO first\r\n", out);
  if (from_) return refuse("503 5.5.1 there is a sender already\r\n", out);
  if (!takes(argument, "from:")) return refuse("501 5.5.4 MAIL FROM:<address>\r\n", out);
  auto path = take_path(argument);
  if (!path) return refuse("501 5.1.7 that is no address\r\n", out);
  while (!argument.empty()) {
    std::string_view parameter = take_word(argument);
    if (takes(parameter, "size=")) {
      std::size_t size = 0;
      const auto read = std::from_chars(parameter.data(), parameter.data() + parameter.size(), size);
      if (read.ec == std::errc() && size <= limits_.message_bytes) continue;
      return refuse("552 5.3.4 the message is too large\r\n", out);
    }
    const bool known = takes(parameter, "body=") || takes(parameter, "smtputf8") || takes(parameter, "auth=");
    if (!known) return refuse("555 5.5.4 that parameter is not known\r\n", out);
  }
  from_ = std::move(path);
  out += "250 2.1.0 OK\r\n";
}

void SmtpSession::recipient(std::string_view argument, std::string& out) {
  if (!from_) return refuse("503 5.5.1 MAIL FROM first\r\n", out);
  if (!takes(argument, "to:")) return refuse("501 5.5.4 RCPT TO:<address>\r\n", out);
  auto path = take_path(argument);
  if (!path || path->empty()) return refuse("501 5.1.3 that is no address\r\n", out);
  if (!argument.empty()) return refuse("555 5.5.4 that parameter is not known\r\n", out);
  if (to_.size() >= limits_.recipients) return refuse("452 4.5.3 too many recipients\r\n", out);
  to_.push_back(*std::move(path));
  out += "250 2.1.5 OK\r\n";
}

void SmtpSession::data(std::string& out) {
  if (to_.empty()) return refuse("503 5.5.1 RCPT TO first\r\n", out);
  state_ = State::text;
  at_line_begin_ = true;
  out += "354 go on, and end with a line of one dot\r\n";
}

void SmtpSession::authenticate(std::string_view argument, std::string& out) {
  if (!has_greeted_) return refuse("503 5.5.1 EHLO first\r\n", out);
  if (from_) return refuse("503 5.5.1 not within a message\r\n", out);
  const std::string mechanism = ascii::to_lower(take_word(argument));
  if (mechanism == "plain") {
    if (argument.empty()) {
      state_ = State::auth_plain;
      out += "334 \r\n";
      return;
    }
    // authorisation NUL user NUL password (RFC 4616)
    const std::string message = from_base64(argument);
    const std::size_t first = message.find('\0');
    const std::size_t second = first == std::string::npos ? first : message.find('\0', first + 1);
    if (second == std::string::npos) return refuse("501 5.5.2 that is no PLAIN response\r\n", out);
    return authenticated(message.substr(first + 1, second - first - 1), out);
  }
  if (mechanism != "login") return refuse("504 5.5.4 PLAIN or LOGIN\r\n", out);
  if (!argument.empty()) {
    user_ = from_base64(argument);
    state_ = State::auth_login_password;
    out += "334 UGFzc3dvcmQ6\r\n";
    return;
  }
  state_ = State::auth_login_user;
  out += "334 VXNlcm5hbWU6\r\n";
}

void SmtpSession::authenticated(std::string user, std::string& out) {
  user_ = detail::to_utf8(detail::utf8_prefix(user, path_limit_bytes));
  out += "235 2.7.0 anybody may\r\n";
}

void SmtpSession::text_line(std::string_view line, bool is_whole, std::string& out) {
  // A line that a bare line feed ends, or that follows one, is no line of its own.
  const bool at_line_begin = std::exchange(at_line_begin_, is_whole);
  if (at_line_begin && line == ".\r\n") return end_of_text(out);
  if (!too_much_.empty()) return;
  if (at_line_begin && line.starts_with('.')) line.remove_prefix(1);
  if (message_.size() + line.size() > limits_.message_bytes) {
    too_much_ = "552 5.3.4 the message is too large\r\n";
  } else if (message_.size() + line.size() > reserved_) {
    const std::size_t more = std::max(line.size(), reserve_step);
    if (reserve_(more)) {
      reserved_ += more;
    } else {
      too_much_ = "452 4.3.1 too much is being sent at the moment\r\n";
    }
  }
  if (too_much_.empty()) {
    message_ += line;
  } else {
    message_ = {};
  }
}

void SmtpSession::end_of_text(std::string& out) {
  state_ = State::command;
  if (!too_much_.empty()) {
    refuse(too_much_, out);
  } else if (++messages_ > limits_.messages) {
    out += "421 4.7.0 too many messages: connect again\r\n";
    is_over_ = true;
  } else if (take_({*from_, to_, user_}, std::move(message_))) {
    out += "250 2.0.0 caught\r\n";
  } else {
    out += "452 4.3.1 there is no room\r\n";
  }
  forget_message();
}

void SmtpSession::refuse(std::string_view reply, std::string& out) {
  out += reply;
  if (++mistakes_ < limits_.mistakes) return;
  out += "421 4.7.0 too many mistakes\r\n";
  is_over_ = true;
}

void SmtpSession::forget_message() {
  from_.reset();
  to_.clear();
  message_ = {};
  too_much_ = {};
}

}  // namespace bailey::stack::mail
