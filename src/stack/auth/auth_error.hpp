#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/response.hpp>
#include <bailey/web/request.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::auth {

// What the database said itself, of the errors whose text GoTrue passes on to clients of its older API: what a trigger
// raises, and broken constraints. `detail` is empty where it would show a whole row.
struct DatabaseWords {
  int http_status = 500;
  std::string sqlstate, message, hint, detail;
};

// An error of Supabase Auth: one of GoTrue's error codes, its message and status.
class AuthError : public Error {
 public:
  AuthError(int http_status, std::string code, std::string message, std::optional<DatabaseWords> words = std::nullopt)
      : Error(std::move(code), std::move(message), http_status), database_words_(std::move(words)) {}

  [[nodiscard]] const std::optional<DatabaseWords>& database_words() const noexcept { return database_words_; }

 private:
  std::optional<DatabaseWords> database_words_;
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
// X-Supabase-Api-Version) or later, {"code":<status>,"error_code","msg"} to older ones; and to these the database's own
// words where there are some: {"code":<SQLSTATE>,"message","hint","detail"}.
[[nodiscard]] http::Response to_response(const AuthError& error, const Request& request);

inline constexpr std::string_view unexpected_failure =
    "Unexpected failure, please check server logs for more information";

// What other parts throw, in GoTrue's terms: a body over the limit, a database that is away, too many password checks
// at once, values the database cannot hold. What else the database refuses is 500 `unexpected_failure` with GoTrue's
// sentence for what was being done, its SQLSTATE and text in the log; so is anything else, with the sentence above.
[[nodiscard]] AuthError translate(const std::exception& failure, const Request& request,
                                  std::string_view database_sentence = unexpected_failure);

}  // namespace bailey::stack::auth
