#include "stack/database/extensions.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bailey::stack {
namespace {

TEST(ExtensionRequest, is_read_from_create_extension_in_every_spelling) {
  struct Case {
    std::string statement;
    std::optional<ExtensionRequest> request;
  };
  const std::vector<Case> cases{
      {"create extension pg_net", {{"pg_net", ""}}},
      {"CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA \"extensions\"",
       {{"uuid-ossp", "extensions", "", true}}},
      {"Create\n\tExtension If Not Exists PG_Net Schema Extensions version '1'", {{"pg_net", "extensions", "1", true}}},
      {"create extension\"Odd Name\"schema\"Odd\"", {{"Odd Name", "Odd"}}},
      {"create -- this\n extension /* that */ pg_cron with version '1.6' schema x", {{"pg_cron", "x", "1.6"}}},
      {"create extension postgis_topology cascade version \"3.3\" schema topology",
       {{"postgis_topology", "topology", "3.3", false, true}}},
      {"create extension x schema \"a\"\"b\" version '1''2';", {{"x", "a\"b", "1'2"}}},
      {"create extension \"\"\"\" with", {{"\""}}},
      {"create /* one /* in */ another */ extension x /**//* /*/ */ */ cascade --", {{"x", "", "", false, true}}},
      {"create extension x version '", std::nullopt},
      {"create extension x version ''", std::nullopt},
      {"create extension x schema \"a", std::nullopt},
      {"create extension x schema \"\"", std::nullopt},
      {"create extension x schema \"a\"\"", std::nullopt},
      {"create extension x schema extensions garbage", std::nullopt},
      {"create extension x schema extensions; select 1", std::nullopt},
      {"create extension x schema a schema b", std::nullopt},
      {"create extension x version '1' cascade version '1'", std::nullopt},
      {"create extension x cascade cascade", std::nullopt},
      {"create extension x version E'1.\\x30'", std::nullopt},
      {"create extension U&\"x\"", std::nullopt},
      {"create extension x schema U&\"a\"", std::nullopt},
      {"create extension a.b", std::nullopt},
      {"create /* one /* in */ extension x", std::nullopt},
      {"create extension", std::nullopt},
      {"create extension if exists x", std::nullopt},
      {"create extension 'x'", std::nullopt},
      {"create extension \"", std::nullopt},
      {"create /* extension x", std::nullopt},
      {"create extensions x", std::nullopt},
      {"create \"extension\" x", std::nullopt},
      {"create table extension (n int)", std::nullopt},
      {"drop extension x", std::nullopt},
      {"", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(extension_request(c.statement), c.request) << c.statement;
}

TEST(ExtensionMove, is_read_from_alter_extension_set_schema_alone) {
  const ExtensionMove move{"pg_trgm", "extensions"};
  EXPECT_EQ(extension_move("alter extension pg_trgm set schema extensions"), move);
  EXPECT_EQ(extension_move("ALTER EXTENSION \"pg_trgm\"\n SET SCHEMA Extensions;"), move);
  EXPECT_EQ(extension_move("alter extension \"a\"\"b\" set schema \"\"\"c\""), (ExtensionMove{"a\"b", "\"c"}));
  for (const char* other : {"alter extension pg_trgm update", "alter extension pg_trgm set schema",
                            "alter extension U&\"a\" set schema x", "alter extension a set schema \"b",
                            "alter extension a set schema b c", "create extension pg_trgm schema extensions", ""}) {
    EXPECT_EQ(extension_move(other), std::nullopt) << other;
  }
}

TEST(Extensions, of_supabase_are_told_from_others) {
  for (const char* name : {"dblink", "pg_net", "postgis", "uuid-ossp"})
    EXPECT_TRUE(is_extension_of_supabase(name)) << name;
  for (const char* name : {"adminpack", "file_fdw", "pageinspect", "plperlu", "plpython3u", "xml2", ""})
    EXPECT_FALSE(is_extension_of_supabase(name)) << name;
}

}  // namespace
}  // namespace bailey::stack
