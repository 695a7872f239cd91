#pragma once

#include <bailey/base/secret.hpp>

#include <cstdint>
#include <string>

namespace bailey::web_detail {

// Where a Redis is, and who we are there.
struct RedisAddress {
  std::string host;  // or, without a port, the path of a socket
  std::uint16_t port = 0;
  std::string user;
  Secret password;
  unsigned database = 0;

  // Throws Error "invalid_redis_url".
  [[nodiscard]] static RedisAddress parse(const Secret& url);
};

}  // namespace bailey::web_detail
