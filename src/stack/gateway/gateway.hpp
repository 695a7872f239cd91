#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/http/handler.hpp>
#include <bailey/runtime/task.hpp>

#include <string>

#include "stack/auth/auth_service.hpp"
#include "stack/gateway/api_key.hpp"
#include "stack/rest/rest_service.hpp"

namespace bailey::stack::gateway {

// The one port of the local Supabase: looks at the path's prefix, the API key and the Authorization header, and hands
// on to the service behind. /health is its own.
class Gateway final : public http::Handler {
 public:
  // All that is referred to outlives the gateway.
  Gateway(const ApiKeys& keys, const auth::AuthService& auth, const rest::RestService& rest,
          const Clock& clock = system_clock())
      : keys_(keys), auth_(auth), rest_(rest), clock_(clock) {}

  [[nodiscard]] http::Answer handle(http::Request& request) override;

 private:
  [[nodiscard]] Task<http::Response> to_auth(http::Request& request, std::string_view path,
                                             std::string authorization) const;
  [[nodiscard]] Task<http::Response> to_rest(http::Request& request, std::string_view path, std::string query,
                                             std::string authorization) const;

  const ApiKeys& keys_;
  const auth::AuthService& auth_;
  const rest::RestService& rest_;
  const Clock& clock_;
};

}  // namespace bailey::stack::gateway
