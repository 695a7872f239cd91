#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/jwt/verifier.hpp>
#include <bailey/query/executor.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/task.hpp>

#include "supabase/token_cache.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace bailey::stack::rest {

// A REST answer as HTTP sends it.
[[nodiscard]] http::Response to_response(query::ApiResponse from);

// The REST API: PostgREST's dialect on the project's database. HTTP in, query::Executor, HTTP out. Shared by all loops.
class RestService {
 public:
  RestService(query::Executor executor, std::shared_ptr<const jwt::KeySet> keys, const Clock& clock = system_clock());

  // `path` is what follows /rest/v1, still percent-encoded; `query` what follows the question mark. They and the
  // request live until the task has ended.
  [[nodiscard]] Task<http::Response> serve(http::Request& request, std::string_view path, std::string query,
                                           std::string authorization) const;

 private:
  query::Executor executor_;
  std::shared_ptr<const jwt::KeySet> keys_;
  jwt::Verifier verifier_;
  const Clock& clock_;
  // The tokens that a loop has found good by these keys.
  mutable LoopLocal<detail::TokenCache> known_tokens_;
};

}  // namespace bailey::stack::rest
