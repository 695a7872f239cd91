#include "stack/database/sql_script.hpp"

#include <gtest/gtest.h>

namespace bailey::stack {
namespace {

struct Case {
  std::string_view name, script;
  std::vector<std::string> statements;
};

class SplitScript : public testing::TestWithParam<Case> {};

TEST_P(SplitScript, ends_statements_where_postgresql_does) {
  std::vector<std::string> texts;
  for (const ScriptStatement& statement : split_script(GetParam().script)) texts.push_back(statement.text);
  EXPECT_EQ(texts, GetParam().statements);
}

INSTANTIATE_TEST_SUITE_P(
    Sql, SplitScript,
    testing::Values(
        Case{"nothing", " \n-- only a comment\n;;/* and */ ;", {}},
        Case{"two", "select 1; select 2", {"select 1", "select 2"}},
        Case{"byte_order_mark", "\xEF\xBB\xBFselect 1;", {"select 1"}},
        Case{"quotes", "select ';', \"a;b\", 'it''s;'; select 2;", {"select ';', \"a;b\", 'it''s;'", "select 2"}},
        Case{"escape_string", R"(select E'a\';b', 'c\'; select 2)", {R"(select E'a\';b', 'c\')", "select 2"}},
        Case{"dollar_quotes",
             "do $$ a; b; $$; select $x$ $$;$$ ; $x$, $1;",
             {"do $$ a; b; $$", "select $x$ $$;$$ ; $x$, $1"}},
        Case{"dollar_in_a_name", "select a$b; select 2", {"select a$b", "select 2"}},
        Case{"comments", "/* a; /* b; */ c; */ select 1 -- x;\n; select 2", {"select 1 -- x;", "select 2"}},
        Case{"parentheses",
             "create rule r as on insert to t do also (insert into u values (1); delete from v); x",
             {"create rule r as on insert to t do also (insert into u values (1); delete from v)", "x"}},
        Case{"atomic_body",
             "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
             {"create function f() returns int begin atomic select case when true then 1 end; select 2; end",
              "select 3"}},
        Case{"plain_begin", "begin; select 1; end; x", {"begin", "select 1", "end", "x"}},
        Case{"unclosed_quote", "select 'a; b", {"select 'a; b"}},
        Case{"unclosed_comment", "select 1; /* a; b", {"select 1"}},
        Case{"unclosed_dollar", "select $$a; b", {"select $$a; b"}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(SplitScript, knows_the_line_of_each_statement_and_of_a_place_in_it) {
  const auto statements = split_script("select 1;\n\n-- two\nselect\n  'ä',\n  oops;\n");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].line, 1U);
  EXPECT_EQ(statements[1].line, 4U);
  EXPECT_EQ(line_of(statements[1], 0), 4U);
  EXPECT_EQ(line_of(statements[1], 10), 5U);
  EXPECT_EQ(line_of(statements[1], 17), 6U);
}

// Whatever bytes come, the splitter ends and loses none but blanks, comments and semicolons.
TEST(SplitScript, ends_on_every_prefix_of_a_script) {
  const std::string_view script = "select E'\\'', $a$;$a$, \"x;\" /* /* */ ; */; begin atomic case end; end; (;);--";
  for (std::size_t length = 0; length <= script.size(); ++length) {
    for (const ScriptStatement& statement : split_script(script.substr(0, length)))
      EXPECT_FALSE(statement.text.empty());
  }
}

}  // namespace
}  // namespace bailey::stack
