// The point of it all: many users on few connections, and nobody ever sees another's rows, whatever fails meanwhile.
#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gtest/gtest.h>

#include <random>

namespace bailey::pg {
namespace {

using test::code_of;
using test::until;

const std::array<std::string, 2> subjects{"aaaaaaaa-0000-4000-8000-000000000001",
                                          "bbbbbbbb-0000-4000-8000-000000000002"};

RlsScope scope_of(std::size_t user) {
  RlsScope scope{.role = "authenticated", .claims = R"({"role":"authenticated","sub":")" + subjects[user] + "\"}"};
  scope.settings.emplace_back("app.user", subjects[user]);
  return scope;
}

class IdentityTest : public test::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    server().execute(
        "create table diary (id bigint generated always as identity, owner uuid not null default auth.uid(), line "
        "text);"
        "alter table diary enable row level security;"
        "create policy own on diary to authenticated using (owner = auth.uid()) with check (owner = auth.uid());"
        "grant all on diary to authenticated, authenticator; grant usage on schema auth to authenticator;"
        "insert into diary (owner, line) select u::uuid, u from unnest(array['" +
            subjects[0] + "', '" + subjects[1] +
            "']) u, generate_series(1, 10);"
            // what a careless function may do to the session
            "create function careless() returns text language sql as $$ select set_config('role', 'service_role', "
            "false) || "
            "set_config('request.jwt.claims', '{\"sub\":\"cccccccc-0000-4000-8000-000000000003\"}', false) || "
            "set_config('request.jwt.claim', '{\"sub\":\"cccccccc-0000-4000-8000-000000000003\"}', false) || "
            "set_config('request.jwt.claim.sub', 'cccccccc-0000-4000-8000-000000000003', false) || "
            "set_config('request.jwt.claim.role', 'service_role', false) || "
            "set_config('request.jwt.claim.email', 'c@example.com', false) || set_config('row_security', 'off', false) "
            "$$;",
        name());
  }
};

void expect_own_rows(const Rows& rows, std::size_t user, int& leaks) {
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (rows.get<std::string>(row, 0) != subjects[user] || rows.get<std::string>(row, 1) != subjects[user] ||
        rows.get<std::string>(row, 2) != subjects[user] || rows.get<std::string>(row, 3) != "authenticated")
      ++leaks;
}

Task<> one_step(const Database& database, std::size_t user, unsigned dice, int& leaks, int& answered) {
  RunOptions options;
  options.scope = scope_of(user);
  options.read_only = dice % 7 == 0;
  const Statement read("select owner, auth.uid(), current_setting('app.user', true), current_user from diary");
  switch (dice % 10) {
    case 0: EXPECT_EQ(co_await code_of(database.run("select 1/0", options)), "22012"); break;
    case 1: EXPECT_EQ(co_await code_of(database.run("select * from missing", options)), "42P01"); break;
    case 2: {
      const std::string other = subjects[1 - user];
      const Statement forged("insert into diary (owner, line) values ($1, 'forged')", {other});
      options.read_only = false;
      EXPECT_EQ(co_await code_of(database.run(forged, options)), "42501");
      break;
    }
    case 3: {
      options.read_only = false;
      const Rows rows = co_await database.run("select careless()", options);
      EXPECT_EQ(rows.size(), 1U);
      break;
    }
    case 4: {  // nobody's group
      const Rows rows = co_await database.run(
          "select current_user, coalesce(auth.uid()::text, 'none'), (select count(*) from diary)");
      if (rows.get<std::string>(0, 0) != "authenticator" || rows.get<std::string>(0, 1) != "none" ||
          rows.get<int>(0, 2) != 0)
        ++leaks;
      break;
    }
    default: {
      const Rows rows = co_await database.run(read, options);
      expect_own_rows(rows, user, leaks);
      if (rows.size() != 10) ++leaks;
      break;
    }
  }
  ++answered;
}

