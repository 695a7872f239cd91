#pragma once

#include <bailey/base/secret.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "stack/mail/mailer.hpp"

namespace bailey::stack::mail {

// A mail server, and how much of our time it gets.
struct SmtpOptions {
  std::string host;  // a name or an address
  std::uint16_t port = 587;
  bool implicit_tls = false;  // TLS from the first byte, as on port 465, where it is always so; else by STARTTLS
  std::string user{};         // empty: no AUTH
  Secret password{};
  // Whether the conversation may go on without TLS where the server does not offer STARTTLS.
  //   automatic  only without a user, or on this machine's loopback: a password does not go over a network in clear
  //   required   never
  enum class Tls : std::uint8_t { automatic, required };
  Tls tls = Tls::automatic;
  std::string ca_file{};  // PEM; "": the system's
  std::string greeting_name = "localhost";
  std::chrono::milliseconds connect_timeout{5000};  // name lookup, TCP and TLS together
  std::chrono::milliseconds timeout{15'000};        // of a letter: all attempts, their pauses, and the wait for a place
  // A server that is busy (4xx) or cannot be reached is asked so often, with twice the pause each time. One that broke
  // off after it had been given the letter is not: it may have it.
  std::size_t attempts = 3;
  std::chrono::milliseconds first_pause{500};
  unsigned threads = 4;            // letters at a time
  std::size_t waiting_limit = 64;  // further ones, beyond which they are refused
};

struct SmtpOutcome;

// Sends by SMTP (RFC 5321), by libcurl on threads of its own. A connection a letter. Certificates are always verified.
// A task that is cancelled waits until its letter has been sent or given up.
class SmtpMailer final : public Mailer {
 public:
  // Throws Error "invalid_config" for a host or a name that cannot be one.
  explicit SmtpMailer(SmtpOptions options);
  ~SmtpMailer() override;

  [[nodiscard]] Task<Expected<void>> send(Letter letter) const override;

 private:
  struct State;
  [[nodiscard]] static Task<Expected<void>> deliver(std::shared_ptr<State> state, Letter letter);

  [[nodiscard]] static Task<SmtpOutcome> attempt_once(State& state, const Letter& letter, const std::string& message,
                                                      std::chrono::steady_clock::time_point end);

  std::shared_ptr<State> state_;  // shared with letters under way
};

}  // namespace bailey::stack::mail
