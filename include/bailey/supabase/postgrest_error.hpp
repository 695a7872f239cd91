#pragma once

#include <bailey/base/error.hpp>

#include <string>

namespace bailey {

// What a database call failed with, the same over HTTP and over the direct path.
//
// `code()` is PostgREST's ("PGRST116": not exactly one row), PostgreSQL's ("42501": row-level security, "23505":
// duplicate key), or one of ours:
//   unreachable 503, timeout 504       the server could not be asked or did not answer; worth another try later
//   api_key_refused 503                over HTTP: the project does not take the key of the options; logged
//   provider_unavailable 503           directly: the token could not be checked
//   response_too_large 502             more than SupabaseOptions::response_limit_bytes; a write may have been done
//   row_mismatch 500                   a row does not fit the type it was asked for; details name the members
//   missing_setting 500                service_role without its key; database() without a database_url
//   unverified_token 500               database() of a token that can only be verified by asking
//   22021 400                          text that is not UTF-8, unsent; details say where it stands
//   misuse 500                         a call that cannot mean what it says, such as a `not_()` that negates nothing
// A handler may leave it unhandled. It is then answered with its own status if the request can be the cause (a policy,
// a constraint, a value, a token, not exactly one row); with 500 if the program asked for something wrong, such as an
// unknown name; with 504 if the statement's time was up. An error that the request did not cause is logged with code,
// message and details; so is a missing right (42501) that does not come of a policy. In a signed-in user's request, a
// right that `anon` lacks is answered 403 instead of 401 and logged: the handler has used a handle that is not the
// user's.
//
// `message()`, `details()` and `hint()` come from the server and never contain a key or token of ours.
class PostgrestError : public Error {
 public:
  PostgrestError(std::string code, std::string message, int http_status, std::string details = {},
                 std::string hint = {});

  // Both are empty when the server sent none. Details that are not a string are given as JSON text.
  [[nodiscard]] const std::string& details() const noexcept { return log_details(); }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  std::string hint_;
};

}  // namespace bailey
