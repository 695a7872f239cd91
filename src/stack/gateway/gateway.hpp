#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/web/app.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stack/gateway/api_key.hpp"
#include "stack/gateway/pages.hpp"

namespace bailey::stack::gateway {

struct GatewayOptions {
  bool require_api_key = false;    // hosted projects insist; without a key a request is anon, as with the Supabase CLI
  std::vector<std::string> pages;  // URLs whose pages may use the stack besides those on this machine: see Pages
};

// What stands behind the gateway, and outlives it.
struct Services {
  App& auth;
  App& rest;
};

// The one port of the local Supabase: an app in which the services are mounted, each below its prefix. Its middleware
// looks at who asks from where, the API key and the Authorization header, and leaves the services what they need of
// that (Forwarded). /health is its own, and what is below no prefix is nobody's: 404 in the gateway's form.
class Gateway {
 public:
  // All that is referred to outlives the gateway.
  Gateway(const ApiKeys& keys, Services services, GatewayOptions options = {}, const Clock& clock = system_clock());

  [[nodiscard]] http::Handler& handler() { return app_.handler(); }

 private:
  // Asks for the API key of a service at this prefix, a literal. `is_open` says which paths of the service need none.
  [[nodiscard]] Middleware key_check(std::string_view prefix, bool (*is_open)(std::string_view path)) const;

  const ApiKeys& keys_;
  const GatewayOptions options_;
  const Clock& clock_;
  App app_;
};

}  // namespace bailey::stack::gateway
