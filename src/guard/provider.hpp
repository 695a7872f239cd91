#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/jwt/key.hpp>
#include <bailey/jwt/key_set.hpp>
#include <bailey/supabase/supabase.hpp>
#include <bailey/web/app.hpp>
#include "web/served_app.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

// For tests: the two endpoints of Supabase Auth that a guard asks, served for real.
namespace bailey::guard_testing {

inline constexpr std::string_view ada = "8c5d6b9e-6a52-4d5c-9f3e-1f2a3b4c5d6e";
inline constexpr std::string_view secret = "a-secret-of-this-project-only-32-bytes-at-least";

class Provider {
 public:
  explicit Provider(const jwt::Key& key) {
    publish(key);
    app_.get("/auth/v1/.well-known/jwks.json", [this] {
      ++key_fetches;
      const std::lock_guard lock(mutex_);
      return Response::json(200, jwks_);
    });
    app_.get("/auth/v1/user", [this](const Request& request) {
      ++user_fetches;
      const std::string token(request.header("authorization").value_or(""));
      const std::lock_guard lock(mutex_);
      if (token != accepted_)
        return Response::json(403, R"({"code":403,"error_code":"session_not_found","msg":"gone"})");
      return Response::json(200, R"({"id":")" + std::string(ada) +
                                     R"(","aud":"authenticated","role":"authenticated","email":"ada@example.com"})");
    });
    served_ = std::make_unique<web_testing::Served>(app_, 1);
  }

  void publish(const jwt::Key& key) {
    jwt::KeySet keys;
    keys.add(key);
    const std::lock_guard lock(mutex_);
    jwks_ = keys.to_json();
  }
  // The one token that `GET /user` knows.
  void accept(std::string_view token) {
    const std::lock_guard lock(mutex_);
    accepted_ = "Bearer " + std::string(token);
  }
  [[nodiscard]] std::string url() const { return served_->url(); }

  std::atomic<int> key_fetches = 0;
  std::atomic<int> user_fetches = 0;

 private:
  std::mutex mutex_;
  std::string jwks_;
  std::string accepted_;
  App app_;
  std::unique_ptr<web_testing::Served> served_;
};

inline Supabase project_at(const std::string& url) {
  SupabaseOptions options;
  options.url = url;
  options.anon_key = Secret("anon-key");
  return Supabase(std::move(options));
}

inline TokenVerifierOptions verifier_at(const std::string& url) {
  TokenVerifierOptions options;
  options.url = url;
  options.api_key = Secret("anon-key");
  options.key_refresh_floor = std::chrono::seconds(0);
  options.provider_timeout = std::chrono::milliseconds(2000);
  return options;
}

// The claims of a session of Ada's that ends in an hour, or `seconds` from now; `more` is `,"name":…`.
inline std::string claims(std::chrono::seconds left = std::chrono::hours(1), std::string_view role = "authenticated",
                          std::string_view more = {}) {
  const auto now = system_clock().now().time_since_epoch();
  return R"({"sub":")" + std::string(ada) + R"(","aud":"authenticated","role":")" + std::string(role) +
         R"(","email":"ada@example.com","iat":)" + std::to_string((now - std::chrono::hours(2)).count()) +
         R"(,"exp":)" + std::to_string((now + left).count()) + std::string(more) + "}";
}

}  // namespace bailey::guard_testing
