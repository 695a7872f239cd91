// As which roles a request may act, and the time each has.
#include "query/executor_fixture.hpp"

#include <functional>

namespace bailey::query {
namespace {

TEST_F(ExecutorTest, acts_as_any_role_the_connections_user_was_granted_and_no_mightier_one) {
  execute(R"sql(
    create role editor; create role reviewer; create role unasked;
    create role granted_bypass bypassrls; create role distant_bypass bypassrls; create role beyond_super;
    create role mighty superuser; create role supabase_admin;
    grant editor, granted_bypass, mighty, supabase_admin, pg_read_all_data to authenticator;
    grant reviewer, distant_bypass to editor;
    grant beyond_super to mighty;
    grant usage on schema public to public;
  )sql");
  restart({.reload_floor = std::chrono::milliseconds(0)}, pg::RoleCheck::by_caller);
  execute("grant select on request to public");
  const auto status = [&](const std::string& role) {
    return send({.path = "/request", .query = "select=role"}, {role, "{}", {}}).status;
  };
  for (const char* role : {"anon", "authenticated", "service_role", "editor", "reviewer", "granted_bypass"}) {
    EXPECT_EQ(send({.path = "/request", .query = "select=role"}, {role, "{}", {}}).body,
              R"([{"role":")" + std::string(role) + "\"}]");
  }
  for (const char* role : {"unasked", "distant_bypass", "mighty", "beyond_super", "supabase_admin", "pg_read_all_data",
                           "postgres", "authenticator", "none", "", "anon; reset role", "nobody"}) {
    EXPECT_EQ(status(role), 403) << role;
  }
  // A grant is seen by the next request, a revocation at once: the database has the last word.
  execute("grant unasked to authenticator; revoke editor from authenticator");
  EXPECT_EQ(status("editor"), 403);
  EXPECT_EQ(status("unasked"), 200);
  execute(
      "drop owned by editor, reviewer, granted_bypass, distant_bypass, mighty, beyond_super, supabase_admin, unasked;"
      "drop role editor, reviewer, granted_bypass, distant_bypass, mighty, beyond_super, supabase_admin, unasked;"
      "revoke pg_read_all_data from authenticator");
}

TEST_F(ExecutorTest, acts_as_the_listed_roles_only_unless_it_is_told_otherwise) {
  execute("create role outside; grant outside to authenticator");
  EXPECT_EQ(send({.path = "/books"}, {"outside", "{}", {}}).status, 403);
  execute("drop role outside");
}

TEST_F(ExecutorTest, gives_each_role_the_time_it_has_by_now) {
  execute(
      "create view patience as select current_setting('statement_timeout') as limit;"
      "grant select on patience to anon, authenticated, service_role;"
      "alter role authenticator set statement_timeout = '8s'; alter role service_role set statement_timeout = 0;"
      "alter role anon set statement_timeout = '3s'");
  restart({}, pg::RoleCheck::by_caller);
  const auto limit = [&](const std::string& role) { return send({.path = "/patience"}, {role, "{}", {}}).body; };
  EXPECT_EQ(limit("anon"), R"([{"limit":"3s"}])");
  EXPECT_EQ(limit("authenticated"), R"([{"limit":"8s"}])");
  EXPECT_EQ(limit("service_role"), R"([{"limit":"0"}])");
  bool seen = false;
  const std::function<void()> change = [&] {
    execute("alter role anon set statement_timeout = '1s'; notify pgrst, 'reload config'");
  };
  run_blocking(notify_and_wait(*executor_, change, &seen));
  EXPECT_TRUE(seen);
  EXPECT_EQ(limit("anon"), R"([{"limit":"1s"}])");
  execute(
      "alter role anon reset statement_timeout; alter role service_role reset statement_timeout;"
      "alter role authenticator reset statement_timeout");
}

TEST_F(ExecutorTest, gives_a_role_no_more_time_than_the_database_gives_all) {
  execute(
      "create view patience as select current_setting('statement_timeout') as limit;"
      "grant select on patience to anon, authenticated, service_role;"
      "alter role anon set statement_timeout = '1.5 s'; alter role authenticated set statement_timeout = '1min'");
  restart({}, pg::RoleCheck::listed, std::chrono::seconds(5));
  const auto limit = [&](const std::string& role) { return send({.path = "/patience"}, {role, "{}", {}}).body; };
  EXPECT_EQ(limit("anon"), R"([{"limit":"1500ms"}])");
  EXPECT_EQ(limit("authenticated"), R"([{"limit":"5s"}])");
  EXPECT_EQ(limit("service_role"), R"([{"limit":"5s"}])");
  execute("alter role anon set statement_timeout = 700; alter role authenticated set statement_timeout = 0");
  run_blocking(executor_->reload_schema());
  EXPECT_EQ(limit("anon"), R"([{"limit":"700ms"}])");
  EXPECT_EQ(limit("authenticated"), R"([{"limit":"5s"}])");
  execute("alter role anon reset statement_timeout; alter role authenticated reset statement_timeout");
}

}  // namespace
}  // namespace bailey::query
