#pragma once

#include <bailey/web/router.hpp>

#include <string>

#include "stack/auth/auth_context.hpp"
#include "stack/auth/auth_error.hpp"
#include "stack/auth/caller.hpp"
#include "stack/auth/sent.hpp"

namespace bailey::stack::auth {

// The endpoints, a source file each family, which is a router of the app. Their handlers take what they need:
//
//   const AuthContext&      settings, keys, database, passwords
//   const Caller&           who is signed in; refused in GoTrue's words when nobody is, before the body is read
//   const Administrator&    that who asks holds the service key
//   Sent<Model>             the body
//   const Request&          for origin_of, requested_audience and query_of
//
// They throw AuthError and whatever the parts below throw; the app makes GoTrue's answers of it (auth_app.cpp).
[[nodiscard]] Router info_routes();
[[nodiscard]] Router sign_up_routes();
[[nodiscard]] Router token_routes();
[[nodiscard]] Router user_routes();
[[nodiscard]] Router logout_routes();
[[nodiscard]] Router admin_user_routes();
[[nodiscard]] Router user_list_routes();

// Options of a route: what GoTrue says there when the database refuses a statement.
[[nodiscard]] RouteOptions when_refused(std::string database_sentence);

}  // namespace bailey::stack::auth
