#include "supabase/turnstile.hpp"

#include <bailey/runtime/run_blocking.hpp>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <map>
#include <string>

namespace bailey::detail {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

class TurnstileTest : public testing::Test {
 protected:
  // Goes in, says so in the diary, and stays until it is let out.
  static Task<> visit(TurnstileTest* test, char name, milliseconds patience) {
    Turnstile::Visit visit(test->turnstile, Loop::current());
    const bool inside = co_await visit.enter(patience);
    test->diary += name;
    if (!inside) test->diary += '!';
    while (inside && !test->out.contains(name)) co_await asio::post(use_task);
  }
  void spawn(char name, milliseconds patience = std::chrono::hours(1)) {
    asio::co_spawn(Loop::current().executor(), visit(this, name, patience),
                   asio::bind_cancellation_slot(cancel[name].slot(), [](std::exception_ptr) {}));
  }
  static Task<> settle() {
    for (int turn = 0; turn < 20; ++turn) co_await asio::post(use_task);
  }

  std::shared_ptr<Turnstile> turnstile = std::make_shared<Turnstile>(2);
  std::map<char, asio::cancellation_signal> cancel;
  std::string diary;
  std::string out;
};

TEST_F(TurnstileTest, lets_so_many_in_and_the_others_as_those_leave_in_their_order) {
  run_blocking([this]() -> Task<> {
    for (const char name : {'a', 'b', 'c', 'd', 'e'}) spawn(name);
    co_await settle();
    EXPECT_EQ(diary, "ab");
    out = "b";
    co_await settle();
    EXPECT_EQ(diary, "abc");
    out = "bac";
    co_await settle();
    EXPECT_EQ(diary, "abcde");
    out = "bacde";
    co_await settle();
    spawn('f');
    spawn('g');
    spawn('h');
    co_await settle();
    EXPECT_EQ(diary, "abcdefg");
    out = "bacdefgh";
    co_await settle();
  });
}

TEST_F(TurnstileTest, turns_away_who_has_waited_long_enough) {
  run_blocking([this]() -> Task<> {
    spawn('a');
    spawn('b');
    spawn('c', milliseconds(1));
    while (!diary.ends_with('!')) co_await asio::post(use_task);
    EXPECT_EQ(diary, "abc!");
    spawn('d');
    out = "a";
    co_await settle();
    EXPECT_EQ(diary, "abc!d");
    out = "abd";
    co_await settle();
  });
}

TEST_F(TurnstileTest, forgets_who_is_cancelled_in_line) {
  run_blocking([this]() -> Task<> {
    for (const char name : {'a', 'b', 'c'}) spawn(name);
    co_await settle();
    cancel['c'].emit(asio::cancellation_type::terminal);
    co_await settle();
    spawn('d');
    out = "a";
    co_await settle();
    EXPECT_EQ(diary, "abd");
    out = "abd";
    co_await settle();
  });
}

TEST_F(TurnstileTest, gives_the_place_of_who_is_cancelled_inside_to_the_next) {
  run_blocking([this]() -> Task<> {
    spawn('a');
    spawn('b');
    co_await settle();
    spawn('c');
    co_await settle();
    cancel['b'].emit(asio::cancellation_type::terminal);
    co_await settle();
    EXPECT_EQ(diary, "abc");
    out = "ac";
    co_await settle();
  });
}

TEST_F(TurnstileTest, may_end_with_its_loop_while_some_wait) {
  run_blocking([this]() -> Task<> {
    for (const char name : {'a', 'b', 'c', 'd'}) spawn(name);
    co_await settle();
    EXPECT_EQ(diary, "ab");
  });
}

}  // namespace
}  // namespace bailey::detail
