// What goes out over HTTP, and what never does.
#include "tests/supabase/models.hpp"
#include "tests/supabase/test_project.hpp"
#include "tests/supabase/test_server.hpp"

#include <bailey/base/log.hpp>

namespace bailey::test {
namespace {

constexpr std::string_view canaries[] = {"canary-anon", "canary-service", "canary-token", "canary-password"};

SupabaseOptions options_for(std::string url) {
  SupabaseOptions options;
  options.url = std::move(url);
  options.anon_key = Secret("canary-anon");
  options.service_role_key = Secret("canary-service");
  options.retry_delay = std::chrono::milliseconds(1);
  return options;
}

http::Response json_answer(int status, std::string body) { return http::Response::json(status, std::move(body)); }

void expect_no_canary(const PostgrestError& error) {
  for (const std::string_view canary : canaries) {
    for (const std::string& text :
         {error.code(), error.message(), error.details(), error.hint(), std::string(error.what())})
      EXPECT_EQ(text.find(canary), std::string::npos) << text;
  }
}

TEST(OverHttp, sends_the_key_of_the_project_and_the_token_of_the_user) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(200, "[]"); });
  const Supabase nobody(options_for(server.url() + "/base/"));
  get(nobody.from("cards").select());
  get(nobody.as("canary-token").from("other", "cards").select("id").eq("name", "a&b=c d"));
  get(nobody.as_service_role().from("cards").select());
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 3);
  EXPECT_EQ(seen[0].target, "/base/rest/v1/cards");
  EXPECT_EQ(seen[0].header("apikey"), "canary-anon");
  EXPECT_EQ(seen[0].header("authorization"), "Bearer canary-anon");
  EXPECT_EQ(seen[0].header("accept-profile"), "public");
  EXPECT_EQ(seen[1].header("apikey"), "canary-anon");
  EXPECT_EQ(seen[1].header("authorization"), "Bearer canary-token");
  EXPECT_EQ(seen[1].header("accept-profile"), "other");
  EXPECT_EQ(seen[1].target, "/base/rest/v1/cards?select=id&name=eq.a%26b%3Dc%20d");
  EXPECT_EQ(seen[2].header("apikey"), "canary-service");
  EXPECT_EQ(seen[2].header("authorization"), "Bearer canary-service");
}

TEST(OverHttp, repeats_a_read_that_met_nobody) {
  std::size_t answers = 0;
  const ScriptedServer server([&answers](const SeenRequest&) {
    const std::size_t now = answers++;
    return now == 0 ? json_answer(503, "{}") : now == 1 ? json_answer(520, "") : json_answer(200, R"([{"id":7}])");
  });
  const auto rows = get(Supabase(options_for(server.url())).from("cards").select<ValueId>());
  ASSERT_EQ(rows.size(), 1);
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 3);
  EXPECT_EQ(seen[0].header("x-retry-count"), "");
  EXPECT_EQ(seen[1].header("x-retry-count"), "1");
  EXPECT_EQ(seen[2].header("x-retry-count"), "2");
}

TEST(OverHttp, gives_up_after_three_repetitions) {
  const ScriptedServer server([](const SeenRequest&) {
    return json_answer(
        503,
        R"({"code":"PGRST002","message":"Could not query the database for the schema cache. Retrying.","details":null,"hint":null})");
  });
  const PostgrestError error = error_of(Supabase(options_for(server.url())).from("cards").select());
  EXPECT_EQ(error.code(), "PGRST002");
  EXPECT_EQ(error.http_status(), 503);
  EXPECT_EQ(server.seen().size(), 4);
}

TEST(OverHttp, never_repeats_a_write) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(503, "{}"); });
  const Supabase supabase(options_for(server.url()));
  EXPECT_EQ(error_of(supabase.from("cards").insert(json::object{{"a", 1}})).http_status(), 503);
  EXPECT_EQ(error_of(supabase.from("cards").update(json::object{{"a", 1}}).all_rows()).http_status(), 503);
  EXPECT_EQ(error_of(supabase.from("cards").delete_().all_rows()).http_status(), 503);
  EXPECT_EQ(server.seen().size(), 3);
}

TEST(OverHttp, understands_errors_that_are_not_postgrests) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"message":"Invalid API key"})", "Invalid API key"},
      {"<html>Bad Gateway</html>", "The server answered with status 400."},
      {"", "The server answered with status 400."},
      {"[1]", "The server answered with status 400."},
      {R"({"message":"Ambiguous","code":"PGRST201","details":[{"a":1}],"hint":null})", "Ambiguous"},
  };
  for (const auto& [body, message] : cases) {
    const ScriptedServer server([text = body](const SeenRequest&) { return json_answer(400, text); });
    const PostgrestError error = error_of(Supabase(options_for(server.url())).from("cards").select());
    EXPECT_EQ(error.message(), message);
    EXPECT_EQ(error.http_status(), 400);
  }
}

