#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/http/response.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <optional>
#include <string>
#include <vector>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// How a session was authenticated, as its tokens tell it.
struct AuthenticationMethod {
  std::string method;
  std::int64_t timestamp = 0;
};

// What writes a refresh token of a session; `parent` is the one it succeeds, "" for the first.
[[nodiscard]] pg::Statement insert_refresh_token(const std::string& token, const Uuid& user, const Uuid& session,
                                                 const std::string& parent);

// 12 characters of lower-case base32 from the system's entropy.
[[nodiscard]] std::string new_refresh_token();
// Whether a text has that form.
[[nodiscard]] bool is_refresh_token(std::string_view text);

// What a grant gives out.
struct Grant {
  User user;
  Uuid session_id;
  std::string refresh_token;
  std::vector<AuthenticationMethod> methods;  // newest first
  Maybe<Weakness> weak_password;              // null: looked at, and strong
};

// How a session begins.
struct SignIn {
  Uuid user;
  std::string_view method;  // "password", "anonymous"
  Origin origin;
  // The hash the password was checked against. The session is written only while that is the user's hash still, and
  // they are neither banned nor deleted. nullopt: the user was made in this very transaction.
  std::optional<std::string> checked_hash;
};

// Writes a new session with its method, its first refresh token and the date of the sign-in, and `also`, and reads the
// user as they are then. Takes the user's lock. nullopt, and nothing written, when the user has changed as told above.
[[nodiscard]] Task<std::optional<Grant>> open_session(pg::Transaction& transaction, const AuthContext& context,
                                                      SignIn sign_in, std::vector<pg::Statement> also = {});

// Signs the access token. Throws AuthError 422 `validation_failed` when no server would take it: its user's metadata
// were written by SQL and are too long or nested too deeply.
[[nodiscard]] std::string access_token(const AuthContext& context, const Grant& grant, UnixSeconds now);

// To be called before anything of a user is committed: that the token it will lead to is taken by servers, since a user
// whose token is not is locked out for good. Throws AuthError 422 `validation_failed`.
void require_token_fits(const AuthContext& context, const User& user);

// The same of a change, if it is one of what travels in the token: metadata that SQL has written and that are too long
// are in the way of no ban and no new password.
void require_token_fits(const AuthContext& context, const User& before, const User& user);

// The answer to a grant: the flat session object, with GoTrue's sb-auth-… headers. Throws as access_token does, so it
// is made before the transaction ends.
[[nodiscard]] http::Response to_response(const AuthContext& context, const Grant& grant);

}  // namespace bailey::stack::auth
