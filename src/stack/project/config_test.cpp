#include <bailey/base/log.hpp>
#include <bailey/stack/config.hpp>

#include <gtest/gtest.h>

namespace bailey::stack {
namespace {

Expected<Config> parse(std::string_view text) {
  return parse_config(text, "supabase/config.toml", [](const std::string& name) -> std::optional<std::string> {
    if (name == "SECRET") return "a secret of more than thirty-two characters";
    return std::nullopt;
  });
}

TEST(Config, has_the_cli_defaults_when_empty) {
  const Config config = parse("").value();
  EXPECT_EQ(config.api.port, 54321);
  EXPECT_EQ(config.db.port, 54322);
  EXPECT_EQ(config.api.max_rows, 1000);
  EXPECT_EQ(config.auth.jwt_expiry, std::chrono::hours(1));
  EXPECT_EQ(config.auth.refresh_token_reuse_interval, std::chrono::seconds(10));
  EXPECT_EQ(config.auth.signing, Signing::es256);
  EXPECT_FALSE(config.auth.email.enable_confirmations);
  EXPECT_TRUE(config.auth.enable_signup);
  EXPECT_EQ(config.auth_url(), "http://127.0.0.1:54321/auth/v1");
}

TEST(Config, reads_what_a_project_of_the_cli_has_and_ignores_the_rest) {
  const Config config = parse(R"toml(
project_id = "cards"
unknown = 1
[api]
port = 6001
schemas = ["public", "api"]
require_api_key = true
[db]
port = 6002
major_version = 15
[db.seed]
enabled = false
[auth]
site_url = "https://cards.example"
additional_redirect_urls = ["https://*.cards.example/**"]
jwt_expiry = 60
minimum_password_length = 10
password_requirements = "letters_digits"
jwt_secret = "env(SECRET)"
signing = "hs256"
[auth.sessions]
timebox = "1.5h"
inactivity_timeout = "0"
[auth.email]
enable_confirmations = true
max_frequency = "1s"
[studio]
port = 54323
)toml")
                            .value();
  EXPECT_EQ(config.api.port, 6001);
  EXPECT_EQ(config.api.schemas, (std::vector<std::string>{"public", "api"}));
  EXPECT_TRUE(config.api.require_api_key);
  EXPECT_EQ(config.auth.site_url, "https://cards.example");
  EXPECT_EQ(config.auth.additional_redirect_urls, (std::vector<std::string>{"https://*.cards.example/**"}));
  EXPECT_EQ(config.db.port, 6002);
  EXPECT_FALSE(config.db.seed_enabled);
  EXPECT_EQ(config.auth.jwt_expiry, std::chrono::seconds(60));
  EXPECT_EQ(config.auth.minimum_password_length, 10);
  EXPECT_EQ(config.auth.session_timebox, std::chrono::minutes(90));
  EXPECT_EQ(config.auth.session_inactivity_timeout, std::chrono::seconds(0));
  EXPECT_EQ(config.auth.signing, Signing::hs256);
  EXPECT_TRUE(config.auth.jwt_secret.equals("a secret of more than thirty-two characters"));
  EXPECT_TRUE(config.auth.email.enable_confirmations);
}

TEST(Config, what_it_asks_for_in_vain_is_told_in_a_line_each) {
  const auto warnings = [](std::string_view text) {
    std::vector<std::string> lines;
    log::set_sink([&](log::Level, std::string_view line) { lines.emplace_back(line.substr(line.find(' ') + 1)); });
    warn_of_settings_not_followed(parse(text).value(), 15);
    log::set_sink({});
    return lines;
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(warnings(""), Lines{});
  EXPECT_EQ(warnings("[api]\nenabled = true\n[db]\nmajor_version = 15"), Lines{});
  EXPECT_EQ(warnings("[api]\nenabled = false\n[db]\nmajor_version = 17"),
            (Lines{"warning the API is served though api.enabled is false",
                   "warning PostgreSQL is of another version than db.major_version says wanted=17 running=15"}));
  EXPECT_EQ(
      warnings("[auth.email]\nenable_confirmations = true"),
      (Lines{"warning auth.email.enable_confirmations is true, but no e-mail is sent: whoever signs up can sign in only"
             " after PUT /auth/v1/admin/users/{id} with email_confirm true, under the service role key"}));
}

TEST(Config, names_each_setting_that_is_not_used_in_a_debug_line) {
  std::string lines;
  log::set_sink([&](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  log::set_level(log::Level::debug);
  static_cast<void>(
      parse("project_id = 'cards'\n[db.migrations]\nschema_paths = []\n[db.seed]\nother = 1\n[auth]\n"
            "jwt_leeway = 1\n[auth.sessions]\nother = 1\n[auth.email]\nmax_frequency = '1s'"));
  log::set_level(log::Level::info);
  log::set_sink({});
  for (const std::string setting : {"project_id", "db.migrations.schema_paths", "db.seed.other", "auth.jwt_leeway",
                                    "auth.sessions.other", "auth.email.max_frequency"}) {
    EXPECT_TRUE(lines.contains("setting=" + setting + " ")) << setting << " is not in " << lines;
  }
}

TEST(Config, a_password_length_below_six_counts_as_six) {
  EXPECT_EQ(parse("[auth]\nminimum_password_length = 1").value().auth.minimum_password_length, 6);
}

struct Refused {
  std::string_view text, sentence;
};

class RefusedConfig : public testing::TestWithParam<Refused> {};

TEST_P(RefusedConfig, is_told_with_file_and_line) {
  const auto config = parse(GetParam().text);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code(), "invalid_config");
  EXPECT_NE(config.error().message().find(GetParam().sentence), std::string::npos) << config.error().message();
}

INSTANTIATE_TEST_SUITE_P(
    Config, RefusedConfig,
    testing::Values(
        Refused{"[api]\nport = \"x\"", "supabase/config.toml:2: api.port must be a whole number from 1 to 65535"},
        Refused{"[api]\n\nport = 70000", "config.toml:3: api.port must be"},
        Refused{"[api]\nschemas = [1]", "config.toml:2: api.schemas must be a list of strings"},
        Refused{"[api]\nschemas = []", "api.schemas must be a list with at least one schema"},
        Refused{"api = 3", "config.toml:1: api must be a table"},
        Refused{"[auth]\nenable_signup = \"yes\"", "config.toml:2: auth.enable_signup must be true or false"},
        Refused{"[auth]\njwt_secret = \"short\"", "auth.jwt_secret must be at least 32 characters long"},
        Refused{"[auth]\nsigning = \"none\"", "auth.signing must be"},
        Refused{"[auth]\npassword_requirements = \"all\"", "auth.password_requirements must be"},
        Refused{"[auth.sessions]\ntimebox = \"soon\"", "auth.sessions.timebox must be"},
        Refused{"[api]\nport = 54322", "db.port must be another port than api.port"},
        Refused{"[api\nport = 1", "config.toml:1: "}));

// The parser calls itself once for each part of a key: a megabyte of them ended the process.
TEST(Config, refuses_a_key_of_endless_parts) {
  std::string parts;
  for (int i = 0; i < 200'000; ++i) parts += "a.";
  const std::string after_strings = "y = '''\\''' # it's\nz = \"\\\"\"\n";
  for (const std::string& text :
       {"[" + parts + "b]", parts + "b = 1", "x = {" + parts + "b = 1}", "\"a\" .  " + parts + "b = 1",
        after_strings + parts + "b = 1", "x = {y = \"\"\"a\"\"\"\", " + parts + "b = 1}",
        "x = {y = '''a'''', " + parts + "b = 1}"}) {
    const auto config = parse(text);
    ASSERT_FALSE(config);
    EXPECT_TRUE(config.error().message().ends_with("a key has more than 32 parts")) << config.error().message();
  }
  EXPECT_TRUE(parse("[a.b.c.d.e.f]\nx = [1.5, 2.5, \"" + parts + "\", '" + parts + "'] # " + parts + "\ny = \"\"\"\n" +
                    parts + "\\\"\"\" " + parts + "\"\"\""));
}

TEST(Config, takes_no_nul_character) {
  for (const char* text : {R"([api]
schemas = ["a\u0000b"])",
                           R"([auth]
jwt_issuer = "a\u0000")"}) {
    const auto config = parse(text);
    ASSERT_FALSE(config) << text;
    EXPECT_NE(config.error().message().find("must be free of NUL characters"), std::string::npos);
  }
}

}  // namespace
}  // namespace bailey::stack
