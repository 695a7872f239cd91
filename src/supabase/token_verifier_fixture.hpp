#pragma once

#include <bailey/base/base64url.hpp>
#include <bailey/jwt/key_set.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/supabase/token_verifier.hpp>

#include "http/client_test_server.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

namespace bailey::test {

// A clock that stands still until it is told otherwise. Any thread.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] UnixSeconds now() const noexcept override { return UnixSeconds(std::chrono::seconds(now_.load())); }
  [[nodiscard]] SteadyTime steady_now() const noexcept override {
    return SteadyTime(std::chrono::seconds(passed_.load()));
  }
  void advance(std::chrono::seconds by) {
    now_ += by.count();
    passed_ += by.count();
  }
  // Sets the wall clock, while no time passes.
  void set(std::chrono::seconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_ = 1900000000;
  std::atomic<std::int64_t> passed_ = 1000;
};

inline constexpr const char* ada = "7d0e1d5e-8a58-4c3e-9a53-0d6f6f3b1a11";

// A token of ada's, good for an hour of the manual clock's.
inline std::string token_of(const jwt::Key& key, std::string_view more = {}) {
  std::string claims = std::string(R"({"sub":")") + ada + R"(","role":"authenticated","exp":1900003600)";
  return key.sign(claims.append(more).append("}")).value();
}

// Supabase Auth as far as a verifier sees it: real HTTP, with the key set and the answer for a user as the test sets
// them.
class Provider {
 public:
  Provider()
      : server([this](const std::string& request) -> std::optional<std::string> {
          if (gate) gate();
          const std::lock_guard lock(mutex_);
          last_request_ = request;
          if (request.starts_with("GET /auth/v1/.well-known/jwks.json ")) return key_answer_;
          if (request.starts_with("GET /auth/v1/user ")) return user_answer_;
          return http::test::RawServer::ok("{}", {}, "404 Not Found");
        }) {}

  void publish(std::initializer_list<jwt::Key> keys) {
    jwt::KeySet set;
    for (const jwt::Key& key : keys) set.add(key);
    answer_keys_with(http::test::RawServer::ok(set.to_json()));
  }
  void answer_keys_with(std::string answer) {
    const std::lock_guard lock(mutex_);
    key_answer_ = std::move(answer);
  }
  void answer_user_with(std::string answer) {
    const std::lock_guard lock(mutex_);
    user_answer_ = std::move(answer);
  }
  [[nodiscard]] std::string last_request() const {
    const std::lock_guard lock(mutex_);
    return last_request_;
  }

  std::function<void()> gate;  // runs before each answer; may block

 private:
  mutable std::mutex mutex_;
  std::string key_answer_ = http::test::RawServer::ok(R"({"keys":[]})");
  std::string user_answer_;
  std::string last_request_;

 public:
  http::test::RawServer server;  // last: its threads use the members above
};

inline std::string code_of(const Expected<Identity>& verdict) { return verdict ? "verified" : verdict.error().code(); }
inline std::string code_of(const std::optional<Expected<Identity>>& verdict) {
  return verdict ? code_of(*verdict) : "not now";
}

}  // namespace bailey::test
