// GoTrue counts with token buckets; the generic cell rate algorithm of `web` is one, told by a single point in time.
#include "stack/auth/rate_limits.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

#include "stack/auth/auth_error.hpp"
#include "web/rate_table.hpp"

namespace bailey::stack::auth {
namespace {

constexpr std::size_t key_limit = 16'384;
constexpr std::uint32_t usual_burst = 30;

// GoTrue has no limit for one account. With a code of six digits this leaves a hundred machines together one chance in
// a few thousand within the hour it is good.
constexpr RateQuota guesses{.interval = std::chrono::seconds(10), .burst = 30};

RateQuota quota(std::int64_t requests, std::chrono::nanoseconds period, std::uint32_t burst) {
  // None at all: the burst is had once.
  constexpr std::chrono::nanoseconds as_good_as_never = std::chrono::hours(24 * 365);
  return {.interval = requests > 0 ? period / requests : as_good_as_never, .burst = burst};
}

RateQuota quota_of(Limited what, const RateLimitSettings& settings) {
  const auto in_five_minutes = [](std::int64_t requests) {
    return quota(requests, std::chrono::minutes(5), usual_burst);
  };
  switch (what) {
    case Limited::sign_up:
    case Limited::otp:
    case Limited::magic_link:
    case Limited::recover:
    case Limited::resend:
    case Limited::update_user: return in_five_minutes(settings.sign_in_sign_ups);
    case Limited::token: return in_five_minutes(settings.token_refresh);
    case Limited::verify: return in_five_minutes(settings.token_verifications);
    case Limited::anonymous_sign_up:
      return quota(settings.anonymous_users, std::chrono::hours(1),
                   static_cast<std::uint32_t>(std::clamp<std::int64_t>(settings.anonymous_users, 1, 1'000'000)));
    case Limited::factor_challenge:
    case Limited::factor_verify:
      return quota(settings.factor_challenge_and_verify, std::chrono::minutes(1), usual_burst);
    case Limited::sso: return in_five_minutes(settings.sso);
    case Limited::web3: return in_five_minutes(settings.web3);
    case Limited::passkey: return in_five_minutes(settings.passkey);
    case Limited::oauth_client_registration: return in_five_minutes(settings.oauth_client_registration);
    case Limited::guess: break;
  }
  return guesses;
}

}  // namespace

RateLimits::RateLimits(const RateLimitSettings& settings, const Clock& clock)
    : settings_(settings),
      clock_(clock),
      email_(settings.email_sent, clock.steady_now()),
      sms_(settings.sms_sent, clock.steady_now()) {
  for (std::size_t i = 0; i < limited_count; ++i) {
    const auto what = static_cast<Limited>(i);
    if (settings_.header.empty() && what != Limited::guess) continue;
    tables_[i] = std::make_unique<web_detail::RateTable>(quota_of(what, settings_), key_limit);
  }
}

RateLimits::~RateLimits() = default;

void RateLimits::require(Limited what, std::string_view key) const {
  const auto& table = tables_[static_cast<std::size_t>(what)];
  if (key.empty() || !table) return;
  const std::chrono::nanoseconds now = clock_.steady_now().time_since_epoch();
  if (!table->take(key, now.count()).allowed) {
    throw AuthError(429, "over_request_rate_limit", "Request rate limit reached");
  }
}

std::string RateLimits::key_of(std::string_view header_value) const {
  if (settings_.header.empty()) return "";
  return std::string(ascii::trim(header_value.substr(0, header_value.find(','))));
}

void RateLimits::require_email() const {
  if (!email_.take(clock_.steady_now())) {
    throw AuthError(429, "over_email_send_rate_limit", "email rate limit exceeded");
  }
}

void RateLimits::require_sms() const {
  if (!sms_.take(clock_.steady_now())) throw AuthError(429, "over_sms_send_rate_limit", "SMS rate limit exceeded");
}

bool RateLimits::Hourly::take(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  if (const auto hours = std::chrono::floor<std::chrono::hours>(now - since_); hours.count() > 0) {
    since_ += hours;
    count_ = 0;
  }
  if (count_ >= limit_) return false;
  ++count_;
  return true;
}

}  // namespace bailey::stack::auth