constexpr const char* key_refusal =
    R"({"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."})";
constexpr const char* token_refusal =
    R"({"code":"PGRST301","message":"JWT cryptographic operation failed","details":null,"hint":null})";

// Collects the log's lines while it lives.
class LoggedLines {
 public:
  LoggedLines() {
    log::set_sink([this](log::Level, std::string_view line) { text_.append(line).append("\n"); });
  }
  ~LoggedLines() { log::set_sink({}); }
  LoggedLines(const LoggedLines&) = delete;
  LoggedLines& operator=(const LoggedLines&) = delete;
  [[nodiscard]] bool contain(std::string_view text) const { return text_.contains(text); }

 private:
  std::string text_;
};

TEST(OverHttp, a_key_that_the_project_does_not_take_is_503_and_logged_and_no_fault_of_the_users_token) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(401, key_refusal); });
  const Supabase nobody(options_for(server.url()));
  const LoggedLines lines;
  for (const Supabase& handle : {nobody, nobody.as("canary-token"), nobody.as_service_role()}) {
    const PostgrestError error = error_of(handle.from("cards").select());
    EXPECT_EQ(error.code(), "api_key_refused");
    EXPECT_EQ(error.http_status(), 503);
    expect_no_canary(error);
  }
  EXPECT_TRUE(lines.contain("SUPABASE_ANON_KEY"));
  EXPECT_TRUE(lines.contain("SUPABASE_SERVICE_ROLE_KEY"));
  EXPECT_FALSE(lines.contain("canary"));
}

TEST(OverHttp, a_refused_token_is_the_users_fault_and_a_refused_key_sent_as_a_token_is_not) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(401, token_refusal); });
  const Supabase nobody(options_for(server.url()));
  EXPECT_EQ(error_of(nobody.as("canary-token").from("cards").select()).http_status(), 401);
  EXPECT_EQ(error_of(nobody.from("cards").select()).http_status(), 503);
  EXPECT_EQ(error_of(nobody.as_service_role().from("cards").select()).http_status(), 503);
}

TEST(OverHttp, nobody_without_a_right_is_refused_and_not_the_key) {
  const ScriptedServer server([](const SeenRequest&) {
    return json_answer(401, R"({"code":"42501","message":"permission denied for table cards"})");
  });
  EXPECT_EQ(error_of(Supabase(options_for(server.url())).from("cards").select()).code(), "42501");
}

TEST(OverHttp, calls_of_auth_with_a_key_that_the_project_does_not_take_are_503) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(401, key_refusal); });
  const AuthClient auth = Supabase(options_for(server.url())).auth();
  const Credentials credentials{.email = "a@example.com", .password = "canary-password"};
  const std::vector<AuthError> errors{
      run_blocking(auth.try_sign_in_with_password(credentials)).error(),
      run_blocking(auth.try_get_user("canary-token")).error(),
      run_blocking(auth.try_sign_out("canary-token")).error(),  // nothing has ended
      run_blocking(auth.try_get_claims(TestProject::shared().alice().token)).error(),
  };
  for (const AuthError& error : errors) EXPECT_EQ(error.http_status(), 503) << error.code();
}

TEST(Directly, a_key_that_the_project_does_not_take_is_503_for_a_user_whose_token_the_provider_must_check) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(401, key_refusal); });
  SupabaseOptions options = options_for(server.url());
  options.database_url = TestProject::shared().direct_options().database_url;
  const PostgrestError error =
      error_of(Supabase(options).as(TestProject::shared().alice().token).from("test_cards").select());
  EXPECT_EQ(error.http_status(), 503) << error.code();
}

TEST(OverHttp, refuses_an_answer_that_is_no_rows) {
  for (const std::string body : {"", "{}", "nonsense", "[1]", R"([{"id":1},{"id":1.5}])", R"([{"id":1)"}) {
    const ScriptedServer server([body](const SeenRequest&) { return json_answer(200, body); });
    EXPECT_EQ(error_of(Supabase(options_for(server.url())).from("cards").select<ValueId>()).code(), "row_mismatch")
        << body;
  }
}

TEST(OverHttp, follows_no_redirect_and_passes_none_on) {
  const ScriptedServer server([](const SeenRequest&) {
    http::Response response = http::Response::empty(302);
    response.headers.set("Location", "http://127.0.0.1:1/elsewhere");
    return response;
  });
  const Supabase supabase(options_for(server.url()));
  const PostgrestError error = error_of(supabase.from("cards").select());
  EXPECT_EQ(error.http_status(), 502) << error.code();
  EXPECT_EQ(error.message(), "The server answered with status 302.");
  const auto user = run_blocking(supabase.auth().try_get_user("canary-token"));
  EXPECT_EQ(user.error().code(), "invalid_response");
  EXPECT_EQ(user.error().http_status(), 502);
}

