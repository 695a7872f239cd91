#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::auth {

// An error of Supabase Auth: one of GoTrue's error codes, its message and status.
class AuthError : public Error {
 public:
  AuthError(int http_status, std::string code, std::string message)
      : Error(std::move(code), std::move(message), http_status) {}
};

// A password that fails the rules: 422 `weak_password`, with the rules it fails ("length", "characters").
class WeakPassword : public AuthError {
 public:
  WeakPassword(std::string message, std::vector<std::string> reasons)
      : AuthError(422, "weak_password", std::move(message)), reasons_(std::move(reasons)) {}

  [[nodiscard]] const std::vector<std::string>& reasons() const noexcept { return reasons_; }

 private:
  std::vector<std::string> reasons_;
};

// The error as GoTrue answers it: {"code","message"} to clients of the API version 2024-01-01 (header
// X-Supabase-Api-Version) or later, {"code":<status>,"error_code","msg"} to older ones.
[[nodiscard]] http::Response to_response(const AuthError& error, const http::Request& request);

// What other parts throw, in GoTrue's terms: a body over the limit, a database that is away, too many password checks
// at once, values the database cannot hold. Anything else is 500 `unexpected_failure` with this sentence, its own text
// only in the log.
[[nodiscard]] AuthError translate(
    const std::exception& failure, const http::Request& request,
    std::string_view sentence = "Unexpected failure, please check server logs for more information");

}  // namespace bailey::stack::auth
