#include "stack/database/role_attributes.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bailey::stack {
namespace {

TEST(RoleAttributes, are_read_from_create_and_alter_role_in_every_spelling) {
  struct Case {
    std::string statement;
    std::optional<RoleAttributes> attributes;
  };
  const std::vector<Case> cases{
      {"create user \"prisma\" with password 'it''s nobypassrls' bypassrls createdb",
       {{"prisma", true, "create user \"prisma\" with password 'it''s nobypassrls'           createdb"}}},
      {"ALTER ROLE Reader WITH INHERIT NOCREATEROLE LOGIN NOBYPASSRLS;",
       {{"reader", false, "ALTER ROLE Reader WITH INHERIT NOCREATEROLE LOGIN            ;"}}},
      {"alter role r nosuperuser connection limit -1 noreplication valid until '2030-01-01' in role a, \"bypassrls\"",
       {{"r", std::nullopt,
         "alter role r             connection limit -1               valid until '2030-01-01' in role a, "
         "\"bypassrls\""}}},
      {"alter role r bypassrls/* nobypassrls */", {{"r", true, "alter role r          /* nobypassrls */"}}},
      {"create role bypassrls login", std::nullopt},
      {"create role r superuser", std::nullopt},
      {"alter role r set search_path = bypassrls", std::nullopt},
      {"alter role r in database postgres set search_path = bypassrls", std::nullopt},
      {"alter role r rename to bypassrls", std::nullopt},
      {"alter role r reset bypassrls", std::nullopt},
      {"alter role \"a\"\"b\" bypassrls", {{"a\"b", true, "alter role \"a\"\"b\"          "}}},
      {"alter role U&\"a\" bypassrls", std::nullopt},
      {"alter role r password E'a\\' bypassrls '", std::nullopt},
      {"alter role r password $$x$$ bypassrls", std::nullopt},
      {"create table bypassrls (n int)", std::nullopt},
      {"alter role", std::nullopt},
      {"", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(role_attributes(c.statement), c.attributes) << c.statement;
}

}  // namespace
}  // namespace bailey::stack
