// The same mistake has the same error, whatever the way to the database.
#include "tests/supabase/models.hpp"
#include "tests/supabase/test_project.hpp"
#include "tests/support/peak_memory.hpp"

#include <bailey/jwt/key.hpp>

#include <functional>

namespace bailey::test {
namespace {

struct Mistake {
  std::string name;
  std::function<PostgrestError(const Supabase& nobody, const Supabase& alice)> make;
  std::string code;
  int http_status;
};

std::string as_another(std::string_view claims) {
  return *jwt::Key::from_secret(Secret("another-secret-of-more-than-32-bytes-0123456789"))->sign(claims);
}

// The mistake of coming with this token.
Mistake coming_with(std::string name, std::string token, std::string code = "PGRST301", int http_status = 401) {
  return {std::move(name),
          [token](const Supabase& n, auto&) { return error_of(n.as(token).from("test_cards").select()); },
          std::move(code), http_status};
}

std::vector<Mistake> mistakes() {
  const TestProject& project = TestProject::shared();
  const auto at = [](std::int64_t seconds) { return std::to_string(TestProject::unix_now() + seconds); };
  const std::string& good = project.alice().token;
  const NewCard card{"X", std::nullopt};
  const json::object foreign{{"full_name", "X"}, {"user_id", "b0b00000-0000-4000-8000-000000000002"}};
  return {
      {"no such relation", [](auto&, const Supabase& a) { return error_of(a.from("test_cardz").select()); }, "PGRST205",
       404},
      {"no such schema", [](auto&, const Supabase& a) { return error_of(a.from("hidden", "test_cards").select()); },
       "PGRST106", 406},
      {"no such column to read", [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select("nope")); },
       "42703", 400},
      {"no such column to filter",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select().eq("nope", 1)); }, "42703", 400},
      {"no such column to order by",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select().order("nope")); }, "42703", 400},
      {"no such column to write",
       [](auto&, const Supabase& a) {
         return error_of(a.from("test_cards").insert(json::array{json::object{{"nope", 1}}}));
       },
       "PGRST204", 400},
      {"a value of another type",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select().eq("id", "x")); }, "22P02", 400},
      {"a cast to no type", [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select("id::nope")); },
       "42704", 400},
      {"a missing value",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").insert(json::object{{"website", "x"}})); },
       "23502", 400},
      {"a refused value",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").insert(json::object{{"full_name", ""}})); },
       "23514", 400},
      {"a duplicate",
       [](auto&, const Supabase& a) {
         return error_of(a.from("test_cards").insert(NewCard{"X", "one@alice.example"}));
       },
       "23505", 409},
      {"a duplicate of a row one may not see",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").insert(NewCard{"X", "one@bob.example"})); },
       "23505", 409},
      {"writing for another user",
       [foreign](auto&, const Supabase& a) { return error_of(a.from("test_cards").insert(foreign)); }, "42501", 403},
      {"giving a row to another user",
       [foreign](auto&, const Supabase& a) { return error_of(a.from("test_cards").update(foreign).eq("id", 1)); },
       "42501", 403},
      {"writing as nobody", [card](const Supabase& n, auto&) { return error_of(n.from("test_cards").insert(card)); },
       "42501", 401},
      {"a system catalogue",
       [](auto&, const Supabase& a) { return error_of(a.from("pg_catalog", "pg_authid").select()); }, "PGRST106", 406},
      {"a bad regular expression",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select().regex_match("full_name", "(")); },
       "2201B", 400},
      {"bad array text",
       [](auto&, const Supabase& a) { return error_of(a.from("test_values").select().contains("tags", "{")); }, "22P02",
       400},
      {"full-text search of nonsense",
       [](auto&, const Supabase& a) { return error_of(a.from("test_values").select().text_search("words", "a b")); },
       "42601", 400},
      {"no such text search configuration",
       [](auto&, const Supabase& a) {
         return error_of(
             a.from("test_values").select().text_search("words", "a", {.type = TextSearch::plain, .config = "nope"}));
       },
       "42704", 400},
      {"several rows as one", [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select().single()); },
       "PGRST116", 406},
      {"an offset behind the end",
       [](auto&, const Supabase& a) { return error_of(a.from("test_cards").select<Card>().offset(9).page()); },
       "PGRST103", 416},
      coming_with("no token", "not-a-token"),
      coming_with("an empty token", ""),
      coming_with("a token that would end its header", "a\r\nX-Evil: 1"),
      coming_with("a token of three parts of nothing", "a.b.c"),
      coming_with("a token of two parts", good.substr(0, good.rfind('.'))),
      coming_with("a token without a signature", good.substr(0, good.rfind('.') + 1)),
      coming_with("a token with a part too many", good + ".x"),
      coming_with("a token of another algorithm", jwt::Key::generate_es256("k").sign(R"({"role":"anon"})").value()),
      coming_with("an unsigned token", "eyJhbGciOiJub25lIn0.e30.e30"),
      coming_with("a forged token", as_another(TestProject::claims_of(project.alice().id))),
      coming_with("a forged token that has ended", as_another(TestProject::claims_of(project.alice().id, true))),
      coming_with("a token that has ended", project.token(TestProject::claims_of(project.alice().id, true)),
                  "PGRST303"),
      coming_with("a token whose time has not come", project.token(R"({"role":"anon","nbf":)" + at(3600) + "}"),
                  "PGRST303"),
      coming_with("a token of a role that no request may have", project.token(R"({"role":"postgres"})"), "42501", 403),
      coming_with("a token of a role that is none", project.token(R"({"role":"none"})"), "42501", 403),
  };
}

