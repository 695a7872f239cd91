#include "pg/flight.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace bailey::pg::detail {
namespace {

using enum Arrival;
using Kind = Step::Kind;

// scope prepared and executed, one statement prepared and executed
Flight typical() {
  Flight flight;
  flight.begin(nullptr);
  flight.add({.kind = Kind::prepare, .statement = 1});
  flight.add({.kind = Kind::command, .statement = 1});
  flight.add({.kind = Kind::prepare, .statement = 2});
  flight.add({.kind = Kind::execute, .statement = 2});
  return flight;
}

std::vector<Verdict> verdicts(Flight& flight, const std::vector<Arrival>& arrivals) {
  std::vector<Verdict> all;
  for (const Arrival arrival : arrivals) {
    all.push_back(flight.accept(arrival));
    if (all.back() == Verdict::keep_failure) flight.failure = std::make_unique<SqlErrorFields>();
  }
  return all;
}

TEST(Flight, hands_each_result_to_its_step) {
  Flight flight = typical();
  EXPECT_EQ(verdicts(flight, {success, end, success, end, success, end, success, end, sync}),
            (std::vector{Verdict::proven, Verdict::nothing, Verdict::nothing, Verdict::nothing, Verdict::proven,
                         Verdict::nothing, Verdict::keep_rows, Verdict::nothing, Verdict::finished}));
}

TEST(Flight, knows_what_was_not_prepared_after_a_failure) {
  Flight flight = typical();
  EXPECT_EQ(verdicts(flight, {success, end, failure, end, skipped, end, skipped, end, sync}),
            (std::vector{Verdict::proven, Verdict::nothing, Verdict::keep_failure, Verdict::nothing, Verdict::unproven,
                         Verdict::nothing, Verdict::nothing, Verdict::nothing, Verdict::finished}));
  EXPECT_EQ(flight.failed_step.kind, Kind::command);
  EXPECT_EQ(flight.failed_step.statement, 1U);
}

TEST(Flight, takes_a_failure_at_the_sync_as_the_groups) {
  Flight flight = typical();
  EXPECT_EQ(verdicts(flight, {success, end, success, end, success, end, success, end, failure, end, sync}).back(),
            Verdict::finished);
  EXPECT_TRUE(flight.failure);
}

TEST(Flight, ends_a_script_with_its_end) {
  Flight flight;
  flight.begin(nullptr, Flight::Protocol::simple);
  EXPECT_EQ(verdicts(flight, {success, success, failure, end}),
            (std::vector{Verdict::nothing, Verdict::nothing, Verdict::keep_failure, Verdict::finished}));
}

// Whatever arrives: a flight finishes only if every step had exactly one result and an end, in order.
TEST(Flight, is_broken_by_anything_out_of_order) {
  std::mt19937 random(11);
  for (int round = 0; round < 200'000; ++round) {
    Flight flight = typical();
    std::vector<Arrival> given;
    Verdict verdict = Verdict::nothing;
    while (verdict != Verdict::finished && verdict != Verdict::broken) {
      const auto arrival = static_cast<Arrival>(random() % 6);
      given.push_back(arrival);
      verdict = flight.accept(arrival);
      if (verdict == Verdict::keep_failure) flight.failure = std::make_unique<SqlErrorFields>();
    }
    if (verdict == Verdict::broken) continue;
    bool failed = false;
    for (std::size_t at = 0; at + 1 < given.size(); at += 2) {
      if (at < 8) {
        ASSERT_EQ(given[at], failed ? skipped : given[at] == failure ? failure : success);
      }
      failed = failed || given[at] == failure;
      ASSERT_EQ(given[at + 1], end);
    }
    ASSERT_GE(given.size(), 9U);
    ASSERT_EQ(given.back(), sync);
  }
}

TEST(Flights, keep_their_order_while_the_ring_turns_and_grows) {
  Flights flights;
  std::mt19937 random(3);
  std::chrono::milliseconds pushed{0};
  std::chrono::milliseconds popped{0};
  for (int step = 0; step < 100'000; ++step) {
    if (flights.empty() || (flights.size() < 50 && random() % 2 == 0)) {
      Flight& flight = flights.push();
      flight.begin(nullptr);
      flight.patience = ++pushed;
    } else {
      ASSERT_EQ(flights.front().patience, ++popped);
      ASSERT_EQ(flights[flights.size() - 1].patience, pushed);
      flights.pop();
    }
  }
}

}  // namespace
}  // namespace bailey::pg::detail
