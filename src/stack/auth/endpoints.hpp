#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/runtime/task.hpp>

#include <string>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// One request to an endpoint. The gateway has put together `authorization`, which may differ from the header sent.
struct Call {
  const AuthContext& context;
  http::Request& request;
  std::string authorization;
  std::string user_id;  // what the path has for {user_id}
};

// The endpoints, a source file each family: info.cpp, signup.cpp, token.cpp, user_endpoint.cpp, logout.cpp,
// admin_users.cpp, user_list.cpp. They throw AuthError and whatever the parts below throw; the service makes answers of
// it. `call` and what it refers to outlive the task.
[[nodiscard]] Task<http::Response> health(const Call& call);
[[nodiscard]] Task<http::Response> settings(const Call& call);
[[nodiscard]] Task<http::Response> key_set(const Call& call);
[[nodiscard]] Task<http::Response> sign_up(const Call& call);
[[nodiscard]] Task<http::Response> token(const Call& call);
[[nodiscard]] Task<http::Response> get_user(const Call& call);
[[nodiscard]] Task<http::Response> update_user(const Call& call);
[[nodiscard]] Task<http::Response> log_out(const Call& call);
[[nodiscard]] Task<http::Response> list_users(const Call& call);
[[nodiscard]] Task<http::Response> create_user(const Call& call);
[[nodiscard]] Task<http::Response> read_user_as_admin(const Call& call);
[[nodiscard]] Task<http::Response> update_user_as_admin(const Call& call);
[[nodiscard]] Task<http::Response> delete_user(const Call& call);

}  // namespace bailey::stack::auth
