#include "stack/database/settings.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bailey::stack {
namespace {

TEST(SettingOf, a_statement_is_read_in_every_spelling) {
  struct Case {
    std::string statement;
    std::optional<std::string> setting;
  };
  const std::vector<Case> cases{
      {"alter role authenticator set log_statement = 'all'", "log_statement"},
      {"ALTER ROLE \"authenticator\" SET \"session_preload_libraries\" TO 'safeupdate';", "session_preload_libraries"},
      {"alter user all in database postgres set deadlock_timeout to default", "deadlock_timeout"},
      {"alter database postgres set pgaudit.log=none", "pgaudit.log"},
      {"set local \"Log_Statement\" = 'all'", "log_statement"},
      {"set session x to 1", "x"},
      {"set x = 1", "x"},
      {"set role anon", std::nullopt},
      {"set time zone 'UTC'", std::nullopt},
      {"set session authorization x", std::nullopt},
      {"alter role r rename to x", std::nullopt},
      {"alter role r login", std::nullopt},
      {"alter table t set (x = 1)", std::nullopt},
      {"select 1", std::nullopt},
      {"", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(setting_of(c.statement), c.setting) << c.statement;
}

}  // namespace
}  // namespace bailey::stack
