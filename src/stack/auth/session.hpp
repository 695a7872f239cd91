#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/http/response.hpp>
#include <bailey/runtime/task.hpp>

#include <optional>
#include <string>
#include <vector>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// How a session was authenticated, as its tokens tell it: {"method":"password","timestamp":…}.
struct AuthenticationMethod {
  std::string method;
  std::int64_t timestamp = 0;
};

// A session about to be, with its first refresh token.
struct NewSession {
  Uuid id = Uuid::random();
  std::string refresh_token;

  [[nodiscard]] static NewSession make();
};

// What writes a new session of a user: session, method, refresh token, last sign-in; to be sent in one group.
[[nodiscard]] std::vector<pg::Statement> insert_session(const NewSession& session, const Uuid& user,
                                                        std::string_view method, const Origin& origin);

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
  std::optional<Weakness> weak_password;
};

// Signs the access token. Throws Error when the key cannot sign.
[[nodiscard]] std::string access_token(const AuthContext& context, const Grant& grant, UnixSeconds now);

// The answer to a grant: the flat session object, with GoTrue's sb-auth-… headers.
[[nodiscard]] http::Response to_response(const AuthContext& context, const Grant& grant);

}  // namespace bailey::stack::auth
