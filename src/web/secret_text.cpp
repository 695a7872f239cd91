// Programs name their parameters as they like, so a name is compared by what it ends in, and without what tells the
// styles apart: case, - and _, brackets, a number behind. Better a log that hides a monkey than one that shows a key.
#include "web/secret_text.hpp"

#include <bailey/base/ascii.hpp>
#include "http/form_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bailey::web_detail {
namespace {

using http::detail::take_form_byte;

constexpr std::array<std::string_view, 6> within{"password", "passwd", "passphrase", "secret", "credential", "apikey"};
constexpr std::array<std::string_view, 14> endings{"token",         "key",     "pwd",       "sig",        "signature",
                                                   "auth",          "jwt",     "otp",       "bearer",     "cookie",
                                                   "authorization", "session", "sessionid", "servicerole"};
// Words that mostly stand in names of other things.
constexpr std::array<std::string_view, 11> whole{
    "code", "authcode", "authorizationcode", "devicecode", "usercode",       "codeverifier",
    "pass", "userpass", "samlresponse",      "tokenhash",  "clientassertion"};

// A name without what does not matter; of a very long one the end.
class Name {
 public:
  void add(char c) noexcept {
    if (!ascii::is_letter(c) && !ascii::is_digit(c)) return;
    if (size_ == text_.size()) {
      std::ranges::copy_n(text_.end() - kept, kept, text_.begin());
      size_ = kept;
    }
    text_[size_++] = ascii::lower(c);
  }
  void clear() noexcept { size_ = 0; }

  [[nodiscard]] bool is_secret() const noexcept {
    std::string_view name(text_.data(), size_);
    while (!name.empty() && ascii::is_digit(name.back())) name.remove_suffix(1);
    return std::ranges::any_of(within, [&](std::string_view word) { return name.contains(word); }) ||
           std::ranges::any_of(endings, [&](std::string_view word) { return name.ends_with(word); }) ||
           std::ranges::find(whole, name) != whole.end();
  }

 private:
  static constexpr std::ptrdiff_t kept = 32;  // more than any word has
  std::array<char, 128> text_;
  std::size_t size_ = 0;
};

// Looks for a JSON Web Token: a JSON object in base64url, which begins with {" as tokens' headers do, and two dots.
class TokenSearch {
 public:
  // Whether one has been found, with this byte as the last that is needed.
  bool take(char c) noexcept {
    constexpr std::string_view beginning = "eyJ";
    constexpr std::size_t shortest = 15;  // {"alg":"…"}
    if (length_ < beginning.size()) {
      const std::size_t begun = c == beginning.front() ? 1 : 0;
      length_ = c == beginning[length_] ? length_ + 1 : begun;
      return false;
    }
    if (ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '_') {
      ++length_;
      return false;
    }
    if (c == '.' && (dots_ > 0 || length_ >= shortest)) return ++dots_ == 2;
    *this = {};
    return false;
  }

 private:
  std::size_t length_ = 0;
  int dots_ = 0;
};

}  // namespace

bool is_secret_name(std::string_view name) noexcept {
  Name letters;
  while (!name.empty()) letters.add(take_form_byte(name));
  return letters.is_secret();
}

bool holds_secret(std::string_view text) noexcept {
  TokenSearch token;
  Name name;
  while (!text.empty()) {
    const char c = take_form_byte(text);
    if (token.take(c)) return true;
    if (c == '=' && !text.empty() && name.is_secret()) return true;
    if (c == '=' || c == '?' || c == '&' || c == '#' || c == ';')
      name.clear();
    else
      name.add(c);
  }
  return false;
}

}  // namespace bailey::web_detail