class Mistakes : public testing::Test {
 protected:
  void SetUp() override { TestProject::shared().reset(); }
};

TEST_F(Mistakes, have_the_same_error_over_http_and_directly) {
  const TestProject& project = TestProject::shared();
  const Supabase http(project.http_options());
  const Supabase direct(project.direct_options());
  for (const Mistake& mistake : mistakes()) {
    SCOPED_TRACE(mistake.name);
    const PostgrestError over_http = mistake.make(http, http.as(project.alice().token));
    const PostgrestError directly = mistake.make(direct, direct.as(project.alice().token));
    EXPECT_EQ(directly.code(), mistake.code) << directly.message() << " " << directly.details();
    EXPECT_EQ(directly.http_status(), mistake.http_status);
    EXPECT_EQ(over_http.code(), mistake.code) << over_http.message() << " " << over_http.details();
    EXPECT_EQ(over_http.http_status(), mistake.http_status);
    EXPECT_EQ(directly.message(), over_http.message());
    EXPECT_EQ(directly.details(), over_http.details());
    if (mistake.code != "PGRST106") {  // its hint lists the schemas, which a project may expose more of
      EXPECT_EQ(directly.hint(), over_http.hint());
    }
  }
}

TEST_F(Mistakes, of_asking_for_too_much_at_once_say_the_bound_and_cost_no_memory) {
  const TestProject& project = TestProject::shared();
  constexpr std::size_t limit = std::size_t{1} << 20;
  project.execute("insert into public.test_cards (user_id, full_name, website) select '" + project.alice().id +
                  "', 'long', repeat('x', 1000000) from generate_series(1, 10)");
  for (SupabaseOptions options : {project.http_options(), project.direct_options()}) {
    options.response_limit_bytes = limit;
    const Supabase alice = Supabase(options).as(project.alice().token);
    const std::string long_text(2 * limit, 'x');
    EXPECT_EQ(error_of(alice.from("test_cards").insert<Card>(json::object{{"full_name", "w"}, {"website", long_text}}))
                  .code(),
              "response_too_large");
    const PeakMemory peak;
    const std::size_t before = PeakMemory::bytes();
    const PostgrestError error = error_of(alice.from("test_cards").select());
    EXPECT_EQ(error.code(), "response_too_large");
    EXPECT_EQ(error.http_status(), 502);
    EXPECT_FALSE(error.answer().shows_message);
    EXPECT_EQ(error.message(),
              "The database's answer has more than 1048576 bytes (response_limit_bytes). Ask for fewer rows or columns "
              "at a time (limit, range), or raise the limit.");
    if (alice.uses_database_directly()) {  // over HTTP the server's memory is this program's, too
      EXPECT_LT(PeakMemory::bytes() - before, 4 * limit);
      EXPECT_TRUE(get(alice.from("test_cards").select("id").eq("full_name", "w")).empty()) << "it was not undone";
    }
    EXPECT_EQ(get(alice.from("test_cards").select("id").eq("full_name", "long")).size(), 10U);
    project.execute("delete from public.test_cards where full_name = 'w'");
  }
}

TEST_F(Mistakes, leave_the_connection_fit_for_the_next_request) {
  const TestProject& project = TestProject::shared();
  for (const SupabaseOptions& options : {project.http_options(), project.direct_options()}) {
    const Supabase alice = Supabase(options).as(project.alice().token);
    const auto cards = [](Supabase user) -> Task<std::size_t> {
      for (int i = 0; i < 5; ++i) {
        const auto failed = co_await user.from("test_cards").select("nope").try_execute();
        EXPECT_FALSE(failed);
      }
      const auto found = co_await user.from("test_cards").select<Card>();
      co_return found.size();
    };
    EXPECT_EQ(run_blocking(cards(alice)), 2);
  }
}

}  // namespace
}  // namespace bailey::test