TEST_F(IdentityTest, of_two_users_interleaved_ten_thousand_times_never_leaks) {
  for (const bool named : {true, false}) {
    Options few = options();
    few.connections_per_loop = 2;
    few.named_statements = named;
    few.statement_cache_limit = 6;  // churn
    const Database database(std::move(few));
    int leaks = 0;
    int answered = 0;
    test::run_many(50, [&](int task) -> Task<> {
      std::mt19937 random(static_cast<unsigned>(task));
      for (int step = 0; step < (named ? 200 : 40); ++step)
        co_await one_step(database, random() % 2, static_cast<unsigned>(random()), leaks, answered);
    });
    EXPECT_EQ(leaks, 0);
    EXPECT_EQ(answered, named ? 10'000 : 2'000);
    EXPECT_LE(database.stats().connects, 2U);
  }
}

// auth.uid() and its kin prefer the settings of one claim each, here as at hosted Supabase.
TEST_F(IdentityTest, does_not_cross_in_the_settings_of_older_functions) {
  Options one = options();
  one.connections_per_loop = 1;
  const Database database(std::move(one));
  const auto remembered = [&](std::optional<RlsScope> scope) {
    return run_blocking([&]() -> Task<std::string> {
      co_await database.run("select careless()", {.scope = scope_of(0)});
      const RunOptions next{.scope = scope};
      const Rows rows = co_await database.run(
          "select concat_ws(' ', auth.uid(), auth.role(), auth.jwt(), current_setting('request.jwt.claim.email', true),"
          " current_setting('row_security'), (select count(*) from diary))",
          next);
      co_return rows.get<std::string>(0, 0);
    });
  };
  EXPECT_EQ(remembered(scope_of(1)),
            subjects[1] + R"( authenticated {"sub": ")" + subjects[1] + R"(", "role": "authenticated"}  on 10)");
  EXPECT_EQ(remembered(std::nullopt), " on 0");
}

TEST_F(IdentityTest, survives_cancellations_at_any_moment) {
  Options few = options();
  few.connections_per_loop = 1;
  const Database database(std::move(few));
  int leaks = 0;
  int answered = 0;
  run_blocking([&]() -> Task<> {
    std::mt19937 random(5);
    for (int round = 0; round < 100; ++round) {
      std::vector<std::unique_ptr<boost::asio::cancellation_signal>> signals;
      int left = 20;
      for (int task = 0; task < 20; ++task) {
        signals.push_back(std::make_unique<boost::asio::cancellation_signal>());
        auto step = one_step(database, random() % 2, 5 + 10 * static_cast<unsigned>(random() % 1000), leaks, answered);
        boost::asio::co_spawn(
            Loop::current().executor(), std::move(step),
            boost::asio::bind_cancellation_slot(signals.back()->slot(), [&](std::exception_ptr) { --left; }));
      }
      for (std::size_t cut = 0; cut < 5; ++cut) {
        co_await sleep_for(std::chrono::milliseconds(random() % 2));
        signals[random() % 20]->emit(boost::asio::cancellation_type::terminal);
      }
      co_await until([&] { return left == 0; });
    }
  });
  EXPECT_EQ(leaks, 0);
  EXPECT_GT(answered, 1000);
  EXPECT_EQ(database.stats().in_flight, 0U);
}

TEST_F(IdentityTest, holds_with_two_loops_on_one_handle) {
  const Database database(options());
  std::array<int, 2> leaks{};
  const auto work = [&](std::size_t thread) {
    int answered = 0;
    test::run_many(20, [&](int task) -> Task<> {
      std::mt19937 random(static_cast<unsigned>(task) + 100U * static_cast<unsigned>(thread));
      for (int step = 0; step < 50; ++step)
        co_await one_step(database, random() % 2, static_cast<unsigned>(random()), leaks[thread], answered);
    });
    EXPECT_EQ(answered, 1000);
    static_cast<void>(database.stats());
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  EXPECT_EQ(leaks[0] + leaks[1], 0);
  EXPECT_LE(database.stats().connects, 2 * database.options().connections_per_loop);
}

}  // namespace
}  // namespace bailey::pg
