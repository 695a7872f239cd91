#include "stack/mail/encoded_word.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/base64url.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <optional>

#include "stack/mail/charset.hpp"
#include "stack/mail/transfer_encoding.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::size_t line_limit = 76;  // of a line that has an encoded word in it
// RFC 2047 allows 75 bytes, and some write longer ones. Without a limit each of many that have no end would be looked
// through to the end of the field.
constexpr std::size_t word_limit = 1000;
constexpr std::string_view word_begin = "=?UTF-8?B?";
constexpr std::string_view word_end = "?=";

bool is_plain(std::string_view text) {
  // "=?" would be read as an encoded word; a blank at either end is lost.
  return !text.contains("=?") && ascii::trim(text).size() == text.size() &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

struct Word {
  std::string_view charset, encoding, text;
  std::size_t size;
};

// The encoded word that `value` begins with.
std::optional<Word> word_at(std::string_view value) {
  if (!value.starts_with("=?")) return std::nullopt;
  value = value.substr(0, word_limit);
  const std::size_t charset_end = value.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= value.size() || value[charset_end + 2] != '?') {
    return std::nullopt;
  }
  const std::size_t text = charset_end + 3;
  const std::size_t end = value.find(word_end, text);
  if (end == std::string_view::npos) return std::nullopt;
  Word word{value.substr(2, charset_end - 2), value.substr(charset_end + 1, 1), value.substr(text, end - text),
            end + word_end.size()};
  word.charset = word.charset.substr(0, word.charset.find('*'));  // a language may follow (RFC 2231)
  const std::string_view all = value.substr(0, word.size);
  if (word.charset.empty() || all.find_first_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
  return word;
}

std::string text_of(const Word& word) {
  if (ascii::equal_ignoring_case(word.encoding, "b")) return from_base64(word.text);
  std::string text(word.text);
  std::ranges::replace(text, '_', ' ');
  return from_quoted_printable(text);
}

bool is_known(const Word& word) {
  return ascii::equal_ignoring_case(word.encoding, "b") || ascii::equal_ignoring_case(word.encoding, "q");
}

}  // namespace

std::string encoded_words(std::string_view text, std::size_t used) {
  if (is_plain(text) && used + text.size() <= 900) return std::string(text);  // RFC 5322: 998 in a line
  std::string out;
  while (!text.empty()) {
    const std::size_t overhead = word_begin.size() + word_end.size();
    const std::size_t room = line_limit > used + overhead + 4 ? line_limit - used - overhead : 4;
    std::string_view part = detail::utf8_prefix(text, std::max<std::size_t>(room / 4 * 3, 4));
    if (part.empty()) part = text.substr(0, 1);  // not UTF-8, which compose() has refused
    out.append(word_begin).append(base64_encode(part)).append(word_end);
    text.remove_prefix(part.size());
    if (!text.empty()) out += "\r\n ";
    used = 1;
  }
  return out;
}

std::string from_encoded_words(std::string_view value) {
  std::string out;
  std::string bytes;  // of words of one set that follow each other: a character may be split between two
  std::string_view charset;
  const auto finish = [&] {
    if (!bytes.empty()) out += to_utf8(bytes, charset);
    bytes.clear();
    charset = {};
  };
  std::size_t at = 0;
  while (at < value.size()) {
    // Blanks between two encoded words are not part of the text.
    const std::size_t next = charset.empty() ? at : std::min(value.find_first_not_of(" \t\r\n", at), value.size());
    const std::optional<Word> word = word_at(value.substr(next));
    if (word && is_known(*word)) {
      if (!ascii::equal_ignoring_case(charset, word->charset)) finish();
      charset = word->charset;
      bytes += text_of(*word);
      at = next + word->size;
      continue;
    }
    finish();
    out += value[at++];
  }
  finish();
  return detail::to_utf8(out);
}

}  // namespace bailey::stack::mail
