#include "stack/mail/mail_search.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/time_text.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>

namespace bailey::stack::mail {
namespace {

constexpr std::size_t terms_limit = 32;

using Matches = std::function<bool(const Listed&)>;

// The terms, without their quotes: from:"Anna B" is one.
std::vector<std::string> split(std::string_view query) {
  std::vector<std::string> terms;
  std::string term;
  bool in_quotes = false;
  const auto finish = [&] {
    if (!term.empty() && terms.size() < terms_limit) terms.push_back(term);
    term.clear();
  };
  for (const char c : query) {
    if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ' ' && !in_quotes) {
      finish();
    } else {
      term += c;
    }
  }
  finish();
  return terms;
}

bool contains(std::string_view text, std::string_view lower) { return ascii::to_lower(text).contains(lower); }

bool contains(const std::vector<NamedAddress>& list, std::string_view lower) {
  return std::ranges::any_of(
      list, [&](const NamedAddress& one) { return contains(one.name, lower) || contains(one.address, lower); });
}

using List = std::vector<NamedAddress> CaughtMail::*;

Matches in_lists(std::vector<List> lists, std::string word) {
  return [lists = std::move(lists), word = std::move(word)](const Listed& one) {
    return std::ranges::any_of(lists, [&](List list) { return contains((*one.mail).*list, word); });
  };
}

// "5", "5k", "2MB".
std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t size = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && ascii::is_digit(text[digits]); ++digits) {
    if (digits > 12) return std::nullopt;
    size = size * 10 + static_cast<std::size_t>(text[digits] - '0');
  }
  const std::string_view unit = text.substr(digits);
  if (digits == 0) return std::nullopt;
  if (unit.empty()) return size;
  if (unit == "k" || unit == "kb") return size * 1024;
  if (unit == "m" || unit == "mb") return size * 1024 * 1024;
  return std::nullopt;
}

std::optional<Matches> flag(std::string_view term) {
  if (term == "is:read") return [](const Listed& one) { return one.is_read; };
  if (term == "is:unread") return [](const Listed& one) { return !one.is_read; };
  if (term == "is:tagged") return [](const Listed&) { return false; };
  if (term == "has:attachment" || term == "has:attachments") {
    return [](const Listed& one) { return one.mail->attachments > 0; };
  }
  if (term == "has:inline" || term == "has:inlines") return [](const Listed& one) { return one.mail->inlines > 0; };
  return std::nullopt;
}

std::optional<Matches> comparison(std::string_view name, std::string_view value) {
  if (name == "larger" || name == "smaller") {
    const auto size = parse_size(value);
    if (!size) return std::nullopt;
    const bool larger = name == "larger";
    return [size = *size, larger](const Listed& one) {
      return larger ? one.mail->raw.size() > size : one.mail->raw.size() < size;
    };
  }
  if (name == "before" || name == "after") {
    const auto time = parse_time<std::chrono::milliseconds>(value);
    if (!time) return std::nullopt;
    const bool before = name == "before";
    return [time = *time, before](const Listed& one) {
      return before ? one.mail->created <= time : one.mail->created >= time;
    };
  }
  return std::nullopt;
}

Matches meaning(const std::string& term) {
  if (auto found = flag(term)) return *std::move(found);
  const std::size_t colon = term.find(':');
  if (colon != std::string::npos && colon + 1 < term.size()) {
    const std::string_view name = std::string_view(term).substr(0, colon);
    std::string value = term.substr(colon + 1);
    if (auto found = comparison(name, value)) return *std::move(found);
    if (name == "to") return in_lists({&CaughtMail::to}, std::move(value));
    if (name == "from") return in_lists({&CaughtMail::from}, std::move(value));
    if (name == "cc") return in_lists({&CaughtMail::cc}, std::move(value));
    if (name == "bcc") return in_lists({&CaughtMail::bcc}, std::move(value));
    if (name == "reply-to") return in_lists({&CaughtMail::reply_to}, std::move(value));
    if (name == "addressed") {
      return in_lists({&CaughtMail::to, &CaughtMail::from, &CaughtMail::cc, &CaughtMail::bcc, &CaughtMail::reply_to},
                      std::move(value));
    }
    if (name == "subject") {
      return [value = std::move(value)](const Listed& one) { return contains(one.mail->subject, value); };
    }
    if (name == "message-id") {
      return [value = std::move(value)](const Listed& one) { return contains(one.mail->message_id, value); };
    }
    if (name == "tag") return [](const Listed&) { return false; };
  }
  return [term](const Listed& one) { return one.mail->search_text.contains(term); };
}

}  // namespace

std::vector<Listed> search(std::vector<Listed> mails, std::string_view query) {
  for (const std::string& sent : split(query)) {
    std::string term = ascii::to_lower(sent);
    const bool excludes = term.size() > 1 && (term.front() == '-' || term.front() == '!');
    if (excludes) term.erase(0, 1);
    const Matches matches = meaning(term);
    std::erase_if(mails, [&](const Listed& one) { return matches(one) == excludes; });
  }
  return mails;
}

}  // namespace bailey::stack::mail
