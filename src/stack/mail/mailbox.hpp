#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/mail/address.hpp"
#include "stack/mail/smtp_session.hpp"

namespace bailey::stack::mail {

// A message that was caught, and what a list shows of it. Immutable, and shared with those who read it.
struct CaughtMail {
  std::string id;  // 22 characters that are safe in a URL
  std::chrono::sys_time<std::chrono::milliseconds> created;
  Envelope envelope;
  std::string raw;

  std::string message_id, subject;
  std::vector<NamedAddress> from, to, cc, bcc, reply_to;
  std::size_t attachments = 0, inlines = 0;
  std::string snippet;      // the text's beginning, at most 250 characters
  std::string search_text;  // names, addresses, subject and text, in lower case
};

// Takes a message apart as far as a list needs it.
[[nodiscard]] CaughtMail read_mail(Envelope envelope, std::string raw);

struct Listed {
  std::shared_ptr<const CaughtMail> mail;
  bool is_read = false;
};

struct MailboxLimits {
  std::size_t messages = 500;
  std::size_t bytes = std::size_t{64} * 1024 * 1024;  // of all messages; one that is larger by itself is refused
};

// The messages that were caught, the newest first, in memory: they go with the process, and the oldest when there are
// too many. Any thread.
class Mailbox {
 public:
  enum class Change : std::uint8_t { added, read, removed };
  // Called after each change, with the message where it is one alone (null: several); on the thread that made it, and
  // not while the mailbox is locked.
  using Watcher = std::function<void(Change change, const CaughtMail* mail)>;

  explicit Mailbox(MailboxLimits limits = {}) : limits_(limits) {}

  // Before anybody else uses it.
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }

  // False when it is too large to be kept at all.
  bool add(Envelope envelope, std::string raw);

  [[nodiscard]] std::vector<Listed> all() const;
  [[nodiscard]] std::shared_ptr<const CaughtMail> find(std::string_view id) const;
  [[nodiscard]] std::shared_ptr<const CaughtMail> latest() const;
  struct Counts {
    std::size_t total, unread;
  };
  [[nodiscard]] Counts counts() const;

  // Those of these ids; nullopt: all.
  void mark(const std::optional<std::vector<std::string>>& ids, bool is_read);
  void remove(const std::optional<std::vector<std::string>>& ids);

 private:
  void tell(Change change, const CaughtMail* mail) const {
    if (watcher_) watcher_(change, mail);
  }

  const MailboxLimits limits_;
  Watcher watcher_;
  mutable std::mutex mutex_;
  std::deque<Listed> mails_;  // the newest first
  std::size_t bytes_ = 0;
};

}  // namespace bailey::stack::mail
