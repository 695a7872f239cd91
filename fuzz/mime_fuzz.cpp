// Messages of strangers: they are taken apart within bounds, what lies in the message stays in it, and all text that
// comes of it is UTF-8. What a letter of ours may say comes back.
#include <bailey/base/utf8.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "stack/mail/address.hpp"
#include "stack/mail/compose.hpp"
#include "stack/mail/encoded_word.hpp"
#include "stack/mail/mailbox.hpp"
#include "stack/mail/mime.hpp"

namespace {

using namespace bailey::stack::mail;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_utf8(std::string_view text) { return bailey::detail::is_utf8(text); }

void take_apart(std::string_view text) {
  const MimeLimits limits;
  const MimeMessage message = parse_mime(text, limits);
  require(message.fields.size() <= limits.header_fields && message.parts.size() <= limits.parts);
  for (const MimePart& part : message.parts) {
    require(part.body.empty() ||
            (part.body.data() >= text.data() && part.body.data() + part.body.size() <= text.data() + text.size()));
    require(is_utf8(part.text()) && is_utf8(part.file_name) && is_utf8(part.content_id));
  }
  Envelope envelope;
  envelope.to.emplace_back("b@example.com");
  const CaughtMail mail = read_mail(std::move(envelope), std::string(text));
  require(is_utf8(mail.subject) && is_utf8(mail.snippet) && is_utf8(mail.message_id));
  for (const NamedAddress& one : mail.from) require(is_utf8(one.name) && is_utf8(one.address));
}

// A subject and a name of a stranger's never become another header.
void send_one(std::string_view text) {
  const std::size_t line = std::min(text.find('\n'), text.size());
  Letter letter;
  letter.from = {"a@example.com", std::string(text.substr(0, line))};
  letter.to = "b@example.com";
  letter.subject = std::string(text.substr(0, line));
  letter.html = std::string(text);
  const auto raw = compose(letter, {std::chrono::sys_seconds(), "id"});
  if (!raw) return;
  const MimeMessage message = parse_mime(*raw);
  require(message.fields.size() == 8 && message.parts.size() == 1);
  require(message.text_of("Subject") == letter.subject);
  const auto from = parse_addresses(message.field("From"), 5);
  require(from.size() == 1 && from[0].address == "a@example.com" && from[0].name == letter.from.name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  take_apart(text);
  send_one(text);
  require(is_utf8(from_encoded_words(text)));
  return 0;
}
