#include "stack/mail/mailbox_json.hpp"

#include <bailey/base/time_text.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <string>

namespace bailey::stack::mail {
namespace {

json::object address_of(const NamedAddress& one) { return {{"Name", one.name}, {"Address", one.address}}; }

json::array addresses_of(const std::vector<NamedAddress>& list) {
  json::array out;
  for (const NamedAddress& one : list) out.emplace_back(address_of(one));
  return out;
}

json::value first_of(const std::vector<NamedAddress>& list) {
  if (list.empty()) return nullptr;
  return address_of(list.front());
}

json::object attachment_of(const MimePart& part) {
  json::object out;
  out.emplace("PartID", part.id);
  out.emplace("FileName", part.file_name);
  out.emplace("ContentType", part.content_type);
  out.emplace("ContentID", part.content_id);
  out.emplace("Size", part.content().size());
  return out;
}

}  // namespace

json::object summary_of(const CaughtMail& mail, bool is_read) {
  json::object out;
  out.emplace("ID", mail.id);
  out.emplace("MessageID", mail.message_id);
  out.emplace("Read", is_read);
  out.emplace("From", first_of(mail.from));
  out.emplace("To", addresses_of(mail.to));
  out.emplace("Cc", addresses_of(mail.cc));
  out.emplace("Bcc", addresses_of(mail.bcc));
  out.emplace("ReplyTo", addresses_of(mail.reply_to));
  out.emplace("Subject", mail.subject);
  out.emplace("Created", to_text(mail.created));
  out.emplace("Username", mail.envelope.user);
  out.emplace("Tags", json::array());
  out.emplace("Size", mail.raw.size());
  out.emplace("Attachments", mail.attachments);
  out.emplace("Snippet", mail.snippet);
  return out;
}

PartUse use_of(const MimeMessage& message, const MimePart& part) {
  if (&part == message.body_of("text/plain") || &part == message.body_of("text/html")) return PartUse::text;
  return part.content_id.empty() || part.is_attachment ? PartUse::attachment : PartUse::inline_;
}

json::object message_of(const CaughtMail& mail) {
  const MimeMessage message = parse_mime(mail.raw);
  const MimePart* const text = message.body_of("text/plain");
  const MimePart* const html = message.body_of("text/html");
  json::object out;
  out.emplace("ID", mail.id);
  out.emplace("MessageID", mail.message_id);
  out.emplace("From", first_of(mail.from));
  out.emplace("To", addresses_of(mail.to));
  out.emplace("Cc", addresses_of(mail.cc));
  out.emplace("Bcc", addresses_of(mail.bcc));
  out.emplace("ReplyTo", addresses_of(mail.reply_to));
  out.emplace("ReturnPath", mail.envelope.from);
  out.emplace("Subject", mail.subject);
  json::object unsubscribe;
  unsubscribe.emplace("Header", detail::to_utf8(message.field("List-Unsubscribe")));
  unsubscribe.emplace("Links", json::array());
  unsubscribe.emplace("Errors", "");
  unsubscribe.emplace("HeaderPost", detail::to_utf8(message.field("List-Unsubscribe-Post")));
  out.emplace("ListUnsubscribe", std::move(unsubscribe));
  out.emplace("Date", to_text(mail.created));
  out.emplace("Tags", json::array());
  out.emplace("Username", mail.envelope.user);
  out.emplace("Text", text == nullptr ? std::string() : text->text());
  out.emplace("HTML", html == nullptr ? std::string() : html->text());
  out.emplace("Size", mail.raw.size());
  json::array inlines;
  json::array attachments;
  for (const MimePart& part : message.parts) {
    const PartUse use = use_of(message, part);
    if (use == PartUse::inline_) inlines.emplace_back(attachment_of(part));
    if (use == PartUse::attachment) attachments.emplace_back(attachment_of(part));
  }
  out.emplace("Inline", std::move(inlines));
  out.emplace("Attachments", std::move(attachments));
  return out;
}

json::object headers_of(const CaughtMail& mail) {
  json::object out;
  for (const auto& [name, value] : parse_mime(mail.raw).fields) {
    json::value& list = out[detail::to_utf8(name)];
    if (!list.is_array()) list = json::array();
    list.get_array().emplace_back(detail::to_utf8(value));
  }
  return out;
}

json::object list_of(const std::vector<Listed>& found, std::size_t start, std::size_t limit, Mailbox::Counts counts) {
  json::array shown;
  for (std::size_t i = start; i < found.size() && shown.size() < limit; ++i) {
    shown.emplace_back(summary_of(*found[i].mail, found[i].is_read));
  }
  json::object out;
  out.emplace("total", counts.total);
  out.emplace("unread", counts.unread);
  out.emplace("count", shown.size());
  out.emplace("messages_count", found.size());
  out.emplace("messages_unread", std::ranges::count(found, false, &Listed::is_read));
  out.emplace("start", start);
  out.emplace("tags", json::array());
  out.emplace("messages", std::move(shown));
  return out;
}

}  // namespace bailey::stack::mail
