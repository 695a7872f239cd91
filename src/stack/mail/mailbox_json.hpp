#pragma once

#include <bailey/model/json.hpp>

#include <cstddef>
#include <vector>

#include "stack/mail/mailbox.hpp"
#include "stack/mail/mime.hpp"

// What the API says of mails, in Mailpit's names, as its clients read them.
namespace bailey::stack::mail {

[[nodiscard]] json::object summary_of(const CaughtMail& mail, bool is_read);

// A message with its texts and its attachments' names.
[[nodiscard]] json::object message_of(const CaughtMail& mail);

// {"From": ["…"], …}: each name once, with all of its values.
[[nodiscard]] json::object headers_of(const CaughtMail& mail);

// A page of a list: `found` are all that match, of which those from `start` are shown.
[[nodiscard]] json::object list_of(const std::vector<Listed>& found, std::size_t start, std::size_t limit,
                                   Mailbox::Counts counts);

// What a part is called where it is downloaded or linked to: whether it is shown as an attachment, one that the text
// refers to, or not at all, since it is the text.
enum class PartUse : std::uint8_t { text, inline_, attachment };
[[nodiscard]] PartUse use_of(const MimeMessage& message, const MimePart& part);

}  // namespace bailey::stack::mail
