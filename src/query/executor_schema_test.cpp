// The life of the schema cache: when it is loaded, by whom, and what of the catalogue it keeps.
#include "query/executor_fixture.hpp"

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <atomic>
#include <functional>
#include <thread>

namespace bailey::query {
namespace {

TEST_F(ExecutorTest, sees_a_fresh_migration) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  EXPECT_EQ(get("/fresh").status, 404);
  execute("create table fresh (id int); grant all on fresh to anon");
  EXPECT_EQ(get("/fresh").body, "[]");
  execute("alter table fresh add b int");
  EXPECT_EQ(write("POST", "/fresh", "", "", R"({"b":1})").status, 201);
  EXPECT_EQ(get("/fresh").body, R"([{"id":null,"b":1}])");
}

TEST_F(ExecutorTest, sees_a_changed_key_after_the_first_error_it_causes) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  execute("create table changing (id int primary key, e text unique); grant all on changing to anon");
  EXPECT_EQ(write("POST", "/changing", "", "", R"({"id":1,"e":"x"})").status, 201);
  execute("alter table changing drop constraint changing_pkey; alter table changing add primary key (e)");
  const auto upsert = [&] {
    return write("POST", "/changing", "", "resolution=merge-duplicates", R"({"id":2,"e":"x"})");
  };
  EXPECT_GE(upsert().status, 400);
  EXPECT_EQ(upsert().status, 200);
  EXPECT_EQ(get("/changing").body, R"([{"id":2,"e":"x"}])");
}

TEST_F(ExecutorTest, loads_the_schema_whatever_timeout_a_function_left_in_the_session) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  execute(
      "create function hasty() returns trigger language plpgsql as "
      "$$ begin perform set_config('statement_timeout', '1', false); return new; end $$; "
      "create table hasty (id int); grant all on hasty to anon; "
      "create trigger t after insert on hasty for each row execute function hasty()");
  EXPECT_EQ(write("POST", "/hasty", "", "", R"({"id":1})").status, 201);
  execute("create table later as select generate_series(1, 3) as id; grant all on later to anon");
  EXPECT_EQ(get("/later", "select=id&limit=1").body, R"([{"id":1}])");
}

TEST_F(ExecutorTest, serves_all_loops_while_the_schema_is_swapped) {
  run_blocking(executor_->reload_schema());
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      const auto work = [&, i]() -> Task<> {
        for (int round = 0; round < 20; ++round) {
          if (i == 0) co_await executor_->reload_schema();
          RequestParts request{.path = "/books", .query = "select=id&id=eq.10"};
          pg::RlsScope scope{"anon", "{}", {}};
          const ApiResponse response = co_await executor_->serve(std::move(request), std::move(scope));
          if (response.body != R"([{"id":10}])") ++wrong;
        }
      };
      run_blocking(work);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(ExecutorTest, loads_the_schema_once_for_all_that_need_it_first) {
  const pg::Database database(
      {.connection_string = Secret(test::PostgresServer::shared().connection_string("authenticator", database_name_))});
  const Executor executor(database);
  int answered = 0;
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      Loop::current().spawn("read", [](const Executor& on, int& count) -> Task<> {
        const ApiResponse response = co_await on.serve({.path = "/books", .body = {}}, {"anon", "{}", {}});
        EXPECT_EQ(response.status, 200) << response.body;
        ++count;
      }(executor, answered));
    }
    while (answered < 20) co_await sleep_for(std::chrono::milliseconds(1));
  });
  EXPECT_EQ(database.stats().groups, 21U);
}

TEST_F(ExecutorTest, loads_the_schema_for_the_others_when_the_first_that_needed_it_is_cancelled) {
  int answered = 0;
  run_blocking([&]() -> Task<> {
    boost::asio::cancellation_signal cancel;
    bool cancelled = false;
    boost::asio::co_spawn(
        Loop::current().executor(), executor_->serve({.path = "/books", .body = {}}, {"anon", "{}", {}}),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr error, const ApiResponse&) { cancelled = error != nullptr; }));
    for (int i = 0; i < 3; ++i) {
      Loop::current().spawn("read", [](const Executor& on, int& count) -> Task<> {
        const ApiResponse response = co_await on.serve({.path = "/books", .body = {}}, {"anon", "{}", {}});
        EXPECT_EQ(response.status, 200) << response.body;
        ++count;
      }(*executor_, answered));
    }
    co_await sleep_for(std::chrono::milliseconds(1));
    cancel.emit(boost::asio::cancellation_type::terminal);
    while (answered < 3) co_await sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(cancelled);
  });
}

TEST_F(ExecutorTest, does_not_reload_for_each_unknown_name) {
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(get("/books").status, 200);
  execute("create table fresh (id int); grant all on fresh to anon");
  EXPECT_EQ(get("/fresh").status, 404);
  run_blocking(executor_->reload_schema());
  EXPECT_EQ(get("/fresh").status, 200);
}

TEST_F(ExecutorTest, keeps_the_types_identity_and_keys_of_the_catalogue) {
  run_blocking(executor_->reload_schema());
  const auto schema = executor_->schema();
  const RelationInfo* kinds = schema->find("public", "kinds");
  ASSERT_NE(kinds, nullptr);
  EXPECT_EQ(kinds->primary_key, (std::vector<std::string>{"id"}));
  EXPECT_EQ(kinds->column("id")->default_expression, "pg_catalog.nextval('public.kinds_id_seq'::pg_catalog.regclass)");
  EXPECT_EQ(kinds->column("mood")->type, "public.mood");
  EXPECT_EQ(kinds->column("mood")->enum_labels, (std::vector<std::string>{"ok", "sad"}));
  EXPECT_EQ(kinds->column("note")->type, "public.words");
  EXPECT_EQ(kinds->column("note")->base_type, "text");
  EXPECT_FALSE(kinds->column("note")->nullable);
  EXPECT_EQ(kinds->column("flag")->type, "bpchar");
  EXPECT_EQ(schema->find("public", "cheap")->kind, RelationInfo::Kind::view);
  EXPECT_EQ(schema->find("public", "notes")->column("id")->default_expression, std::nullopt);
  EXPECT_EQ(schema->find("auth", "users"), nullptr);
}

TEST_F(ExecutorTest, reloads_when_it_is_told) {
  bool seen = false;
  const std::function<void()> migrate = [&] { execute("create table told (id int); notify pgrst, 'reload schema'"); };
  run_blocking(notify_and_wait(*executor_, migrate, &seen));
  EXPECT_TRUE(seen);
  EXPECT_NE(executor_->schema()->find("public", "told"), nullptr);
}

}  // namespace
}  // namespace bailey::query
