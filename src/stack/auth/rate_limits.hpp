#pragma once

#include <bailey/base/clock.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace bailey::web_detail {
class RateTable;
}

namespace bailey::stack::auth {

// What is counted apart. Every one has a bucket of its own for each address.
enum class Limited : std::uint8_t {
  sign_up,
  otp,
  magic_link,
  recover,
  resend,
  update_user,
  token,
  verify,
  anonymous_sign_up,
  factor_challenge,
  factor_verify,
  sso,
  web3,
  passkey,
  oauth_client_registration,
  guess,  // codes tried for one account; the key is its address or id
};
inline constexpr std::size_t limited_count = 16;

// How much is let through: [auth.rate_limit] of config.toml and GoTrue's environment, with GoTrue's defaults.
struct RateLimitSettings {
  // Whose value's first part tells clients apart. "": requests are not limited by address, as in GoTrue.
  std::string header{};
  // Per address in five minutes; a burst is 30.
  std::int64_t sign_in_sign_ups = 30, token_refresh = 150, token_verifications = 30, sso = 30, web3 = 30, passkey = 30;
  std::int64_t oauth_client_registration = 10;
  std::int64_t anonymous_users = 30;              // per address and hour, all of them at once
  std::int64_t factor_challenge_and_verify = 15;  // per address and minute
  std::int64_t email_sent = 30, sms_sent = 30;    // of all together, per hour. 0: none
};

// The buckets. Any thread; one for all loops.
class RateLimits {
 public:
  explicit RateLimits(const RateLimitSettings& settings, const Clock& clock = system_clock());
  ~RateLimits();

  // Counts one. Throws AuthError 429 `over_request_rate_limit` when there have been too many of this key.
  void require(Limited what, std::string_view key) const;

  // The key of a request: the first part of the value of `settings.header`, "" when it is not limited.
  [[nodiscard]] std::string key_of(std::string_view header_value) const;
  [[nodiscard]] const std::string& header() const noexcept { return settings_.header; }

  // Counts a message about to be sent. Throws AuthError 429 `over_email_send_rate_limit`, `over_sms_send_rate_limit`.
  void require_email() const;
  void require_sms() const;

 private:
  // So many an hour, counted anew with each hour since the beginning.
  class Hourly {
   public:
    Hourly(std::int64_t limit, SteadyTime now) : limit_(limit), since_(now) {}
    [[nodiscard]] bool take(SteadyTime now);

   private:
    std::mutex mutex_;
    std::int64_t limit_, count_ = 0;
    SteadyTime since_;
  };

  RateLimitSettings settings_;
  const Clock& clock_;
  mutable Hourly email_, sms_;
  std::array<std::unique_ptr<web_detail::RateTable>, limited_count> tables_;
};

}  // namespace bailey::stack::auth
