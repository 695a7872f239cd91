#pragma once

#include <bailey/web/app.hpp>

#include <string_view>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// Supabase Auth, as far as this server has it: an app, to be mounted in the gateway at /auth/v1 or served by itself.
// Its errors are GoTrue's.
class AuthApp {
 public:
  // `context` outlives the app.
  explicit AuthApp(const AuthContext& context);

  [[nodiscard]] App& app() noexcept { return app_; }

 private:
  App app_;
};

// Whether the gateway lets requests to this path through without an API key: what a browser is led to, and what
// verifiers and health checks ask for.
[[nodiscard]] bool is_open_path(std::string_view path);

}  // namespace bailey::stack::auth
