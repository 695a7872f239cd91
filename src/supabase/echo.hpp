#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bailey::client_detail {

// Whether a text repeats a secret. Below eight bytes a "token" is no secret but a mistake, and would be found in any
// sentence.
inline bool repeats(std::string_view text, std::string_view secret) {
  constexpr std::size_t least_secret_bytes = 8;
  return secret.size() >= least_secret_bytes && text.contains(secret);
}

// An error's body may echo the request: some proxy's page with our key and the user's token in it. Such a body is
// dropped whole, since what else it repeats nobody knows.
inline void remove_echo(std::string& body, std::string_view secret) {
  if (repeats(body, secret)) body.clear();
}

}  // namespace bailey::client_detail
