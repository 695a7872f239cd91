#pragma once

#include <bailey/jwt/claims.hpp>
#include <bailey/runtime/task.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// The token of an Authorization header "Bearer <token>"; nullopt for any other form.
[[nodiscard]] std::optional<std::string_view> bearer_token(std::string_view authorization);

// A signed-in caller.
struct Caller {
  User user;
  std::optional<Uuid> session_id;
  jwt::Claims claims;
};

// Who sends this, checked in GoTrue's order: header, token, subject, user, session, ban. Throws AuthError.
[[nodiscard]] Task<Caller> require_caller(const AuthContext& context, std::string authorization);

// That the caller holds a token of an administrator's role (the service key). Throws AuthError.
void require_admin(const AuthContext& context, std::string_view authorization);

}  // namespace bailey::stack::auth
