#include "pg/sql_kind.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bailey::pg::detail {
namespace {

TEST(SqlKind, is_told_by_the_first_word_behind_everything_the_server_skips) {
  struct Case {
    std::string_view sql;
    SqlKind kind;
  };
  const std::vector<Case> cases{
      {"select 1", SqlKind::data},
      {"SELECT 1", SqlKind::data},
      {"  \n\t with x as (select 1) select * from x", SqlKind::data},
      {"((select 1) union select 2)", SqlKind::data},
      {"-- commit\nselect 1", SqlKind::data},
      {"/* commit /* nested */ commit */ select 1", SqlKind::data},
      {"create table t ()", SqlKind::schema},
      {"do $$ begin commit; end $$", SqlKind::procedure},
      {"call p()", SqlKind::procedure},
      {"set local work_mem = '1MB'", SqlKind::set_local},
      {"set constraints all immediate", SqlKind::set_local},
      {"savepoint a", SqlKind::set_local},
      {"rollback to a", SqlKind::set_local},
      {"rollback work to savepoint a", SqlKind::set_local},
      {"rollback", SqlKind::refused},
      {"rollback work", SqlKind::refused},
      {"commit", SqlKind::refused},
      {";;commit", SqlKind::refused},
      {"--x\r\ncommit", SqlKind::refused},
      {"--x\rcommit", SqlKind::refused},
      {"/**/ CoMmIt", SqlKind::refused},
      {"/*/ select */ commit", SqlKind::refused},
      {"begin", SqlKind::refused},
      {"start transaction", SqlKind::refused},
      {"end", SqlKind::refused},
      {"abort", SqlKind::refused},
      {"prepare transaction 'x'", SqlKind::refused},
      {"set role service_role", SqlKind::refused},
      {"set session authorization postgres", SqlKind::refused},
      {"set \"local\" = 1", SqlKind::refused},
      {"reset role", SqlKind::refused},
      {"discard all", SqlKind::refused},
      {"listen x", SqlKind::refused},
      {"copy t from stdin", SqlKind::refused},
      {"deallocate all", SqlKind::refused},
      {"execute b1", SqlKind::refused},
      {"declare c cursor with hold for select 1", SqlKind::refused},
      {"selectx", SqlKind::refused},
      {"select_", SqlKind::refused},
      {"", SqlKind::refused},
      {"-- select 1", SqlKind::refused},
      {"/* select 1", SqlKind::refused},
      {"\xc2\xa0select 1", SqlKind::refused},
  };
  for (const Case& each : cases) EXPECT_EQ(sql_kind(each.sql), each.kind) << each.sql;
}

TEST(LocalSetting, is_told_however_it_is_written) {
  EXPECT_EQ(local_setting("set local statement_timeout = 5"), "statement_timeout");
  EXPECT_EQ(local_setting("SET LOCAL Role=anon"), "Role");
  EXPECT_EQ(local_setting("set/**/local request . jwt/**/.claims to ''"), "request.jwt.claims");
  EXPECT_EQ(local_setting("set local session authorization x"), "session");
  for (const char* unreadable : {"set local \"role\" to x", "set local U&\"role\" to x",
                                 "set local request.\"jwt\" = 1", "set local r\xc3\xb4le to x", "set local"})
    EXPECT_EQ(local_setting(unreadable), "") << unreadable;
  EXPECT_EQ(local_setting("set constraints all immediate"), std::nullopt);
  EXPECT_EQ(local_setting("select 1"), std::nullopt);
}

TEST(FirstWord, is_told_behind_what_the_lexer_skips) {
  EXPECT_EQ(first_word(" -- a comment\n (SeLekt 1)"), "selekt");
  EXPECT_EQ(first_word("  ;"), "");
}

}  // namespace
}  // namespace bailey::pg::detail
