// The leak this client exists to make impossible: many tasks of two users on one loop, each giving the loop away
// between building a request and sending it, and between its requests. Not one row may be another's.
#include "tests/supabase/models.hpp"
#include "tests/supabase/test_project.hpp"

#include <bailey/runtime/loop.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <random>

namespace bailey::test {
namespace {

class Interleaving : public OverBothWays {};
BAILEY_OVER_BOTH_WAYS(Interleaving);

constexpr int tasks = 60;
constexpr int rounds = 6;

struct Tally {
  int running = 0;
  int rows = 0;
  int foreign_rows = 0;
  int failures = 0;
};

Task<> give_way(std::minstd_rand& dice) {
  const unsigned turns = 1 + dice() % 4;
  for (unsigned turn = 0; turn < turns; ++turn) co_await boost::asio::post(Loop::current().executor(), use_task);
}

Task<> act_as(Supabase user, std::string user_id, unsigned seed, Tally* tally) {
  std::minstd_rand dice(seed);
  for (int round = 0; round < rounds; ++round) {
    auto read = user.from("test_cards").select<Card>();
    co_await give_way(dice);
    read.order("id");
    co_await give_way(dice);
    const auto cards = co_await std::move(read);
    for (const Card& card : cards) {
      ++tally->rows;
      tally->foreign_rows += card.user_id.to_string() == user_id ? 0 : 1;
    }
    const NewCard made{user_id, std::nullopt};
    auto write = user.from("test_cards").insert<Card>(made);
    co_await give_way(dice);
    const Card card = co_await std::move(write);
    tally->foreign_rows += card.user_id.to_string() == user_id ? 0 : 1;
    auto remove = user.from("test_cards").delete_<Card>().eq("id", card.id);
    co_await give_way(dice);
    const auto removed = co_await std::move(remove);
    tally->failures += removed.size() == 1 ? 0 : 1;
  }
}

Task<> run_all(Supabase nobody, TestUser alice, TestUser bob, Tally* tally) {
  for (int i = 0; i < tasks; ++i) {
    const TestUser& user = i % 2 == 0 ? alice : bob;
    ++tally->running;
    boost::asio::co_spawn(Loop::current().executor(),
                          act_as(nobody.as(user.token), user.id, static_cast<unsigned>(i) + 1, tally),
                          [tally](std::exception_ptr error) {
                            --tally->running;
                            tally->failures += error ? 1 : 0;
                          });
  }
  while (tally->running > 0) co_await boost::asio::post(Loop::current().executor(), use_task);
}

TEST_P(Interleaving, of_two_users_shows_neither_a_row_of_the_other) {
  Tally tally;
  run_blocking(run_all(nobody(), project().alice(), project().bob(), &tally));
  EXPECT_EQ(tally.foreign_rows, 0);
  EXPECT_EQ(tally.failures, 0);
  EXPECT_GE(tally.rows, tasks * rounds);
}

TEST_P(Interleaving, a_request_outlives_the_handle_it_was_made_from) {
  auto request = [this] {
    const Supabase handle = alice();
    return handle.from("test_cards").select<Card>();
  }();
  EXPECT_EQ(get(std::move(request)).size(), 2);
}

}  // namespace
}  // namespace bailey::test
