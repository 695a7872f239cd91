#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace bailey::pg {
namespace {

using namespace std::string_literals;
using test::code_of;

class Values : public test::DatabaseTest {};

TEST_F(Values, of_any_bytes_come_back_as_they_went) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    std::string all;
    for (char32_t c = 1; c < 0x250; ++c) {
      if (c < 0x80) {
        all += static_cast<char>(c);
      } else {
        all += static_cast<char>(0xC0 | (c >> 6));
        all += static_cast<char>(0x80 | (c & 0x3F));
      }
    }
    for (const std::string& text : {all, ""s, "'; drop table x; --"s, "\\x00"s, "$1"s, "\xF0\x9F\x98\x80"s, "{a,b}"s,
                                    "NULL"s, std::string(3'000'000, 'x')}) {
      const Rows rows = co_await database.run(Statement("select $1::text, octet_length($1::text)", {text}));
      EXPECT_EQ(rows.get<std::string>(0, 0), text);
      EXPECT_EQ(rows.get<std::size_t>(0, 1), text.size());
    }
    std::vector<std::byte> bytes(256);
    for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<std::byte>(at);
    const Rows rows = co_await database.run(
        Statement("select octet_length($1), get_byte($1, 255), get_byte($1, 0)", {Parameter::bytea(bytes)}));
    EXPECT_EQ(rows.get<int>(0, 0), 256);
    EXPECT_EQ(rows.get<int>(0, 1), 255);
    EXPECT_EQ(rows.get<int>(0, 2), 0);
  });
}

TEST_F(Values, that_postgresql_cannot_hold_are_refused_before_or_by_it) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(co_await code_of(database.run(Statement("select $1::text", {"a\0b"s}))), "22021");
    EXPECT_EQ(co_await code_of(database.run(Statement("select 1\0"s))), "22021");
    EXPECT_EQ(co_await code_of(database.run(Statement("select $1::text", {"\xff"}))), "22021");
    EXPECT_EQ(co_await code_of(database.run(Statement("select 1", std::vector<Parameter>(65'536)))), "54000");
    EXPECT_EQ(co_await code_of(database.run(Statement("select $1::int, $2::int", {1}))), "08P01");
    EXPECT_EQ(co_await code_of(database.run("select 1")), "");
  });
}

TEST_F(Values, of_cpp_types_go_there_and_back) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    const Uuid uuid = Uuid::random();
    const Statement statement(
        "select $1::bool, $2::int8, $3::float8, $4::uuid, $5::text is null, $6::jsonb->>'a', $7::float8, $8::numeric",
        {true, std::numeric_limits<std::int64_t>::min(), 0.1, uuid, Parameter::null(), Parameter::jsonb(R"({"a":"b"})"),
         std::numeric_limits<double>::infinity(), std::numeric_limits<std::uint64_t>::max()});
    const Rows rows = co_await database.run(statement);
    EXPECT_EQ(rows.get<bool>(0, 0), true);
    EXPECT_EQ(rows.get<std::int64_t>(0, 1), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(rows.get<double>(0, 2), 0.1);
    EXPECT_EQ(rows.get<Uuid>(0, 3), uuid);
    EXPECT_EQ(rows.get<bool>(0, 4), true);
    EXPECT_EQ(rows.get<std::string_view>(0, 5), "b");
    EXPECT_TRUE(std::isinf(rows.get<double>(0, 6)));
    EXPECT_EQ(rows.get<std::uint64_t>(0, 7), std::numeric_limits<std::uint64_t>::max());
    EXPECT_THROW(static_cast<void>(rows.get<int>(0, 1)), Error);
    EXPECT_THROW(static_cast<void>(rows.get<int>(0, 5)), Error);
    EXPECT_THROW(static_cast<void>(rows.get<int>(1, 0)), Error);
    EXPECT_THROW(static_cast<void>(rows.text(0, 8)), Error);
  });
}

TEST_F(Values, by_the_hundred_thousand_and_by_fifty_megabytes_arrive_whole) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    const Rows many = co_await database.run("select n from generate_series(1, 100000) n");
    EXPECT_EQ(many.size(), 100'000U);
    EXPECT_EQ(many.get<int>(99'999, 0), 100'000);
    const Rows big = co_await database.run("select repeat('x', 1000000) from generate_series(1, 50)");
    EXPECT_EQ(big.size(), 50U);
    EXPECT_EQ(big.text(49, 0)->size(), 1'000'000U);
  });
}

TEST(SqlError, has_postgrests_status_for_its_code) {
  struct Case {
    std::string_view sqlstate, message;
    int status;
  };
  for (const Case& each : {Case{"23505", "", 409},
                           Case{"42501", "", 403},
                           Case{"42P01", "", 404},
                           Case{"42883", "function x", 404},
                           Case{"42883", "function xmlagg(", 406},
                           Case{"22P02", "", 400},
                           Case{"57014", "", 500},
                           Case{"57P01", "", 503},
                           Case{"08006", "", 503},
                           Case{"22023", "role \"x\" does not exist", 401},
                           Case{"22023", "other", 400},
                           Case{"PT402", "", 402},
                           Case{"PTabc", "", 500},
                           Case{"PT999", "", 500},
                           Case{"21000", "UPDATE requires a WHERE clause", 400},
                           Case{"21000", "", 500},
                           Case{"P0001", "", 400},
                           Case{"40001", "", 500},
                           Case{"25006", "", 405},
                           Case{"", "", 400}})
    EXPECT_EQ(http_status_of(each.sqlstate, each.message), each.status) << each.sqlstate;
}

TEST_F(Values, of_an_error_are_the_servers_fields) {
  const Database database(options("postgres"));
  server().execute("create table named (n int constraint positive check (n > 0))", name());
  run_blocking([&]() -> Task<> {
    try {
      co_await database.run("insert into named values (-1)");
      ADD_FAILURE();
    } catch (const SqlError& error) {
      EXPECT_EQ(error.sqlstate(), "23514");
      EXPECT_EQ(error.constraint(), "positive");
      EXPECT_EQ(error.table(), "named");
      EXPECT_EQ(error.schema(), "public");
      EXPECT_TRUE(error.detail().contains("(-1)"));
      EXPECT_EQ(error.http_status(), 400);
    }
  });
}

}  // namespace
}  // namespace bailey::pg
