#include "web/redis_address.hpp"

#include <bailey/base/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace bailey::web_detail {
namespace {

std::string read(const std::string& url) {
  const RedisAddress a = RedisAddress::parse(Secret(url));
  return a.host + " " + std::to_string(a.port) + " " + a.user + " " + std::string(a.password.reveal()) + " " +
         std::to_string(a.database);
}

TEST(RedisAddress, is_read_from_a_url) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"redis://localhost", "localhost 6379   0"},
      {"redis://10.0.0.5:6380/2", "10.0.0.5 6380   2"},
      {"redis://:secret@10.0.0.5/", "10.0.0.5 6379  secret 0"},
      {"redis://me:p%40ss%3Aw@cache.example:6379/15", "cache.example 6379 me p@ss:w 15"},
      {"redis://[::1]:6380", "::1 6380   0"},
      {"redis://[::1]", "::1 6379   0"},
      {"unix:///run/redis.sock", "/run/redis.sock 0   0"},
  };
  for (const auto& [url, expected] : cases) EXPECT_EQ(read(url), expected) << url;
}

TEST(RedisAddress, that_is_none_is_refused_without_being_repeated) {
  for (const char* url : {"", "localhost", "http://canary", "rediss://:canary@host", "redis://", "redis://:canary@",
                          "redis://:canary@host:port", "redis://:canary@host:70000", "redis://:canary@host:0",
                          "redis://:canary@host/one", "redis://canary@host", "redis://:canary%4@host",
                          "redis://:canary%zz@host", "unix://canary", "redis://:canary@[::1"}) {
    try {
      static_cast<void>(RedisAddress::parse(Secret(url)));
      ADD_FAILURE() << url;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "invalid_redis_url") << url;
      EXPECT_EQ(error.message().find("canary"), std::string::npos) << error.message();
    }
  }
}

}  // namespace
}  // namespace bailey::web_detail