TEST(OverHttp, refuses_a_count_that_is_none) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(200, "[]"); });
  EXPECT_EQ(error_of(Supabase(options_for(server.url())).from("cards").count()).code(), "row_mismatch");
}

TEST(OverHttp, keeps_an_echo_of_tokens_and_passwords_out_of_errors_of_auth) {
  const ScriptedServer server([](const SeenRequest& seen) {
    const bool has_password = seen.body.contains("canary-password");
    const std::string echo = has_password ? "canary-password" : seen.header("authorization") + " canary-refresh";
    return json_answer(
        403, to_json_text(json::object{{"error_code", has_password ? "weak_password" : echo}, {"msg", echo}}));
  });
  const AuthClient auth = Supabase(options_for(server.url())).auth();
  const Credentials credentials{.email = "a@example.com", .password = "canary-password"};
  const AuthError signing_in = run_blocking(auth.try_sign_in_with_password(credentials)).error();
  const std::vector<AuthError> errors{
      signing_in,
      run_blocking(auth.try_sign_up(credentials)).error(),
      run_blocking(auth.try_get_user("canary-token")).error(),
      run_blocking(auth.try_refresh_session("canary-refresh")).error(),
  };
  for (const AuthError& error : errors) {
    EXPECT_EQ(error.http_status(), 403);
    EXPECT_EQ((error.code() + error.message()).find("canary"), std::string::npos) << error.code() << error.message();
  }
  EXPECT_EQ(signing_in.code(), "weak_password");
}

TEST(OverHttp, refuses_an_answer_over_its_limit) {
  const ScriptedServer server([](const SeenRequest&) { return json_answer(200, "[" + std::string(5000, ' ') + "]"); });
  SupabaseOptions options = options_for(server.url());
  options.response_limit_bytes = 1000;
  EXPECT_EQ(error_of(Supabase(options).from("cards").select()).code(), "response_too_large");
}

TEST(OverHttp, has_typed_errors_without_secrets_when_nobody_is_there) {
  const PostgrestError error =
      error_of(Supabase(options_for("http://127.0.0.1:1")).as("canary-token").from("cards").select());
  EXPECT_EQ(error.code(), "unreachable");
  EXPECT_EQ(error.http_status(), 503);
  expect_no_canary(error);
}

TEST(OverHttp, keeps_an_echo_of_keys_and_tokens_out_of_errors) {
  const ScriptedServer server([](const SeenRequest& seen) {
    return http::Response::text(500, "you sent " + seen.header("authorization") + " and " + seen.header("apikey"));
  });
  const Supabase nobody(options_for(server.url()));
  expect_no_canary(error_of(nobody.from("cards").select()));
  expect_no_canary(error_of(nobody.as("canary-token").from("cards").select()));
  expect_no_canary(error_of(nobody.as_service_role().from("cards").select()));
}

TEST(OverHttp, keeps_the_error_when_what_was_sent_is_too_short_to_be_a_token) {
  const ScriptedServer server([](const SeenRequest&) {
    return json_answer(401, R"({"code":"PGRST301","message":"Expected 3 parts in JWT; got 1"})");
  });
  const PostgrestError error = error_of(Supabase(options_for(server.url())).as("x").from("cards").select());
  EXPECT_EQ(error.code(), "PGRST301");
  EXPECT_EQ(error.message(), "Expected 3 parts in JWT; got 1");
}

TEST(Directly, has_typed_errors_without_secrets_when_nobody_is_there) {
  SupabaseOptions options = options_for("http://127.0.0.1:1");
  options.database_url = Secret("postgresql://authenticator:canary-password@127.0.0.1:1/postgres");
  const PostgrestError error = error_of(Supabase(options).from("cards").select());
  EXPECT_EQ(error.http_status(), 503);
  expect_no_canary(error);
}

TEST(Directly, never_puts_an_unverified_token_before_the_database) {
  SupabaseOptions options = options_for("http://127.0.0.1:1");  // nobody there to verify, and no secret here
  options.database_url = TestProject::shared().direct_options().database_url;
  const PostgrestError error =
      error_of(Supabase(options).as(TestProject::shared().alice().token).from("test_cards").select());
  EXPECT_EQ(error.http_status(), 503) << error.code() << " " << error.message();
  expect_no_canary(error);
}

}  // namespace
}  // namespace bailey::test
