#include <bailey/base/secret.hpp>

#include <openssl/crypto.h>

#include <utility>

namespace bailey {

void wipe(std::string& text) noexcept {
  // The whole capacity: a string that shrank keeps its tail.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

// A short text lives inside the string object, so moving it leaves the bytes behind in the source.
Secret::Secret(std::string text) noexcept : text_(std::move(text)) { wipe(text); }

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) *this = Secret(other);
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(text_);
    text_.swap(other.text_);
    wipe(other.text_);
  }
  return *this;
}

Secret::~Secret() { wipe(text_); }

bool Secret::equals(std::string_view other) const noexcept { return equal_in_constant_time(text_, other); }

}  // namespace bailey
