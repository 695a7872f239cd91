#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <gtest/gtest.h>

namespace bailey::pg {
namespace {

using test::code_of;
using test::until;

class ListenerTest : public test::DatabaseTest {};

TEST_F(ListenerTest, receives_what_is_notified_on_its_channels_in_order) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    std::vector<std::string> channels{"plain", "it's \"odd\""};
    Listener listener = co_await database.listen(channels);
    const Statement notify("select pg_notify('plain', 'one'), pg_notify('other', 'x'), pg_notify($1, 'two')",
                           {channels[1]});
    co_await database.run(notify);
    const Notification first = co_await listener.next();
    EXPECT_EQ(first.channel + ":" + first.payload, "plain:one");
    const Notification second = co_await listener.next();
    EXPECT_EQ(second.channel + ":" + second.payload, channels[1] + ":two");
    int late = 0;
    auto both = [&](int task) -> Task<> {
      if (task == 0) {
        const Notification third = co_await listener.next();
        EXPECT_EQ(third.payload, "three");
        ++late;
      } else {
        co_await database.run("select pg_notify('plain', 'three')");
      }
    };
    co_await test::all(2, both);
    EXPECT_EQ(late, 1);
  });
}

TEST_F(ListenerTest, says_so_when_its_connection_breaks_and_closes_it_when_it_goes) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    std::vector<std::string> channels{"a"};
    {
      Listener listener = co_await database.listen(channels);
      auto both = [&](int task) -> Task<> {
        if (task == 0)
          EXPECT_EQ(co_await code_of(listener.next()), "database_unavailable");
        else
          server().execute(
              "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and datname = '" +
              name() + "'");
      };
      co_await test::all(2, both);
      EXPECT_EQ(co_await code_of(listener.next()), "database_unavailable");
    }
    {
      const Listener again = co_await database.listen(channels);
    }
    EXPECT_EQ(database.stats().connections, 0U);
  });
}

}  // namespace
}  // namespace bailey::pg
