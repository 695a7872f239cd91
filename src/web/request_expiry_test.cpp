// How long what was shown for a request is valid, whatever a guard says of it.
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <optional>

using namespace std::chrono_literals;

namespace bailey {
namespace {

std::optional<std::chrono::milliseconds> left_until(UnixSeconds expiry) {
  std::optional<std::chrono::milliseconds> left;
  App app;
  app.use(Guard{.name = "expiring", .admit = [&](Request& request) -> Before {
                  request.expire_at(expiry);
                  left = request.expires_in();
                  return Pass{};
                }});
  app.get("/", [] { return 1; });
  EXPECT_EQ(TestClient(app).get("/").status, 200);
  return left;
}

UnixSeconds since_1970(std::chrono::seconds::rep count) { return UnixSeconds(std::chrono::seconds(count)); }

TEST(RequestExpiry, is_over_a_millisecond_after_whatever_time_has_gone_by) {
  using Limits = std::numeric_limits<std::chrono::seconds::rep>;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (const UnixSeconds past :
       {since_1970(Limits::min()), since_1970(Limits::min() + 1), since_1970(Limits::min() / 2),
        since_1970(Limits::min() / 1000), since_1970(-10'000'000'000), since_1970(-1), since_1970(0), now - 1h, now})
    EXPECT_EQ(left_until(past), 1ms) << past.time_since_epoch().count();
}

TEST(RequestExpiry, is_never_where_no_timer_counts_to_it) {
  using Limits = std::numeric_limits<std::chrono::seconds::rep>;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (const UnixSeconds future : {since_1970(Limits::max()), since_1970(Limits::max() / 1000), now + 24h * 400})
    EXPECT_EQ(left_until(future), std::nullopt) << future.time_since_epoch().count();
  const auto soon = left_until(now + 100s);
  ASSERT_TRUE(soon);
  EXPECT_GT(*soon, 90s);
  EXPECT_LE(*soon, 100s);
}

}  // namespace
}  // namespace bailey
