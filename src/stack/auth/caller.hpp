#pragma once

#include <bailey/jwt/claims.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// A signed-in caller.
struct Caller {
  User user;
  std::optional<Uuid> session_id;
  jwt::Claims claims;
};

// Who sends this, checked in GoTrue's order: header, token, subject, user, session, ban. A deleted user is none. Throws
// AuthError.
[[nodiscard]] Task<Caller> require_caller(const AuthContext& context, std::string authorization);

// Locks the caller's row and checks user, session and ban again: all may have changed since. The user as it is now.
// Throws AuthError as above.
[[nodiscard]] Task<User> lock_caller(pg::Transaction& transaction, Uuid user, std::optional<Uuid> session);

// What the handlers of administrators' endpoints take: whoever asks has shown that they are one.
struct Administrator {};

// That the caller holds a token of an administrator's role (the service key). Throws AuthError.
void require_admin(const AuthContext& context, std::string_view authorization);

}  // namespace bailey::stack::auth
