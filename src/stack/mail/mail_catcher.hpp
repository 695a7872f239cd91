#pragma once

#include <bailey/http/server.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/stack/config.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/web_socket.hpp>

#include <optional>
#include <string>
#include <vector>

#include "stack/gateway/pages.hpp"
#include "stack/mail/mailbox.hpp"
#include "stack/mail/smtp_server.hpp"

namespace bailey::stack::mail {

// Where the mail of `bailey dev` ends up: the mailbox, its page and API on one port of the loopback interface and,
// where it is wanted, an SMTP server on another.
class MailCatcher {
 public:
  // `pages`: whose hosts the page may be reached under, as with the gateway. The runtime outlives it; it outlives
  // Runtime::run.
  MailCatcher(Runtime& runtime, const MailboxConfig& config, const std::vector<std::string>& pages);
  MailCatcher(const MailCatcher&) = delete;
  MailCatcher& operator=(const MailCatcher&) = delete;
  ~MailCatcher() = default;

  // Listens, if the configuration enables it. Before Runtime::run. Throws Error "address_in_use".
  void start();

  [[nodiscard]] Mailbox& mailbox() noexcept { return mailbox_; }

 private:
  const MailboxConfig config_;
  Mailbox mailbox_;
  const gateway::Pages pages_;
  const WebSocketHub hub_;
  App app_;
  std::optional<http::Server> server_;
  std::optional<SmtpServer> smtp_;
};

}  // namespace bailey::stack::mail
