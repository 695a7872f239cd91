#pragma once

#include <string_view>
#include <vector>

#include "stack/mail/mailbox.hpp"

namespace bailey::stack::mail {

// Those of the mails that a query of Mailpit's means, in their order: words and "quoted phrases", all of which must
// occur; to:, from:, cc:, bcc:, reply-to:, addressed:, subject:, message-id:, is:read, is:unread, has:attachment,
// has:inline, before:, after: (dates), larger:, smaller: (5k, 2M); `-` or `!` in front of one: it must not.
[[nodiscard]] std::vector<Listed> search(std::vector<Listed> mails, std::string_view query);

}  // namespace bailey::stack::mail
