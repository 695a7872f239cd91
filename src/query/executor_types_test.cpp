// Columns that change their types under statements that were made for the old ones.
#include "query/executor_fixture.hpp"

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>

namespace bailey::query {
namespace {

// What a table is, what is asked of it before and after it has changed, and the answer then. Nothing announces the
// change.
struct TypeChange {
  const char *table, *change, *query, *wanted;
};

TEST_F(ExecutorTest, a_query_is_never_answered_by_a_statement_made_for_other_types) {
  const TypeChange changes[] = {
      {"v timestamp", "alter table typed alter v type timestamptz using v at time zone 'utc'",
       "v=eq.2024-01-01T14:00:00%2B02:00", "2024-01-01 12:00+00"},
      {"v date", "alter table typed alter v type timestamp", "v=eq.2024-01-01T12:00:00", "2024-01-01 12:00"},
      {"v int", "alter table typed alter v type bigint", "v=eq.3000000000", "3000000000"},
      {"v int", "alter table typed alter v type numeric", "or=(v.eq.1.5,v.is.null)", "1.5"},
      {"v int", "alter table typed alter v type text", "v=in.(seven,eight)", "seven"},
      {"v int", "drop table typed; create table typed (v uuid)", "v=eq.11111111-1111-1111-1111-111111111111",
       "11111111-1111-1111-1111-111111111111"},
      {"v text", "create type colour as enum ('red'); alter table typed alter v type colour using v::colour",
       "v=lt.red", ""},
      {"v int", "drop table typed; create view typed as select 'x'::text as v", "v=eq.x", "x"},
  };
  for (const TypeChange& each : changes) {
    execute("drop table if exists typed cascade");
    execute(std::string("create table typed (") + each.table + "); grant all on typed to anon");
    restart({.reload_floor = std::chrono::hours(1)});
    EXPECT_EQ(get("/typed", std::string(each.query)).status == 503, false);
    execute(each.change);
    execute("grant all on typed to anon");
    const bool is_view = std::string_view(each.change).contains("view");
    if (!is_view && *each.wanted != '\0') execute(std::string("insert into typed values ('") + each.wanted + "')");
    for (int round = 0; round < 3; ++round) {
      const ApiResponse response = get("/typed", std::string(each.query));
      EXPECT_EQ(response.status, 200) << each.change << response.body;
      EXPECT_EQ(response.body == "[]", *each.wanted == '\0') << each.change;
    }
    execute(is_view ? "drop view typed" : "drop table typed");
  }
}

TEST_F(ExecutorTest, a_row_is_never_written_by_a_statement_made_for_other_types) {
  execute("create table typed (id int, at timestamp); grant all on typed to anon");
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(write("POST", "/typed", "", "", R"({"id":1,"at":"2024-01-01T12:00:00"})").status, 201);
  EXPECT_EQ(write("PATCH", "/typed", "id=eq.1", "", R"({"at":"2024-01-01T12:00:00"})").status, 204);
  execute("alter table typed alter at type timestamptz using at at time zone 'utc', alter id type bigint");
  const std::string zoned = R"({"id":3000000000,"at":"2024-01-01T14:00:00+02:00"})";
  EXPECT_EQ(write("POST", "/typed", "", "", zoned).status, 201);
  EXPECT_EQ(value("select count(*) from typed where id = 3000000000 and at = '2024-01-01T12:00:00Z'"), "1");
  execute("alter table typed alter at type timestamp");
  execute("alter table typed alter at type timestamptz using at at time zone 'utc'");
  EXPECT_EQ(write("PATCH", "/typed", "id=eq.1", "", R"({"at":"2024-01-01T14:00:00+02:00"})").status, 204);
  EXPECT_EQ(value("select count(*) from typed where id = 1 and at = '2024-01-01T12:00:00Z'"), "1");
  EXPECT_EQ(write("DELETE", "/typed", "at=eq.2024-01-01T14:00:00%2B02:00", "return=representation", "").status, 200);
  EXPECT_EQ(value("select count(*) from typed"), "0");
}

TEST_F(ExecutorTest, many_that_meet_changed_types_load_the_schema_once) {
  execute("create table typed (v int); grant all on typed to anon");
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(get("/typed", "v=eq.7").status, 200);
  const auto known = executor_->schema();
  execute("alter table typed alter v type bigint; insert into typed values (3000000000)");
  int found = 0;
  int answered = 0;
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 40; ++i) {
      Loop::current().spawn("read", [](const Executor& on, int& count, int& right) -> Task<> {
        const ApiResponse response = co_await on.serve({.path = "/typed", .query = "v=eq.3000000000", .body = {}},
                                                       {"anon", R"({"role":"anon"})", {}});
        right += response.body == R"([{"v":3000000000}])" ? 1 : 0;
        ++count;
      }(*executor_, answered, found));
    }
    while (answered < 40) co_await sleep_for(std::chrono::milliseconds(1));
  });
  EXPECT_EQ(found, 40);
  EXPECT_NE(executor_->schema(), known);
}

