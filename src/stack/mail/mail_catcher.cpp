#include "stack/mail/mail_catcher.hpp"

#include <chrono>
#include <utility>

#include "stack/mail/mailbox_app.hpp"

namespace bailey::stack::mail {
namespace {

AppOptions app_options() {
  AppOptions options;
  options.title = "Mail";
  options.openapi_path = {};
  options.ready_path = {};
  return options;
}

http::ServerOptions server_options(std::uint16_t port) {
  http::ServerOptions options;
  options.port = port;
  options.connection_limit = 200;
  options.idle_timeout = std::chrono::seconds(75);
  options.shutdown_timeout = std::chrono::seconds(2);
  return options;
}

}  // namespace

MailCatcher::MailCatcher(Runtime& runtime, const MailboxConfig& config, const std::vector<std::string>& pages)
    : config_(config), pages_(pages), app_(app_options()) {
  mailbox_.watch(
      [this](Mailbox::Change change, const CaughtMail* mail) { tell_of(hub_, change, mail, mailbox_.counts()); });
  if (!config_.enabled) return;
  add_mailbox_routes(app_, mailbox_, pages_, hub_);
  server_.emplace(runtime, app_.handler(), server_options(config_.port));
  if (!config_.smtp_port) return;
  SmtpServerOptions options;
  options.port = *config_.smtp_port;
  smtp_.emplace(
      runtime,
      [this](Envelope envelope, std::string message) { return mailbox_.add(std::move(envelope), std::move(message)); },
      std::move(options));
}

void MailCatcher::start() {
  if (server_) server_->start();
  if (smtp_) smtp_->start();
}

}  // namespace bailey::stack::mail
