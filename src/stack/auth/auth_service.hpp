#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/runtime/task.hpp>

#include <string>
#include <string_view>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// Supabase Auth, as far as this server has it: the path below /auth/v1 leads to an endpoint, what it throws becomes
// GoTrue's error JSON. Shared by all loops.
class AuthService {
 public:
  // `context` outlives the service.
  explicit AuthService(const AuthContext& context) : context_(context) {}

  // `path` is what follows /auth/v1, from its slash on; it and the request live until the task has ended.
  [[nodiscard]] Task<http::Response> serve(http::Request& request, std::string_view path,
                                           std::string authorization) const;

 private:
  const AuthContext& context_;
};

// Whether the gateway lets requests to this path through without an API key: what a browser is led to, and what
// verifiers and health checks ask for.
[[nodiscard]] bool is_open_path(std::string_view path);

}  // namespace bailey::stack::auth
