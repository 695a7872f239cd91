// SQL of one's own as a user of the client: the same person as in a request to the tables, or none.
#include <bailey/guard/user.hpp>
#include <bailey/jwt/key.hpp>
#include <bailey/pg/scoped_database.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include "tests/support/postgres_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace bailey::test {
namespace {

constexpr const char* alice = "a11ce000-0000-4000-8000-000000000001";
constexpr const char* bob = "b0b00000-0000-4000-8000-000000000002";
constexpr const char* secret = "a-secret-of-more-than-32-bytes-0123456789";

struct Note {
  Uuid user_id;
  std::string text;
};

class OwnSql : public testing::Test {
 protected:
  void SetUp() override {
    PostgresServer& server = PostgresServer::shared();
    const std::string name = server.create_database();
    server.create_supabase_roles(name);
    server.execute(
        "create table notes (user_id uuid not null default auth.uid(), text text not null);"
        "alter table notes enable row level security;"
        "create policy own on notes to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());"
        "grant select, insert on notes to authenticated, anon;"
        "insert into notes select u::uuid, 'n' from generate_series(1, 10), unnest(array['" +
            std::string(alice) + "','" + bob + "']) u",
        name);
    options_.url = "http://127.0.0.1:1";
    options_.anon_key = Secret(signed_by(secret, R"({"role":"anon"})"));
    options_.jwt_secret = Secret(secret);
    options_.database_url = Secret(server.connection_string("authenticator", name));
  }

  [[nodiscard]] static std::string signed_by(const char* key, const std::string& claims) {
    return *jwt::Key::from_secret(Secret(key))->sign(claims);
  }
  [[nodiscard]] static std::string token(const std::string& user, const std::string& role = "authenticated",
                                         std::chrono::seconds left = std::chrono::hours(1)) {
    const auto ends = std::chrono::system_clock::now() + left;
    return signed_by(secret, R"({"sub":")" + user + R"(","role":")" + role + R"(","aud":"authenticated","exp":)" +
                                 std::to_string(std::chrono::system_clock::to_time_t(ends)) + "}");
  }
  [[nodiscard]] std::string code_as(std::string text) const {
    return run_blocking([&]() -> Task<std::string> {
      std::string code;
      try {
        static_cast<void>(Supabase(options_).as(text).database());
      } catch (const PostgrestError& error) {
        code = error.code();
      }
      co_return code;
    });
  }

  SupabaseOptions options_;
};

TEST_F(OwnSql, shows_interleaved_users_not_one_row_of_anothers) {
  options_.database_connections_per_loop = 1;
  const Supabase supabase(options_);
  const auto work = [](Supabase as, std::string me) -> Task<> {
    for (int round = 0; round < 20; ++round) {
      const pg::Rows rows = co_await as.database().run("select user_id, text from notes");
      const std::vector<Note> notes = rows.as<Note>();
      EXPECT_EQ(notes.size(), 10U);
      for (const Note& note : notes) EXPECT_EQ(note.user_id.to_string(), me);
      co_await sleep_for(std::chrono::milliseconds(round % 3));
    }
  };
  run_blocking([&]() -> Task<> {
    co_await when_all(work(supabase.as(token(alice)), alice), work(supabase.as(token(bob)), bob),
                      work(supabase.as(token(alice)), alice), work(supabase.as(token(bob)), bob));
  });
}

TEST_F(OwnSql, acts_as_a_request_to_the_tables_does) {
  options_.schema = "public";
  const Supabase supabase(options_);
  run_blocking([&]() -> Task<> {
    const User user(*Uuid::parse(alice), supabase.as(token(alice)));
    const pg::Rows who = co_await user.database().run(
        "select current_user, auth.uid(), current_setting('search_path'), auth.jwt() ->> 'aud'");
    EXPECT_EQ(who.get<std::string>(0, 0), "authenticated");
    EXPECT_EQ(who.get<std::string>(0, 1), alice);
    EXPECT_EQ(who.get<std::string>(0, 2), R"("public", "extensions")");
    EXPECT_EQ(who.get<std::string>(0, 3), "authenticated");
    const pg::Rows nobody = co_await supabase.database().run("select current_user, auth.uid() from notes");
    EXPECT_TRUE(nobody.empty());
  });
}

TEST_F(OwnSql, is_for_no_token_that_a_request_would_be_refused_for) {
  EXPECT_EQ(code_as(token(alice)), "");
  EXPECT_EQ(code_as(token(alice, "authenticated", std::chrono::hours(-1))), "PGRST303");
  EXPECT_EQ(code_as(signed_by("another-secret-of-more-than-32-bytes-0123456789", R"({"role":"authenticated"})")),
            "PGRST301");
  EXPECT_EQ(code_as("no token"), "PGRST301");
  EXPECT_EQ(code_as(token(alice, "postgres")), "42501");
  EXPECT_EQ(code_as(token(alice, "none")), "42501");
  options_.database_url.reset();
  EXPECT_EQ(code_as(token(alice)), "missing_setting");
}

}  // namespace
}  // namespace bailey::test
