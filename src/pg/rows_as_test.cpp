#include "pg/database_fixture.hpp"

#include <bailey/model/json.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailey::pg {
namespace {

struct Card {
  std::int64_t id;
  std::string full_name;
  std::optional<std::string> website;
};

struct Everything {
  bool done;
  std::int16_t small;
  std::int64_t large;
  double ratio;
  double amount;
  Uuid id;
  json::value meta;
  std::chrono::sys_seconds at;
  std::chrono::sys_days born;
  std::vector<std::string> tags;
  std::vector<std::vector<int>> grid;
  std::vector<std::optional<bool>> flags;
  std::string mood;
};

class RowsAs : public test::DatabaseTest {
 protected:
  [[nodiscard]] Rows rows_of(std::string sql) const {
    const Database database(options("postgres"));
    return run_blocking(database.run(std::move(sql)));
  }
  [[nodiscard]] std::string mismatch_of(std::string sql) const {
    try {
      static_cast<void>(rows_of(std::move(sql)).as<Card>());
    } catch (const RowMismatch& error) {
      EXPECT_EQ(error.code(), "row_mismatch");
      EXPECT_EQ(error.http_status(), 500);
      return error.message() + " " + error.details();
    }
    return "none";
  }
};

TEST_F(RowsAs, reads_members_from_columns_by_name) {
  const auto cards = rows_of(
                         "select 'n' || n as full_name, n as id, 0 as other, case when n > 1 then 'w' end as website "
                         "from generate_series(1, 2) n")
                         .as<Card>();
  ASSERT_EQ(cards.size(), 2U);
  EXPECT_EQ(cards[0].id, 1);
  EXPECT_EQ(cards[0].full_name, "n1");
  EXPECT_EQ(cards[0].website, std::nullopt);
  EXPECT_EQ(cards[1].website, "w");
  EXPECT_EQ(rows_of("select 1 as id, 'x' as full_name").as<Card>().at(0).website, std::nullopt);
  EXPECT_TRUE(rows_of("select 1 as id where false").as<Card>().empty());
}

TEST_F(RowsAs, reads_values_of_every_kind) {
  server().execute("create type mood as enum ('so so')", name());
  const auto all = rows_of(
                       "select true as done, 7::int2 as small, 9007199254740993::int8 as large, 0.1::float8 as ratio, "
                       "12.50::numeric as amount, 'a11ce000-0000-4000-8000-000000000001'::uuid as id, "
                       "'{\"a\": [1, null]}'::jsonb as meta, timestamptz '2026-01-01 12:00:00+00' as at, "
                       "date '2000-02-03' as born, array['a,b', 'c\"d\\e', ''] as tags, "
                       "'[0:1][0:1]={{1,2},{3,4}}'::int[] as grid, array[true, null, false] as flags, "
                       "'so so'::mood as mood")
                       .as<Everything>()
                       .at(0);
  EXPECT_TRUE(all.done);
  EXPECT_EQ(all.small, 7);
  EXPECT_EQ(all.large, 9007199254740993);
  EXPECT_EQ(all.ratio, 0.1);
  EXPECT_EQ(all.amount, 12.5);
  EXPECT_EQ(all.id.to_string(), "a11ce000-0000-4000-8000-000000000001");
  EXPECT_EQ(to_json_text(all.meta), R"({"a":[1,null]})");
  EXPECT_EQ(all.at.time_since_epoch().count(), 1767268800);
  EXPECT_EQ(all.born, std::chrono::sys_days(std::chrono::February / 3 / 2000));
  EXPECT_EQ(all.tags, (std::vector<std::string>{"a,b", "c\"d\\e", ""}));
  EXPECT_EQ(all.grid, (std::vector<std::vector<int>>{{1, 2}, {3, 4}}));
  EXPECT_EQ(all.flags, (std::vector<std::optional<bool>>{true, std::nullopt, false}));
  EXPECT_EQ(all.mood, "so so");
}

// to_json() of the server is the oracle.
TEST_F(RowsAs, are_written_as_the_server_writes_json) {
  const std::vector<std::string> values{"true",
                                        "null::int",
                                        "1.50::numeric",
                                        "'NaN'::numeric",
                                        "'Infinity'::float8",
                                        "'-Infinity'::numeric",
                                        "1e300::float8",
                                        "1e-7::float4",
                                        "'q\"\\\\'::text",
                                        "E'\\n\\u0001'::text",
                                        "' {\"a\":1}'::json",
                                        "'x'::char(3)",
                                        "'\\x00ff'::bytea",
                                        "timestamp '2026-01-01 12:00:00.25'",
                                        "timestamptz '2026-01-01 12:00:00+05:30'",
                                        "'infinity'::timestamptz",
                                        "'0044-03-15 00:00:00 BC'::timestamp",
                                        "time '01:02:03'",
                                        "array[1,null,3]",
                                        "'{}'::text[]",
                                        "'{{a,\"NULL\"},{b,NULL}}'::text[]",
                                        "array['{\"a\": \"b,c\"}'::jsonb]",
                                        "array['NaN', 1.5]::float8[]",
                                        "array[timestamp '2026-01-01']",
                                        "int4range(1, 5)",
                                        "interval '1 day'"};
  const Database database(options("postgres"));
  run_blocking([&]() -> Task<> {
    for (const std::string& value : values) {
      const Rows ours = co_await database.run(Statement("select " + value + " as v"));
      const Rows theirs =
          co_await database.run(Statement("select json_agg(json_build_object('v', " + value + "))::text"));
      const auto wanted = try_parse_json(theirs.get<std::string>(0, 0));
      const auto found = try_parse_json(ours.to_json());
      if (!found || !wanted) {
        ADD_FAILURE() << value << ": " << ours.to_json();
        continue;
      }
      EXPECT_EQ(to_json_text(*found), to_json_text(*wanted)) << value;
    }
  });
}

TEST_F(RowsAs, name_row_and_column_of_what_does_not_fit) {
  EXPECT_EQ(mismatch_of("select n as id, case when n < 3 then 'x' end as full_name from generate_series(1, 3) n"),
            "The rows do not fit Card. 2.full_name: Input should be a valid string");
  EXPECT_EQ(mismatch_of("select 1 as id"), "The rows do not fit Card. 0.full_name: Field required");
  EXPECT_EQ(mismatch_of("select 'x' as full_name, 1.5 as id"),
            "The rows do not fit Card. 0.id: Input should be a valid integer, got a number with a fractional part");
  EXPECT_EQ(mismatch_of("select 1 as id, 2 as id, 'x' as full_name"),
            "Two columns of the rows have one name; give them others with AS. id");
}

}  // namespace
}  // namespace bailey::pg
