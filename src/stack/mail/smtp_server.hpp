#pragma once

#include <bailey/runtime/runtime.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "stack/mail/smtp_session.hpp"

namespace bailey::stack::mail {

struct SmtpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the system picks one, see SmtpServer::port
  std::size_t connections = 50;
  std::size_t memory_bytes = std::size_t{64} * 1024 * 1024;  // of all messages that are on their way
  std::chrono::milliseconds idle_timeout{60'000};            // without a byte, either way
  std::chrono::milliseconds session_timeout{300'000};
  SmtpLimits limits{};
};

// Receives mail by SMTP on one loop, and hands each message on.
class SmtpServer {
 public:
  // The runtime outlives it, and it outlives Runtime::run; `take` may be called until then.
  SmtpServer(Runtime& runtime, SmtpSession::Take take, SmtpServerOptions options = {});
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  // Binds and listens; conversations begin when the runtime runs and end when it stops. Before Runtime::run. Throws
  // Error "address_in_use" or "address_unavailable".
  void start();
  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the conversations
};

}  // namespace bailey::stack::mail
