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
      {"CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA \"extensions\"", {{"uuid-ossp", "extensions"}}},
      {"Create\n\tExtension If Not Exists PG_Net Schema Extensions version '1'", {{"pg_net", "extensions"}}},
      {"create extension\"Odd Name\"schema\"Odd\"", {{"Odd Name", "Odd"}}},
      {"create -- this\n extension /* that */ pg_cron with version '1.6' schema x", {{"pg_cron", ""}}},
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

TEST(Extensions, that_reach_files_or_programs_are_made_by_no_superuser) {
  for (const char* name : {"adminpack", "dblink", "file_fdw", "pageinspect", "plperlu", "plpython3u", "xml2", ""}) {
    EXPECT_FALSE(is_made_by_superuser(name)) << name;
    EXPECT_FALSE(is_supabases_own_extension(name)) << name;
  }
}

}  // namespace
}  // namespace bailey::stack
