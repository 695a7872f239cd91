#include "stack/auth/rate_limits.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

using namespace std::chrono_literals;

class HandClock : public Clock {
 public:
  [[nodiscard]] UnixSeconds now() const noexcept override { return {}; }
  [[nodiscard]] SteadyTime steady_now() const noexcept override { return time; }
  SteadyTime time{1000h};
};

// How many are let through at once, at most 1000.
int at_once(const RateLimits& limits, Limited what, std::string_view key) {
  for (int count = 0; count < 1000; ++count) {
    try {
      limits.require(what, key);
    } catch (const AuthError& error) {
      EXPECT_EQ(error.http_status(), 429);
      EXPECT_EQ(error.code(), "over_request_rate_limit");
      EXPECT_EQ(error.message(), "Request rate limit reached");
      return count;
    }
  }
  return 1000;
}

TEST(RateLimits, let_thirty_come_at_once_and_then_as_many_as_are_set) {
  HandClock clock;
  const RateLimits limits({.header = "X-Forwarded-For", .sign_in_sign_ups = 60, .token_refresh = 300}, clock);
  EXPECT_EQ(at_once(limits, Limited::sign_up, "a"), 30);
  EXPECT_EQ(at_once(limits, Limited::token, "a"), 30);
  EXPECT_EQ(at_once(limits, Limited::recover, "a"), 30) << "each endpoint has its own";
  clock.time += 50s;
  EXPECT_EQ(at_once(limits, Limited::sign_up, "a"), 10);
  EXPECT_EQ(at_once(limits, Limited::token, "a"), 30);
  EXPECT_EQ(at_once(limits, Limited::sign_up, "b"), 30) << "each address has its own";
}

TEST(RateLimits, are_those_of_gotrue) {
  HandClock clock;
  const RateLimits limits({.header = "X-Forwarded-For", .anonymous_users = 12}, clock);
  EXPECT_EQ(at_once(limits, Limited::anonymous_sign_up, "a"), 12);
  EXPECT_EQ(at_once(limits, Limited::factor_verify, "a"), 30);
  EXPECT_EQ(at_once(limits, Limited::verify, "a"), 30);
  clock.time += 60s;
  EXPECT_EQ(at_once(limits, Limited::anonymous_sign_up, "a"), 0);
  EXPECT_EQ(at_once(limits, Limited::factor_verify, "a"), 15);
  EXPECT_EQ(at_once(limits, Limited::verify, "a"), 6);
  clock.time += 1h;
  EXPECT_EQ(at_once(limits, Limited::anonymous_sign_up, "a"), 12);
}

TEST(RateLimits, that_are_set_to_none_let_the_burst_through_once) {
  HandClock clock;
  const RateLimits limits({.header = "X-Forwarded-For", .web3 = 0}, clock);
  EXPECT_EQ(at_once(limits, Limited::web3, "a"), 30);
  clock.time += 24h;
  EXPECT_EQ(at_once(limits, Limited::web3, "a"), 0);
}

TEST(RateLimits, count_nobody_whose_address_no_header_tells) {
  HandClock clock;
  const RateLimits without({}, clock);
  EXPECT_EQ(without.key_of("192.0.2.1"), "");
  EXPECT_EQ(at_once(without, Limited::verify, "a"), 1000);
  const RateLimits with({.header = "X-Forwarded-For"}, clock);
  EXPECT_EQ(at_once(with, Limited::verify, with.key_of("")), 1000);
  EXPECT_EQ(at_once(with, Limited::verify, with.key_of(" ,192.0.2.1")), 1000);
  EXPECT_EQ(with.key_of("192.0.2.1, 198.51.100.7"), "192.0.2.1");
}

TEST(RateLimits, bound_the_guesses_at_one_account_whatever_is_set) {
  HandClock clock;
  const RateLimits limits({}, clock);
  EXPECT_EQ(at_once(limits, Limited::guess, "ada@example.com"), 30);
  EXPECT_EQ(at_once(limits, Limited::guess, "bob@example.com"), 30);
  clock.time += 1min;
  EXPECT_EQ(at_once(limits, Limited::guess, "ada@example.com"), 6);
}

TEST(RateLimits, let_so_many_messages_be_sent_an_hour) {
  HandClock clock;
  const RateLimits limits({.email_sent = 2, .sms_sent = 0}, clock);
  const auto refusal = [](const auto& send) {
    try {
      send();
    } catch (const AuthError& error) {
      EXPECT_EQ(error.http_status(), 429);
      return error.code() + ": " + error.message();
    }
    return std::string();
  };
  const auto email = [&] { return refusal([&] { limits.require_email(); }); };
  EXPECT_EQ(email(), "");
  clock.time += 59min;
  EXPECT_EQ(email(), "");
  EXPECT_EQ(email(), "over_email_send_rate_limit: email rate limit exceeded");
  clock.time += 1min;
  EXPECT_EQ(email(), "");
  EXPECT_EQ(email(), "");
  EXPECT_EQ(email(), "over_email_send_rate_limit: email rate limit exceeded");
  EXPECT_EQ(refusal([&] { limits.require_sms(); }), "over_sms_send_rate_limit: SMS rate limit exceeded");
}

}  // namespace
}  // namespace bailey::stack::auth
