#pragma once

#include <bailey/base/error.hpp>

#include <string>
#include <vector>

namespace bailey {

// What a call to Supabase Auth failed with. `code()` is the server's ("invalid_credentials", "weak_password",
// "over_request_rate_limit", …: unknown ones must be expected) or one of ours:
//   unreachable 503, timeout 504    the server could not be asked; `retryable()`
//   provider_unavailable 50x        it answered 500-504 or 520-530; `retryable()`
//   api_key_refused 503             the project does not take the anon key: the operator's fault, and logged
//   unknown                         it answered an error that is none of its forms; the status is kept
//   invalid_response 502            it answered 2xx without what was asked for
//   invalid_credentials 400         the call's own arguments are incomplete (neither e-mail nor phone)
//   invalid_text 400                a text given is not UTF-8; the message names it
//   session_missing 400             the call needs a token and was given none
//   invalid_token, expired_token 401    of get_claims
// Nothing here contains a password, key or token.
class AuthError : public Error {
 public:
  AuthError(std::string code, std::string message, int http_status, std::vector<std::string> weak_password_reasons = {})
      : Error(std::move(code), std::move(message), http_status),
        weak_password_reasons_(std::move(weak_password_reasons)) {}

  // Of "weak_password": "length", "characters", "pwned".
  [[nodiscard]] const std::vector<std::string>& weak_password_reasons() const noexcept {
    return weak_password_reasons_;
  }
  // Whether the same call may succeed later without a change: the server was away, not against it.
  [[nodiscard]] bool retryable() const noexcept;

 private:
  std::vector<std::string> weak_password_reasons_;
};

}  // namespace bailey