TEST_F(ExecutorTest, a_value_that_is_none_of_the_columns_type_loads_no_schema) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  EXPECT_EQ(get("/books", "id=eq.10").status, 200);
  const auto known = executor_->schema();
  EXPECT_EQ(get("/books", "id=eq.ten").status, 400);
  EXPECT_EQ(get("/books", "id=eq.3000000000").status, 400);
  EXPECT_EQ(executor_->schema(), known);
}

TEST_F(ExecutorTest, no_value_of_a_request_passes_for_a_check_of_ours) {
  execute(
      "create table forged (id int, name text); insert into forged values (1, 'a'); grant all on forged to anon;"
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'bad name: %', new.name; "
      "end $$;"
      "create function refuse_as_ours() returns trigger language plpgsql as"
      " $$ begin raise exception 'bad name: %', new.name using errcode = '22P02'; end $$;"
      "create trigger refuse before update on forged for each row execute function refuse();"
      "create trigger refuse_as_ours before insert on forged for each row execute function refuse_as_ours()");
  restart({.reload_floor = std::chrono::milliseconds(0)});
  EXPECT_EQ(get("/forged", "id=eq.1").status, 200);
  const auto known = executor_->schema();
  const auto expect = [&](const ApiResponse& response, std::string_view code) {
    EXPECT_EQ(response.status, 400) << response.body;
    EXPECT_NE(response.body.find("\"code\":\"" + std::string(code) + '"'), std::string::npos) << response.body;
  };
  for (const std::string word : {"abc", "bailey:types", "bailey:rows=5"}) {
    expect(get("/forged", "id=eq." + word), "22P02");
    expect(get("/forged", "id=in.(1," + word + ")"), "22P02");
    expect(write("POST", "/forged", "", "", R"({"id":")" + word + "\"}"), "22P02");
    expect(write("POST", "/forged", "", "", R"({"name":")" + word + "\"}"), "22P02");
    expect(write("PATCH", "/forged", "id=eq.1", "", R"({"name":")" + word + "\"}"), "P0001");
    expect(send({.method = "PATCH",
                 .path = "/forged",
                 .query = "id=eq." + word,
                 .headers = {{"Accept", "application/vnd.pgrst.object+json"}},
                 .body = R"({"name":"b"})"}),
           "22P02");
    expect(write("DELETE", "/forged", "id=eq." + word, "handling=strict, max-affected=1", ""), "22P02");
  }
  EXPECT_EQ(executor_->schema(), known) << "each of them has loaded the schema anew";
  execute("drop table forged; drop function refuse, refuse_as_ours");
}

// Whoever learns the word that our check raises (a view of the project's may show the text of the query) has one load.
TEST_F(ExecutorTest, loads_that_find_no_other_types_keep_to_the_floor) {
  execute(
      "create table told (id int, query text); grant all on told to anon;"
      "create function tell() returns trigger language plpgsql as"
      " $$ begin raise exception '%', current_query() using errcode = '22P02'; end $$;"
      "create trigger tell before insert on told for each row execute function tell()");
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(get("/told", "id=eq.1").status, 200);
  static_cast<void>(write("POST", "/told", "", "", R"({"id":1})"));
  const auto known = executor_->schema();
  for (int i = 0; i < 3; ++i) static_cast<void>(write("POST", "/told", "", "", R"({"id":1})"));
  EXPECT_EQ(executor_->schema(), known);
  execute("drop table told; drop function tell");
}

}  // namespace
}  // namespace bailey::query
