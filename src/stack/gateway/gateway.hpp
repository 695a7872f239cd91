#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/http/handler.hpp>
#include <bailey/runtime/task.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stack/gateway/api_key.hpp"
#include "stack/gateway/cors.hpp"
#include "stack/gateway/pages.hpp"
#include "stack/gateway/routes.hpp"

namespace bailey::stack::gateway {

struct GatewayOptions {
  bool require_api_key = false;    // hosted projects insist; without a key a request is anon, as with the Supabase CLI
  std::vector<std::string> pages;  // URLs whose pages may use the stack besides those on this machine: see Pages
};

// The one port of the local Supabase: looks at who asks from where, the path's prefix, the API key and the
// Authorization header, and hands on to the service behind. Which prefixes there are is a table, in routes.cpp. /health
// is its own.
class Gateway final : public http::Handler {
 public:
  // All that is referred to outlives the gateway.
  Gateway(const ApiKeys& keys, Services services, GatewayOptions options = {}, const Clock& clock = system_clock())
      : keys_(keys), services_(services), options_(std::move(options)), pages_(options_.pages), clock_(clock) {}

  [[nodiscard]] http::Answer handle(http::Request& request) override;
  [[nodiscard]] http::Response refuse(int status, std::string_view detail, std::string_view target) override;

 private:
  [[nodiscard]] Task<http::Response> forward(const Route& route, Forwarded forwarded, Access access) const;

  const ApiKeys& keys_;
  const Services services_;
  const GatewayOptions options_;
  const Pages pages_;
  const Clock& clock_;
};

}  // namespace bailey::stack::gateway
