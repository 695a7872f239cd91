#include "stack/database/event_triggers.hpp"

#include <gtest/gtest.h>

namespace bailey::stack {
namespace {

TEST(EventTriggerRequest, is_read_from_create_event_trigger_in_every_spelling) {
  struct Case {
    std::string statement;
    std::optional<EventTriggerRequest> request;
  };
  const std::vector<Case> cases{
      {"create event trigger e on ddl_command_end execute function f()", {{"e", "ddl_command_end", {}, "\"f\"()"}}},
      {"CREATE EVENT TRIGGER Ensure_RLS\n  ON DDL_Command_End\n  WHEN TAG IN ('CREATE TABLE', 'SELECT INTO')\n"
       "  EXECUTE PROCEDURE Public.F( )",
       {{"ensure_rls", "ddl_command_end", {"CREATE TABLE", "SELECT INTO"}, "\"public\".\"f\"()"}}},
      {"create event/* */trigger\"Odd Name\"on\"sql_drop\"when tag in('DROP TABLE')execute function\"S\".\"F()\"()--x",
       {{"Odd Name", "sql_drop", {"DROP TABLE"}, "\"S\".\"F()\"()"}}},
      {"create event trigger e on x execute function a.b.c()", {{"e", "x", {}, "\"a\".\"b\".\"c\"()"}}},
      {"create event trigger e on x when tag in () execute function f()", std::nullopt},
      {"create event trigger e on x when tag in ('a',) execute function f()", std::nullopt},
      {"create event trigger e on x when tag in ('a''b') execute function f()", {{"e", "x", {"a'b"}, "\"f\"()"}}},
      {"create event trigger e on x when tag in (E'a') execute function f()", std::nullopt},
      {"create event trigger e on x when tag in ('a') and tag in ('b') execute function f()", std::nullopt},
      {"create event trigger e on x when other in ('a') execute function f()", std::nullopt},
      {"create event trigger \"e\"\"\" on x execute function \"a\"\".b\".f()",
       {{"e\"", "x", {}, "\"a\"\".b\".\"f\"()"}}},
      {"create event trigger U&\"e\" on x execute function f()", std::nullopt},
      {"create event trigger e on x execute function f(1)", std::nullopt},
      {"create event trigger e on x execute function f() cascade", std::nullopt},
      {"create event trigger e on x execute function f(", std::nullopt},
      {"create event trigger e on x execute function .f()", std::nullopt},
      {"create event trigger e on x execute f()", std::nullopt},
      {"create event trigger e on", std::nullopt},
      {"create event trigger", std::nullopt},
      {"create trigger e after insert on t execute function f()", std::nullopt},
      {"drop event trigger e", std::nullopt},
      {"", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(event_trigger_request(c.statement), c.request) << c.statement;
}

}  // namespace
}  // namespace bailey::stack
