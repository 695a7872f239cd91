// A start after what `postgres` may do to the database and its roles by a statement: it goes well, or says in one
// sentence at what step it does not, why, and what helps.
#include <signal.h>
#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "stack/database/preparation.hpp"
#include "tests/stack/superuser_fixture.hpp"

namespace bailey::test {
namespace {

class AStart : public TheSuperuser {
 protected:
  // As `bailey dev` prepares the database; what it says when it cannot.
  static std::string prepare() {
    try {
      stack::prepare_database(folder_->project, stack::Config(), cluster());
      return "";
    } catch (const Error& failure) {
      return failure.message();
    }
  }

  // In a session of its own: what has been done may change the next.
  static void as(const std::string& role, const std::string& sql, const std::string& database = "postgres") {
    ASSERT_NO_THROW(login(role, database).execute(sql)) << sql;
  }
};

TEST_F(AStart, goes_well_after_what_postgres_may_do_to_the_database_and_its_roles) {
  struct Case {
    const char* role;
    const char* sql;
    bool is_refused_from_16 = false;  // who may make roles has no power then over those that others have made
  };
  const Case cases[] = {
      {"postgres", "drop schema public cascade"},
      {"postgres", "alter schema public rename to elsewhere"},
      {"postgres", "drop schema extensions cascade"},
      {"postgres", "drop schema supabase_migrations cascade"},
      {"postgres", "alter role anon rename to anon2; alter role service_role rename to sr2", true},
      {"postgres", "alter role authenticator rename to zzz", true},
      {"postgres", "drop role authenticator", true},
      {"supabase_auth_admin", "alter role postgres rename to zzz", true},
      {"postgres", "alter role supabase_auth_admin rename to zzz", true},
      {"postgres", "alter database postgres set timezone_abbreviations = 'India'"},
      {"postgres", "alter database postgres connection limit 0"},
      {"postgres", "revoke connect on database postgres from public"},
      {"postgres", "revoke all on database postgres from public, postgres, authenticator, supabase_auth_admin"},
      {"postgres", "alter database postgres set default_transaction_read_only = on"},
      {"postgres", "alter role postgres set default_transaction_read_only = on"},
      {"postgres", "alter database postgres set statement_timeout = 1"},
      {"postgres", "alter role postgres set role = 'anon'"},
      {"postgres", "alter role postgres set local_preload_libraries = 'nope'"},
      {"postgres", "alter database postgres set local_preload_libraries = 'nope'"},
  };
  ASSERT_EQ(prepare(), "");
  superuser("template1").execute("drop database made_by_bailey");
  superuser("template1").execute("create database made_by_bailey template postgres");
  const bool is_16 =
      superuser("template1").query("select current_setting('server_version_num')::int >= 160000").at(0).at(0) == "t";
  for (const auto& [role, sql, is_refused_from_16] : cases) {
    begin_anew();
    if (is_16 && is_refused_from_16) {
      EXPECT_THROW(login(role).execute(sql), Error) << sql;
    } else {
      as(role, sql);
    }
    EXPECT_EQ(prepare(), "") << sql;
    for (const char* service : {"authenticator", "supabase_auth_admin"}) {
      EXPECT_NO_THROW(BlockingConnection(cluster().service_connection_string(service)).execute("select 1"))
          << service << ": " << sql;
    }
    EXPECT_NO_THROW(login("postgres")) << sql;  // as who pastes the printed URL
    EXPECT_NO_THROW(BlockingConnection(cluster().service_connection_string("authenticator"))
                        .execute("begin; set local role anon; set local role service_role"))
        << sql;
    superuser("postgres").execute("alter role all reset all; alter role postgres reset all");
  }
}

// What is set is as far from what PostgreSQL begins with as it may be.
TEST_F(AStart, goes_well_whatever_is_set_for_the_database) {
  for (const char* extreme : {"min_val", "max_val"}) {
    begin_anew();
    const auto settings =
        superuser("template1")
            .query(
                std::string("select 'alter database postgres set ' || quote_ident(name) || ' = ' || quote_literal(case"
                            " when vartype = 'bool' then case boot_val when 'on' then 'off' else 'on' end"
                            " when vartype = 'enum' then (select v from unnest(enumvals) v where v <> boot_val limit 1)"
                            " when vartype = 'string' then case name when 'timezone_abbreviations' then 'India' when"
                            " 'client_encoding' then 'WIN1252' when 'role' then 'anon' else 'a' end else ") +
                extreme +
                " end) from pg_settings where context in ('user', 'superuser', 'backend') and name !~ "
                "'^(plpgsql|pg_stat|client_min_messages)'");
    BlockingConnection postgres = login("postgres");
    int set = 0;
    for (const auto& row : settings) {
      try {
        postgres.execute(row.at(0).value());
        ++set;
      } catch (const Error&) {  // none of a project's, or no value of it
      }
    }
    EXPECT_GT(set, 80);
    folder_->write("migrations/20400101_" + std::string(extreme) + ".sql", "create table public.done ()");
    EXPECT_EQ(prepare(), "") << extreme;
    std::filesystem::remove(folder_->project.migrations_folder() / ("20400101_" + std::string(extreme) + ".sql"));
  }
}

// They bound what a request may hold.
TEST_F(AStart, leaves_the_services_the_limits_of_time_that_their_roles_have) {
  ASSERT_EQ(prepare(), "");
  const auto limit = [](const char* role, const std::string& name) {
    return BlockingConnection(cluster().service_connection_string(role)).query("show " + name).at(0).at(0).value();
  };
  EXPECT_EQ(limit("supabase_auth_admin", "idle_in_transaction_session_timeout"), "1min");
  EXPECT_EQ(limit("authenticator", "statement_timeout"), "8s");
}

TEST_F(AStart, stores_the_text_of_a_migration_as_it_stands_in_the_file) {
  login("postgres").execute("alter database postgres set client_encoding = 'WIN1252'");
  folder_->write("migrations/20400102_text.sql", "create table public.text as select 'né — 日'::text as body");
  EXPECT_EQ(prepare(), "");
  EXPECT_EQ(superuser("postgres").query("select body from public.text").at(0).at(0), "né — 日");
  EXPECT_EQ(superuser("postgres").query("select octet_length(body)::text from public.text").at(0).at(0), "11");
  std::filesystem::remove(folder_->project.migrations_folder() / "20400102_text.sql");
}

TEST_F(AStart, that_fails_says_in_one_sentence_at_what_and_why_and_what_helps) {
  struct Case {
    const char* role;
    const char* sql;
    const char* step;
    const char* reason;
  };
  const Case cases[] = {
      {"postgres",
       "drop schema if exists supabase_migrations cascade; create schema supabase_migrations;"
       " create view supabase_migrations.schema_migrations as select 1 as version",
       "the migrations of the project", "cannot be performed on relation"},
      {"postgres",
       "drop schema if exists supabase_migrations cascade; create function public.no() returns event_trigger"
       " language plpgsql as $$ begin raise exception 'not here'; end $$;"
       " select _bailey.create_event_trigger('no', 'ddl_command_start', null, 'public.no()')",
       "the migrations of the project", "not here"},
  };
  for (const auto& [role, sql, step, reason] : cases) {
    begin_anew();
    as(role, sql);
    const std::string told = prepare();
    EXPECT_NE(told.find(step), std::string::npos) << told;
    EXPECT_NE(told.find(reason), std::string::npos) << told;
    EXPECT_NE(told.find("bailey dev --reset"), std::string::npos) << told;
    EXPECT_EQ(std::ranges::count(told, '\n'), 0) << told;
  }
}

// It would be called by the very least that Bailey changes as `postgres`, and may never return.
TEST_F(AStart, calls_no_event_trigger_of_a_project_where_there_is_nothing_to_do) {
  ASSERT_EQ(prepare(), "");
  as("postgres",
     "create function public.no() returns event_trigger language plpgsql as"
     " $$ begin raise exception 'not here'; end $$;"
     " select _bailey.create_event_trigger('no', 'ddl_command_start', null, 'public.no()')");
  EXPECT_EQ(prepare(), "");
}

// They hold names that a project has chosen.
TEST_F(AStart, brings_nothing_to_the_terminal_that_postgresql_says_as_it_lets_somebody_in) {
  as("postgres", "create role \"e\033[31mred\033]0;t\a\"");
  as("postgres", "alter database postgres set session_authorization = \"e\033[31mred\033]0;t\a\"");
  testing::internal::CaptureStderr();
  const std::string told = prepare();
  login("postgres").execute("do $$ begin raise warning 'one\033[31m'; end $$");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(told, "");
  as("postgres", "alter database postgres reset session_authorization");
  as("postgres", "drop role \"e\033[31mred\033]0;t\a\"");
}

// A server process that ends takes all others with it.
TEST_F(AStart, whose_connection_is_lost_says_what_postgresql_says) {
  ASSERT_EQ(prepare(), "");
  folder_->write("migrations/20400104_kill.sql", "select 1;\nselect pg_sleep(60), 'ended'");
  std::jthread killer([] {
    for (std::string pid; pid.empty();) {
      const auto rows = superuser("template1")
                            .query(
                                "select pid::text from pg_stat_activity where query like '%''ended''%'"
                                " and usename = 'postgres'");
      if (!rows.empty()) kill(std::stoi(pid = rows[0].at(0).value()), SIGKILL);
    }
  });
  const std::string told = prepare();
  std::filesystem::remove(folder_->project.migrations_folder() / "20400104_kill.sql");
  EXPECT_NE(told.find("20400104_kill.sql:2: the connection to the database was lost"), std::string::npos) << told;
  EXPECT_NE(told.find("was terminated by signal 9"), std::string::npos) << told;
  // PostgreSQL recovers, and lets nobody in before it has.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (bool is_back = false; !is_back && std::chrono::steady_clock::now() < limit;) {
    try {
      superuser("template1").execute("select 1");
      is_back = true;
    } catch (const Error&) {
      std::this_thread::yield();
    }
  }
}

TEST_F(AStart, reads_no_device_that_a_migration_is_a_link_to) {
  const auto link = folder_->project.migrations_folder() / "20400103_zero.sql";
  std::filesystem::create_symlink("/dev/zero", link);
  const std::string told = prepare();
  std::filesystem::remove(link);
  EXPECT_NE(told.find("20400103_zero.sql: it is no plain file"), std::string::npos) << told;
}

}  // namespace
}  // namespace bailey::test
