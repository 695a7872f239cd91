#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/web/rate_limit.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace bailey {

struct RedisOptions {
  // redis://[[user]:password@]host[:port][/database] or unix:///path/of/the/socket. Escapes (%40) are decoded. There is
  // no TLS: put Redis beside the program, or a tunnel between them.
  Secret url = Secret("redis://127.0.0.1:6379");
  // How long a request waits for Redis at most, connecting included. While Redis is out of order none waits.
  std::chrono::milliseconds timeout{300};
  std::string prefix = "bailey:rate:";  // of all keys
};

// Counts requests in Redis (5 or newer) or Valkey, for all processes that use the same one: what
// RateLimitOptions::store takes. Several limits may share it.
//
//   const auto counts = redis_rate_limits({.url = Secret("redis://:secret@10.0.0.5")});
//   app.use(rate_limit({.requests = 300, .per = 60s, .store = counts}));
//
// Each request is one command, a script that counts as a whole, by the clock of Redis. Each event loop keeps a
// connection, made when it is first needed and again when it was lost, at longer and longer intervals up to five
// seconds. That Redis cannot be asked is logged once, and once when it can be again. A key in Redis is a hash of what
// the limit's key says, and goes by itself when its time is over.
//
// Throws Error "invalid_redis_url"; its text does not repeat the URL.
[[nodiscard]] std::shared_ptr<RateLimitStore> redis_rate_limits(RedisOptions options = {});

}  // namespace bailey
