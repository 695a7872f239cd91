#pragma once

#include <bailey/http/response.hpp>
#include <bailey/runtime/task.hpp>

#include "stack/auth/endpoints.hpp"

namespace bailey::stack::auth {

// POST /token?grant_type=refresh_token.
struct RefreshBody {
  std::optional<std::string> refresh_token;
};
[[nodiscard]] Task<http::Response> refresh_grant(const AuthContext& context, const Request& request,
                                                 const RefreshBody& body);

// What is to be done with a refresh token that was presented, from what the database knows of it. Pure.
struct PresentedToken {
  bool revoked = false;
  bool is_parent_of_active = false;          // the session's current token was made from it
  std::chrono::milliseconds since_change{};  // since it was revoked
};
enum class RefreshDecision {
  rotate,       // revoke it, give a new one
  give_active,  // a client's repeated request: the token it has missed
  refuse,       // reuse: refused, and all of the session's tokens with it where rotation is on
};
[[nodiscard]] RefreshDecision decide(const PresentedToken& token, std::chrono::seconds reuse_interval);

}  // namespace bailey::stack::auth
