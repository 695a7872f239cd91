#pragma once

#include <bailey/base/base64url.hpp>
#include <bailey/base/secret.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>
#include <string_view>

namespace bailey::test {

// A token signed by another program (HS256): it holds whatever it was given, also what our own keys refuse to sign.
[[nodiscard]] inline std::string token_of_others(const Secret& secret, std::string_view claims) {
  std::string text = base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + '.' + base64url_encode(claims);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const std::string_view key = secret.reveal();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), bytes.data(), &size);
  text += '.';
  text += base64url_encode(std::string_view(reinterpret_cast<const char*>(bytes.data()), size));
  return text;
}

}  // namespace bailey::test
