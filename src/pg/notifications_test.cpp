#include <bailey/pg/notifications.hpp>

#include "pg/database_fixture.hpp"

#include <bailey/runtime/task_group.hpp>
#include <bailey/runtime/when.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace bailey::pg {
namespace {

using namespace std::chrono_literals;
using test::code_of;

class NotificationsTest : public test::DatabaseTest {
 protected:
  // Runs the body beside the notifications, which end with it.
  template <class Body>
  void run_beside(Notifications& notifications, Body body) {
    run_blocking([&]() -> Task<> { co_await notifications.run_while(body()); });
  }
  void break_listeners() {
    server().execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = '" + name() +
        "'");
  }
};

TEST_F(NotificationsTest, reach_everybody_who_has_subscribed_to_their_channel) {
  const Database database(options());
  Notifications notifications(database, {"a", "b"});
  run_beside(notifications, [&]() -> Task<> {
    auto first = co_await notifications.subscribe("a");
    auto second = co_await notifications.subscribe("a");
    auto other = co_await notifications.subscribe("b");
    co_await database.run("select pg_notify('a', 'one'), pg_notify('b', 'other'), pg_notify('a', 'two')");
    for (const auto* each : {&first, &second}) {
      EXPECT_EQ(co_await each->next(), "one");
      EXPECT_EQ(co_await each->next(), "two");
    }
    EXPECT_EQ(co_await other.next(), "other");
    EXPECT_EQ(database.stats().connections, 2U) << "one listens for all, and one has notified";
  });
}

TEST_F(NotificationsTest, that_are_lost_with_the_connection_are_said_to_be) {
  const Database database(options());
  Notifications notifications(database, {"a"});
  run_beside(notifications, [&]() -> Task<> {
    auto before = co_await notifications.subscribe("a");
    break_listeners();
    EXPECT_EQ(co_await code_of(before.next()), "notifications_missed");
    auto after = co_await notifications.subscribe("a");  // waits for the next connection
    co_await database.run("select pg_notify('a', 'again')");
    EXPECT_EQ(co_await after.next(), "again");
  });
}

TEST_F(NotificationsTest, that_a_task_does_not_keep_up_with_are_lost_for_it_alone) {
  const Database database(options());
  Notifications notifications(database, {"a"}, {.queue_limit = 3});
  run_beside(notifications, [&]() -> Task<> {
    auto slow = co_await notifications.subscribe("a");
    auto quick = co_await notifications.subscribe("a");
    for (int i = 0; i < 5; ++i) {
      co_await database.run(Statement("select pg_notify('a', $1)", {std::to_string(i)}));
      EXPECT_EQ(co_await quick.next(), std::to_string(i));
    }
    for (int i = 0; i < 3; ++i) EXPECT_EQ(co_await slow.next(), std::to_string(i));
    EXPECT_EQ(co_await code_of(slow.next()), "notifications_missed");
  });
}

TEST_F(NotificationsTest, are_subscribed_to_only_where_somebody_listens) {
  const Database database(options());
  Notifications notifications(database, {"a"}, {.subscribe_timeout = 200ms});
  run_blocking([&]() -> Task<> { EXPECT_EQ(co_await code_of(notifications.subscribe("a")), "misuse") << "not run"; });
  run_beside(notifications, [&]() -> Task<> {
    EXPECT_EQ(co_await code_of(notifications.subscribe("b")), "misuse") << "no such channel";
    EXPECT_EQ(co_await code_of(notifications.run()), "misuse") << "it runs already";
  });
  Options nowhere = options();
  nowhere.connection_string = Secret("host=127.0.0.1 port=1 dbname=none connect_timeout=2");
  Notifications unreachable(Database(nowhere), {"a"}, {.subscribe_timeout = 200ms});
  run_beside(unreachable,
             [&]() -> Task<> { EXPECT_EQ(co_await code_of(unreachable.subscribe("a")), "database_unavailable"); });
}

TEST_F(NotificationsTest, are_waited_for_no_longer_by_a_task_that_is_cancelled) {
  const Database database(options());
  Notifications notifications(database, {"a"});
  run_beside(notifications, [&]() -> Task<> {
    auto subscription = co_await notifications.subscribe("a");
    const auto first = co_await when_any(subscription.next(), sleep_for(20ms));
    EXPECT_EQ(first.index(), 1U);
    co_await database.run("select pg_notify('a', 'kept')");
    EXPECT_EQ(co_await subscription.next(), "kept");
  });
}

}  // namespace
}  // namespace bailey::pg
