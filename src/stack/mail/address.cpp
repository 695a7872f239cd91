#include "stack/mail/address.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <cstddef>

#include "stack/mail/encoded_word.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::size_t address_limit_bytes = 254;  // RFC 5321 4.5.3.1.3, without the brackets
constexpr std::size_t local_limit_bytes = 64;

bool is_beyond_ascii(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

bool is_local_character(char c) noexcept {
  return ascii::is_letter(c) || ascii::is_digit(c) || is_beyond_ascii(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~.").contains(c);
}

bool is_domain_character(char c) noexcept {
  return ascii::is_letter(c) || ascii::is_digit(c) || is_beyond_ascii(c) || c == '-' || c == '.';
}

// U+0080 to U+009F, and the separators of lines and paragraphs.
bool has_hidden_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = detail::next_code_point(text, at);
    if ((point >= 0x80 && point < 0xA0) || point == 0x2028 || point == 0x2029) return true;
  }
  return false;
}

// Reads a field's characters, in and out of quotes, comments and angle brackets.
class FieldReader {
 public:
  FieldReader(std::string_view field, std::size_t limit) : field_(field), limit_(limit) {}

  std::vector<NamedAddress> read() {
    for (at_ = 0; at_ < field_.size() && found_.size() < limit_; ++at_) take(field_[at_]);
    finish();
    return std::move(found_);
  }

 private:
  void take(char c) {
    if (c == '\\' && (in_quotes_ || comment_depth_ > 0) && at_ + 1 < field_.size()) {
      ++at_;
      if (comment_depth_ == 0) current() += field_[at_];
    } else if (comment_depth_ > 0) {
      comment_depth_ += c == '(' ? 1 : c == ')' ? -1 : 0;
    } else if (c == '"') {
      in_quotes_ = !in_quotes_;
    } else if (in_quotes_) {
      current() += c;
    } else if (c == '(') {
      ++comment_depth_;
    } else if (c == '<') {
      in_angle_ = true;
      has_angle_ = true;
    } else if (c == '>') {
      in_angle_ = false;
    } else if (in_angle_) {
      address_ += c;
    } else if (c == ',' || c == ';') {
      finish();
    } else if (c == ':') {
      text_.clear();  // the name of a group
    } else {
      text_ += c;
    }
  }

  std::string& current() { return in_angle_ ? address_ : text_; }

  void finish() {
    const std::string_view text = ascii::trim(text_);
    NamedAddress one{has_angle_ ? from_encoded_words(text) : std::string(),
                     detail::to_utf8(has_angle_ ? ascii::trim(address_) : text)};
    if (!one.address.empty() && found_.size() < limit_) found_.push_back(std::move(one));
    text_.clear();
    address_.clear();
    has_angle_ = in_angle_ = in_quotes_ = false;
    comment_depth_ = 0;
  }

  std::string_view field_;
  std::size_t limit_;
  std::size_t at_ = 0;
  std::string text_, address_;
  bool in_quotes_ = false, in_angle_ = false, has_angle_ = false;
  int comment_depth_ = 0;
  std::vector<NamedAddress> found_;
};

}  // namespace

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || text.size() > address_limit_bytes || !detail::is_utf8(text)) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  if (local.empty() || local.size() > local_limit_bytes || domain.empty()) return false;
  if (!std::ranges::all_of(local, is_local_character) || !std::ranges::all_of(domain, is_domain_character))
    return false;
  for (const std::string_view part : {local, domain}) {
    if (part.starts_with('.') || part.ends_with('.') || part.contains("..")) return false;
  }
  return !domain.starts_with('-') && !has_hidden_control(text);
}

bool is_ascii(std::string_view text) noexcept { return std::ranges::none_of(text, is_beyond_ascii); }

std::vector<NamedAddress> parse_addresses(std::string_view field, std::size_t limit) {
  return FieldReader(field, limit).read();
}

}  // namespace bailey::stack::mail
