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

// Empties `body` if it repeats `secret`. The body of an error may echo the request, such as a proxy's page with our key
// and the user's token; what else of the request it repeats is unknown, so all of it is dropped.
inline void remove_echo(std::string& body, std::string_view secret) {
  if (repeats(body, secret)) body.clear();
}

}  // namespace bailey::client_detail
