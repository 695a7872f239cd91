#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/http/response.hpp>
#include <bailey/jwt/verifier.hpp>
#include <bailey/query/executor.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/app.hpp>

#include "supabase/token_cache.hpp"

#include <memory>

namespace bailey::stack::rest {

// A REST answer as HTTP sends it.
[[nodiscard]] http::Response to_response(query::ApiResponse from);

// The REST API: PostgREST's dialect on the project's database, as an app, to be mounted in the gateway at /rest/v1.
// HTTP in, query::Executor, HTTP out.
class RestApp {
 public:
  RestApp(query::Executor executor, std::shared_ptr<const jwt::KeySet> keys, const Clock& clock = system_clock());

  [[nodiscard]] App& app() noexcept { return app_; }

 private:
  [[nodiscard]] Task<Response> serve(const Request& request) const;

  query::Executor executor_;
  std::shared_ptr<const jwt::KeySet> keys_;
  jwt::Verifier verifier_;
  const Clock& clock_;
  // The tokens that a loop has found good by these keys.
  mutable LoopLocal<detail::TokenCache> known_tokens_;
  App app_;
};

}  // namespace bailey::stack::rest
