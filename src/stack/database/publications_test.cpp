#include "stack/database/publications.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bailey::stack {
namespace {

TEST(PublicationOfAllTables, is_read_from_create_publication_in_every_spelling) {
  struct Case {
    std::string statement;
    std::optional<PublicationOfAllTables> publication;
  };
  const std::vector<Case> cases{
      {"create publication p for all tables", {{"p", "create publication \"p\" "}}},
      {"CREATE PUBLICATION Supabase_Realtime\n FOR /* all */ ALL TABLES WITH (publish = 'insert; update')",
       {{"supabase_realtime", "create publication \"supabase_realtime\" WITH (publish = 'insert; update')"}}},
      {"create publication \"P q\"for all tables with (x)", {{"P q", "create publication \"P q\" with (x)"}}},
      {"create publication p", std::nullopt},
      {"create publication p for table all", std::nullopt},
      {"create publication p for all", std::nullopt},
      {"create publication p for tables in schema public", std::nullopt},
      {"create publication \"p\"\"q\" for all tables", {{"p\"q", "create publication \"p\"\"q\" "}}},
      {"create publication U&\"p\" for all tables", std::nullopt},
      {"alter publication p for all tables", std::nullopt},
      {"", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(publication_of_all_tables(c.statement), c.publication) << c.statement;
}

}  // namespace
}  // namespace bailey::stack
