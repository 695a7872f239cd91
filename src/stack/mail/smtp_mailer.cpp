#include "stack/mail/smtp_mailer.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/sleep.hpp>

#include <algorithm>
#include <atomic>
#include <string_view>
#include <utility>

#include "stack/mail/compose.hpp"
#include "stack/mail/smtp_conversation.hpp"

namespace bailey::stack::mail {
namespace {

using Clock = std::chrono::steady_clock;

// It is put into a URL, where anything else could name another server.
bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '.' || c == '_' || c == ':';
  });
}

std::chrono::milliseconds left_until(Clock::time_point end) {
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()), std::chrono::milliseconds(1));
}

SmtpOptions checked(SmtpOptions options) {
  if (!is_host(options.host)) throw Error("invalid_config", "the host of the mail server must be a name or an address");
  if (!is_host(options.greeting_name)) options.greeting_name = "localhost";
  options.attempts = std::max<std::size_t>(options.attempts, 1);
  return options;
}

}  // namespace

struct SmtpMailer::State {
  explicit State(SmtpOptions given)
      : options(checked(std::move(given))),
        pool({.threads = options.threads,
              .queue_limit = options.waiting_limit,
              .end_timeout = std::chrono::seconds(3)}) {}

  const SmtpOptions options;
  std::atomic<bool> is_ending = false;
  BlockingPool pool;
};

SmtpMailer::SmtpMailer(SmtpOptions options) : state_(std::make_shared<State>(std::move(options))) {}
SmtpMailer::~SmtpMailer() { state_->is_ending = true; }

Task<Expected<void>> SmtpMailer::send(Letter letter) const { return deliver(state_, std::move(letter)); }

Task<Expected<void>> SmtpMailer::deliver(std::shared_ptr<State> state, Letter letter) {
  const Stamp stamp = Stamp::now();
  const Expected<std::string> message = compose(letter, stamp);
  if (!message) co_return std::unexpected(message.error());
  const SmtpOptions& options = state->options;
  const Clock::time_point end = Clock::now() + options.timeout;
  std::chrono::milliseconds pause = options.first_pause;
  for (std::size_t attempt = 1;; ++attempt) {
    SmtpOutcome outcome = co_await attempt_once(*state, letter, *message, end);
    if (!outcome.failure) co_return Expected<void>();
    if (attempt == options.attempts || !outcome.may_be_repeated || pause >= left_until(end)) {
      co_return std::unexpected(*std::move(outcome.failure));
    }
    co_await sleep_for(pause);
    pause *= 2;
  }
}

// The job is waited for, so it may refer to the frame.
Task<SmtpOutcome> SmtpMailer::attempt_once(State& state, const Letter& letter, const std::string& message,
                                           std::chrono::steady_clock::time_point end) {
  const auto job = [&] {
    return converse(state.options, letter.from.address, letter.to, message, left_until(end), state.is_ending);
  };
  try {
    SmtpOutcome outcome = co_await state.pool.run(job);
    co_return outcome;
  } catch (const Error&) {  // of the pool: it is full, or has gone
    co_return SmtpOutcome{Error("mail_unavailable", "Too many letters are waiting to be sent", 503), false};
  }
}

}  // namespace bailey::stack::mail
