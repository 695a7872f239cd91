#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/web/middleware.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bailey {

// Whom a request counts for: those of one text share a limit. Nullopt: it is not limited. Called on all threads at
// once.
using RateLimitKey = std::function<std::optional<std::string>(const Request&)>;

// The client's address (Request::client_address; of IPv6 its /64, which is what one customer has). Behind a proxy that
// is the proxy's unless proxy_headers stands before.
[[nodiscard]] RateLimitKey by_client_address();
// The signed-in user, and the client's address where there is none. To be used behind the guard, as on a route or a
// router.
[[nodiscard]] RateLimitKey by_user();

// One request each `interval` on average, and `burst` at once after a pause.
struct RateQuota {
  std::chrono::nanoseconds interval{};
  std::uint32_t burst = 1;
};
struct RateVerdict {
  bool allowed = true;
  std::uint32_t remaining = 0;             // that could come at once now
  std::chrono::nanoseconds retry_after{};  // of one that is not allowed
  std::chrono::nanoseconds reset_after{};  // until all of the burst is there again
};

// Where several processes count together. Shared by all loops.
class RateLimitStore {
 public:
  virtual ~RateLimitStore() = default;
  // Counts one request for `key`, atomically. Throws an Error when it cannot be told.
  [[nodiscard]] virtual Task<RateVerdict> take(std::string key, RateQuota quota) = 0;
};

struct RateLimitOptions {
  std::uint32_t requests = 100;
  std::chrono::milliseconds per{60'000};
  std::uint32_t burst = 0;  // how many may come at once; 0: all `requests`
  RateLimitKey key = by_client_address();
  // What tells this limit from others, in answers and in the store: letters, digits, - and _.
  std::string name = "default";
  // How many keys are known at a time, at 16 bytes each. With more, those that have asked least are forgotten. Where as
  // many are held back at a time, one of them is freed for each that comes, and each that comes is let in once alone.
  std::size_t key_limit = 65'536;
  // Null: requests are counted in this process, on all its loops together.
  std::shared_ptr<RateLimitStore> store = nullptr;
  // What becomes of requests while the store does not answer.
  enum class Outage { let_pass, refuse };
  Outage outage = Outage::let_pass;
};

// Lets each client ask so often, on an app, a router or a route: each use counts by itself.
//
//   app.use(rate_limit({.requests = 300, .per = 60s}));
//   app.post("/login", login, {.middleware = {rate_limit({.requests = 5, .per = 60s, .name = "login"})}});
//
// Beyond it a request is answered 429 with Retry-After, before its body is read. Every answer says what is left
// (RateLimit-Policy and RateLimit, draft-ietf-httpapi-ratelimit-headers). A limit refills steadily, as a token bucket
// does (it is the generic cell rate algorithm): there is no moment at which everybody's begins anew. The health check
// is not counted. While a store is out of order requests pass, or get 503 with Retry-After, as `outage` says.
//
// Throws Error "invalid_rate_limit" for a limit that lets nothing pass, or is longer than a year.
[[nodiscard]] Middleware rate_limit(RateLimitOptions options);

}  // namespace bailey
