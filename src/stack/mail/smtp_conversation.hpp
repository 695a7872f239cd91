#pragma once

#include <bailey/base/error.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "stack/mail/smtp_mailer.hpp"

namespace bailey::stack::mail {

struct SmtpOutcome {
  std::optional<Error> failure;  // nothing: the server has taken the message
  bool may_be_repeated = false;  // whether to ask again makes sense, and cannot send the message twice
};

// Whether it is done without TLS where the server does not offer it; see SmtpOptions::Tls.
[[nodiscard]] bool may_go_in_clear(const SmtpOptions& options);

// One attempt to give one message to a mail server. Blocks, `timeout` at most, and ends soon after `is_ending` is set.
[[nodiscard]] SmtpOutcome converse(const SmtpOptions& options, const std::string& from, const std::string& to,
                                   std::string_view message, std::chrono::milliseconds timeout,
                                   const std::atomic<bool>& is_ending);

}  // namespace bailey::stack::mail
