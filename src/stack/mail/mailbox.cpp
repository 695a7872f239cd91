#include "stack/mail/mailbox.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/random.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <utility>

#include "stack/mail/html_text.hpp"
#include "stack/mail/mime.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::size_t addresses_limit = 200;
constexpr std::size_t search_limit_bytes = std::size_t{64} * 1024;
constexpr std::size_t snippet_characters = 250;

std::size_t size_of(const CaughtMail& mail) { return mail.raw.size() + mail.search_text.size(); }

// Runs of blanks as one.
std::string in_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = static_cast<unsigned char>(c) <= ' ';
    if (!is_blank) {
      out += c;
    } else if (!out.empty() && !out.ends_with(' ')) {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string beginning(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size() && characters > 0; --characters)
    at += std::max<std::size_t>(detail::utf8_sequence(text, at), 1);
  return std::string(text.substr(0, at));
}

std::vector<NamedAddress> without(const std::vector<std::string>& addresses,
                                  std::initializer_list<const std::vector<NamedAddress>*> known) {
  std::vector<NamedAddress> rest;
  for (const std::string& address : addresses) {
    const bool is_known = std::ranges::any_of(known, [&](const auto* list) {
      return std::ranges::any_of(
          *list, [&](const NamedAddress& one) { return ascii::equal_ignoring_case(one.address, address); });
    });
    if (!is_known) rest.push_back({{}, address});
  }
  return rest;
}

bool is_one_of(const std::optional<std::vector<std::string>>& ids, const CaughtMail& mail) {
  return !ids || std::ranges::find(*ids, mail.id) != ids->end();
}

}  // namespace

CaughtMail read_mail(Envelope envelope, std::string raw) {
  CaughtMail mail;
  mail.id = random_token(16);
  mail.created = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  mail.envelope = std::move(envelope);
  mail.raw = std::move(raw);
  const MimeMessage message = parse_mime(mail.raw);
  std::string_view message_id = ascii::trim(message.field("Message-ID"));
  if (message_id.starts_with('<') && message_id.ends_with('>'))
    message_id = message_id.substr(1, message_id.size() - 2);
  mail.message_id = detail::to_utf8(message_id);
  mail.subject = message.text_of("Subject");
  const auto addresses = [&](std::string_view name) { return parse_addresses(message.field(name), addresses_limit); };
  mail.from = addresses("From");
  if (mail.from.empty() && !mail.envelope.from.empty()) mail.from.push_back({{}, mail.envelope.from});
  mail.to = addresses("To");
  mail.cc = addresses("Cc");
  mail.reply_to = addresses("Reply-To");
  mail.bcc = without(mail.envelope.to, {&mail.to, &mail.cc});
  const MimePart* const text = message.body_of("text/plain");
  const MimePart* const html = message.body_of("text/html");
  for (const MimePart& part : message.parts) {
    if (&part == text || &part == html) continue;
    ++(part.content_id.empty() || part.is_attachment ? mail.attachments : mail.inlines);
  }
  const std::string words = in_one_line(text != nullptr   ? text->text()
                                        : html != nullptr ? text_of_html(html->text())
                                                          : "");
  mail.snippet = beginning(words, snippet_characters);
  mail.search_text = mail.subject;
  for (const auto* list : {&mail.from, &mail.to, &mail.cc, &mail.bcc, &mail.reply_to}) {
    for (const NamedAddress& one : *list) mail.search_text.append(" ").append(one.name).append(" ").append(one.address);
  }
  mail.search_text.append(" ").append(words);
  mail.search_text = ascii::to_lower(detail::utf8_prefix(mail.search_text, search_limit_bytes));
  return mail;
}

bool Mailbox::add(Envelope envelope, std::string raw) {
  const auto mail = std::make_shared<const CaughtMail>(read_mail(std::move(envelope), std::move(raw)));
  bool dropped = false;
  {
    const std::lock_guard lock(mutex_);
    if (size_of(*mail) > limits_.bytes) return false;
    bytes_ += size_of(*mail);
    mails_.push_front({mail, false});
    while (mails_.size() > limits_.messages || bytes_ > limits_.bytes) {
      bytes_ -= size_of(*mails_.back().mail);
      mails_.pop_back();
      dropped = true;
    }
  }
  tell(Change::added, mail.get());
  if (dropped) tell(Change::removed, nullptr);
  return true;
}

std::vector<Listed> Mailbox::all() const {
  const std::lock_guard lock(mutex_);
  return {mails_.begin(), mails_.end()};
}

std::shared_ptr<const CaughtMail> Mailbox::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(mails_, [&](const Listed& one) { return one.mail->id == id; });
  return found == mails_.end() ? nullptr : found->mail;
}

std::shared_ptr<const CaughtMail> Mailbox::latest() const {
  const std::lock_guard lock(mutex_);
  return mails_.empty() ? nullptr : mails_.front().mail;
}

Mailbox::Counts Mailbox::counts() const {
  const std::lock_guard lock(mutex_);
  return {mails_.size(), static_cast<std::size_t>(std::ranges::count(mails_, false, &Listed::is_read))};
}

void Mailbox::mark(const std::optional<std::vector<std::string>>& ids, bool is_read) {
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    for (Listed& one : mails_) {
      if (one.is_read == is_read || !is_one_of(ids, *one.mail)) continue;
      one.is_read = is_read;
      changed = true;
    }
  }
  if (changed) tell(Change::read, nullptr);
}

void Mailbox::remove(const std::optional<std::vector<std::string>>& ids) {
  std::size_t removed = 0;
  {
    const std::lock_guard lock(mutex_);
    removed = std::erase_if(mails_, [&](const Listed& one) {
      if (!is_one_of(ids, *one.mail)) return false;
      bytes_ -= size_of(*one.mail);
      return true;
    });
  }
  if (removed > 0) tell(Change::removed, nullptr);
}

}  // namespace bailey::stack::mail
