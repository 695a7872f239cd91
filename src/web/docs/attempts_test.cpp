#include "web/docs/attempts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace bailey::web_detail {
namespace {

using std::chrono::seconds;

int attempts_until_refused(Attempts& attempts, std::string_view address, Attempts::Time now) {
  int count = 0;
  while (!attempts.count(address, now)) ++count;
  return count;
}

TEST(Attempts, are_ten_at_once_and_then_one_every_six_seconds) {
  Attempts attempts;
  Attempts::Time now{seconds(1000)};
  EXPECT_EQ(attempts_until_refused(attempts, "192.0.2.7", now), 10);
  EXPECT_EQ(attempts.count("192.0.2.7", now), seconds(6));
  now += seconds(5);
  EXPECT_EQ(attempts.count("192.0.2.7", now), seconds(1));
  now += seconds(1);
  EXPECT_EQ(attempts_until_refused(attempts, "192.0.2.7", now), 1);
  now += seconds(3600);
  EXPECT_EQ(attempts_until_refused(attempts, "192.0.2.7", now), 10) << "no more are saved up";
}

TEST(Attempts, of_one_client_are_not_anothers) {
  Attempts attempts;
  const Attempts::Time now{seconds(1000)};
  static_cast<void>(attempts_until_refused(attempts, "192.0.2.7", now));
  int admitted = 0;
  for (int i = 0; i < 20; ++i) admitted += attempts.count("198.51.100." + std::to_string(i), now) ? 0 : 1;
  EXPECT_GE(admitted, 18) << "a place is shared by chance";
}

TEST(Attempts, of_ipv4_clients_are_told_apart_where_a_socket_calls_them_ipv6) {
  Attempts attempts;
  const Attempts::Time now{seconds(1000)};
  EXPECT_EQ(attempts_until_refused(attempts, "::ffff:192.0.2.7", now), 10);
  EXPECT_TRUE(attempts.count("192.0.2.7", now)) << "which is the same client";
  int admitted = 0;
  for (int i = 0; i < 20; ++i) admitted += attempts.count("::ffff:198.51.100." + std::to_string(i), now) ? 0 : 1;
  EXPECT_GE(admitted, 18) << "a place is shared by chance";
}

TEST(Attempts, of_one_ipv6_network_count_together) {
  Attempts attempts;
  const Attempts::Time now{seconds(1000)};
  int admitted = 0;
  for (int i = 1; i <= 40; ++i) admitted += attempts.count("2001:db8::" + std::to_string(i), now) ? 0 : 1;
  EXPECT_EQ(admitted, 10);
}

TEST(Attempts, of_whole_networks_are_refused_rather_than_remembered_one_by_one) {
  Attempts attempts;
  const Attempts::Time now{seconds(1000)};
  int admitted = 0;
  for (int i = 0; i < 10'000; ++i)
    admitted += attempts.count("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250), now) ? 0 : 1;
  EXPECT_LE(admitted, 256 * Attempts::burst);
}

}  // namespace
}  // namespace bailey::web_detail
