#pragma once

#include <bailey/stack/config.hpp>

#include "stack/project/toml_reader.hpp"

namespace bailey::stack {

// `[inbucket]` or `[local_smtp]`, of the whole document.
void read_mailbox(TomlReader& document, MailboxConfig& mailbox);

// Of `[auth.email]`: smtp, template and notification.
void read_mail(TomlReader& email, AuthEmailConfig& config);

}  // namespace bailey::stack
