#include <bailey/model/settings.hpp>

#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bailey {
namespace {

enum class Stage { development, production };

struct DatabaseSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 5432;
  Secret password;
};

struct MailSettings {
  std::string server;
  int retries = 3;
};

struct Settings {
  std::string title = "Cards";
  std::uint16_t port = 8000;
  bool debug = false;
  double ratio = 0.5;
  Stage stage = Stage::development;
  Secret api_key;
  std::optional<std::string> sentry;
  std::vector<std::string> origins;
  std::vector<int> ports;
  std::map<std::string, int> limits;
  std::chrono::milliseconds timeout{1500};
  std::optional<std::chrono::sys_days> until;
  DatabaseSettings db;
  std::optional<MailSettings> mail;
};

std::optional<std::string> check_stage(const Settings& settings) {
  if (settings.stage == Stage::production && settings.debug) return "Nobody debugs in production";
  return std::nullopt;
}

}  // namespace

template <>
inline constexpr auto rules<Settings> =
    fields(field<&Settings::title>(min_length(1), max_length(20)), field<&Settings::port>(ge(1), le(65535)),
           field<&Settings::debug>(defaulted), field<&Settings::stage>(defaulted),
           field<&Settings::origins>(defaulted, max_items(3)), field<&Settings::ports>(defaulted),
           field<&Settings::limits>(defaulted), check<&check_stage>());

namespace {

using Environment = std::map<std::string, std::string>;

const Environment enough{{"APP_API_KEY", "canary-key"}, {"APP_DB__PASSWORD", "canary-password"}};

Environment with(Environment more) {
  more.insert(enough.begin(), enough.end());
  return more;
}

// A directory that is gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = "/tmp/bailey-settings-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, std::string_view text) const {
    std::string path = path_ + '/' + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct CaptureLog {
  CaptureLog() {
    log::set_sink([this](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  }
  ~CaptureLog() { log::set_sink({}); }
  std::string lines;
};

template <class T = Settings>
std::string problem_of(SettingsOptions options) {
  try {
    static_cast<void>(load_settings<T>(std::move(options)));
  } catch (const SettingsError& error) {
    EXPECT_EQ(error.code(), "invalid_settings");
    return error.message();
  }
  return {};
}
std::string problem_of(Environment environment) {
  return problem_of({.prefix = "APP_", .environment = std::move(environment)});
}

TEST(Settings, are_what_the_environment_says_and_else_what_the_struct_says) {
  const auto given = load_settings<Settings>({.prefix = "APP_", .environment = enough});
  EXPECT_EQ(given.title, "Cards");
  EXPECT_EQ(given.port, 8000);
  EXPECT_EQ(given.api_key.reveal(), "canary-key");
  EXPECT_EQ(given.db.password.reveal(), "canary-password");
  EXPECT_EQ(given.timeout, std::chrono::milliseconds(1500));
  EXPECT_FALSE(given.mail);

  const auto set =
      load_settings<Settings>({.prefix = "APP_",
                               .environment = with({{"APP_TITLE", "Karten"},
                                                    {"APP_PORT", "80"},
                                                    {"APP_DEBUG", "yes"},
                                                    {"APP_RATIO", "0.25"},
                                                    {"APP_STAGE", "development"},
                                                    {"APP_SENTRY", "https://sentry.example"},
                                                    {"APP_ORIGINS", " https://a.example , https://b.example,"},
                                                    {"APP_PORTS", "[1, 2]"},
                                                    {"APP_LIMITS", R"({"cards": 5})"},
                                                    {"APP_TIMEOUT", "1m30s"},
                                                    {"APP_UNTIL", "2026-11-23"},
                                                    {"APP_DB__HOST", "db"},
                                                    {"APP_DB__PORT", "1"},
                                                    {"APP_MAIL__SERVER", "mail"},
                                                    {"TITLE", "another program's"}})});
  EXPECT_EQ(set.title, "Karten");
  EXPECT_EQ(set.port, 80);
  EXPECT_TRUE(set.debug);
  EXPECT_EQ(set.ratio, 0.25);
  EXPECT_EQ(set.sentry, "https://sentry.example");
  EXPECT_EQ(set.origins, (std::vector<std::string>{"https://a.example", "https://b.example"}));
  EXPECT_EQ(set.ports, (std::vector<int>{1, 2}));
  EXPECT_EQ(set.limits, (std::map<std::string, int>{{"cards", 5}}));
  EXPECT_EQ(set.timeout, std::chrono::seconds(90));
  EXPECT_EQ(set.until, std::chrono::sys_days(std::chrono::year(2026) / 11 / 23));
  EXPECT_EQ(set.db.host, "db");
  EXPECT_EQ(set.db.port, 1);
  ASSERT_TRUE(set.mail);
  EXPECT_EQ(set.mail->server, "mail");
  EXPECT_EQ(set.mail->retries, 3);
}

TEST(Settings, that_are_missing_or_wrong_are_told_all_at_once_with_what_would_be_right) {
  EXPECT_EQ(
      problem_of(Environment{{"APP_TITLE", "a title that is much too long"},
                             {"APP_PORT", "70000"},
                             {"APP_DEBUG", "maybe"},
                             {"APP_STAGE", "test"},
                             {"APP_ORIGINS", "a,b,c,d"},
                             {"APP_PORTS", "1,x"},
                             {"APP_LIMITS", "{cards: 5}"},
                             {"APP_TIMEOUT", "90"},
                             {"APP_MAIL__RETRIES", "many"}}),
      "12 settings are missing or wrong:\n"
      "  APP_TITLE is wrong. String should have at most 20 characters. It takes a text of 1 to 20 characters\n"
      "  APP_PORT is wrong: \"70000\". Input should be less than or equal to 65535. It takes a whole number from 1 to "
      "65535\n"
      "  APP_DEBUG is wrong: \"maybe\". Input should be a valid boolean, unable to interpret input. It takes true or "
      "false\n"
      "  APP_STAGE is wrong: \"test\". Input should be 'development' or 'production'. It takes one of development, "
      "production\n"
      "  APP_API_KEY is not set: it takes a text\n"
      "  APP_ORIGINS is wrong. List should have at most 3 items after validation, not 4. It takes a list, such as a,b "
      "or [\"a\",\"b\"]\n"
      "  APP_PORTS is wrong. [1]: Input should be a valid integer, unable to parse string as an integer. It takes a "
      "list, such as a,b or [\"a\",\"b\"]\n"
      "  APP_LIMITS is wrong. It is no JSON, from byte 1 on: Unexpected character. It takes JSON\n"
      "  APP_TIMEOUT is wrong: \"90\". It has no unit: ns, us, ms, s, m, h or d. It takes a duration, such as 30s, 5m "
      "or "
      "250ms\n"
      "  APP_DB__PASSWORD is not set: it takes a text\n"
      "  APP_MAIL__SERVER is not set: it takes a text\n"
      "  APP_MAIL__RETRIES is wrong: \"many\". Input should be a valid integer, unable to parse string as an integer. "
      "It "
      "takes a whole number");
}

TEST(Settings, without_an_initialiser_that_can_be_seen_are_asked_for_with_a_word_on_defaults) {
  struct Zeros {
    bool debug = false;
    int retries = 0;
    int workers = 1;
  };
  EXPECT_EQ(problem_of<Zeros>({.environment = Environment{}}),
            "2 settings are missing or wrong:\n"
            "  DEBUG is not set: it takes true or false\n"
            "  RETRIES is not set: it takes a whole number\n"
            "  (A member whose default is 0, false or the first enumerator has the rule `defaulted`.)");
}

TEST(Settings, that_are_empty_count_as_not_set) {
  EXPECT_EQ(problem_of(with({{"APP_TITLE", ""}})), "");
  EXPECT_EQ(problem_of(Environment{{"APP_API_KEY", ""}, {"APP_DB__PASSWORD", "x"}}),
            "A setting is missing or wrong:\n  APP_API_KEY is not set: it takes a text");
}

TEST(Settings, never_repeat_a_text_that_may_be_a_secret) {
  struct Hidden {
    int port = 1;
    Secret key;
    std::string url;
    std::vector<Secret> keys;
    std::map<std::string, Secret> by_name;
  };
  const std::string problem =
      problem_of<Hidden>({.environment = Environment{{"PORT", "canary\x1b[2J"},
                                                     {"KEY", "canary\xff"},
                                                     {"URL", "canary\xff"},
                                                     {"KEYS", "[1, \"canary\", {\"canary\": 2}]"},
                                                     {"BY_NAME", "{\"x\": [\"canary\"]}"}}});
  EXPECT_EQ(problem.find("canary"), std::string::npos) << problem;
  EXPECT_EQ(problem.substr(0, 2), "5 ") << problem;
}

TEST(Settings, have_checks_of_the_whole_which_are_told_by_their_group) {
  EXPECT_EQ(problem_of(with({{"APP_STAGE", "production"}, {"APP_DEBUG", "1"}})),
            "A setting is missing or wrong:\n  APP_* is wrong. Nobody debugs in production");
}

TEST(Settings, come_from_the_environment_before_files_and_from_later_files_before_earlier_ones) {
  const Folder folder;
  const std::string first =
      folder.write("first", "APP_TITLE=first\nAPP_PORT=1\nAPP_DB__HOST=first\nAPP_DB__PORT=${APP_PORT}1\n");
  const std::string second = folder.write("second", "APP_TITLE=second\nAPP_PORT=2\nAPP_DB__PORT=\n");
  folder.write("app_api_key", "from the directory\n");
  folder.write("db__password", "from the directory\r\n");
  folder.write("APP_TITLE", "from the directory");
  folder.write("APP_SENTRY", "from the directory\n\n");
  const auto settings = load_settings<Settings>({.env_file = {first, second, folder.path() + "/none"},
                                                 .prefix = "APP_",
                                                 .secrets_dir = folder.path(),
                                                 .environment = Environment{{"APP_TITLE", "environment"}}});
  EXPECT_EQ(settings.title, "environment");
  EXPECT_EQ(settings.port, 2);
  EXPECT_EQ(settings.db.host, "first");
  EXPECT_EQ(settings.db.port, 5432);  // emptied by the second file
  EXPECT_EQ(settings.api_key.reveal(), "from the directory");
  EXPECT_EQ(settings.db.password.reveal(), "from the directory");
  EXPECT_EQ(settings.sentry, "from the directory\n");
}

TEST(Settings, are_read_from_the_file_that_a_variable_names) {
  const Folder folder;
  const std::string key = folder.write("key", "canary-key\n");
  const auto options = [&](Environment environment) {
    return SettingsOptions{.prefix = "APP_", .environment = std::move(environment)};
  };
  const auto settings = load_settings<Settings>(options({{"APP_API_KEY_FILE", key}, {"APP_DB__PASSWORD_FILE", key}}));
  EXPECT_EQ(settings.api_key.reveal(), "canary-key");
  EXPECT_EQ(settings.db.password.reveal(), "canary-key");

  const std::string problem = problem_of(options({{"APP_API_KEY_FILE", folder.path() + "/none"},
                                                  {"APP_DB__PASSWORD_FILE", folder.path()},
                                                  {"APP_TITLE_FILE", key},
                                                  {"APP_TITLE", "both"}}));
  EXPECT_EQ(problem,
            "3 settings are missing or wrong:\n"
            "  APP_TITLE is set, and APP_TITLE_FILE is, too: unset one\n"
            "  APP_API_KEY cannot be read from the file that APP_API_KEY_FILE names: there is no such file\n"
            "  APP_DB__PASSWORD cannot be read from the file that APP_DB__PASSWORD_FILE names: it is no file");
}

TEST(Settings, may_have_a_member_that_is_called_like_a_file) {
  struct Logs {
    std::string log;
    std::string log_file;
  };
  const auto logs = load_settings<Logs>({.environment = Environment{{"LOG", "a"}, {"LOG_FILE", "/none"}}});
  EXPECT_EQ(logs.log, "a");
  EXPECT_EQ(logs.log_file, "/none");
}

TEST(Settings, tell_the_place_of_a_syntax_error_in_a_file_with_everything_else) {
  const Folder folder;
  const std::string file = folder.write(".env", "APP_TITLE=ok\nAPP_API_KEY='canary\n");
  const std::string problem = problem_of({.env_file = file, .prefix = "APP_", .environment = Environment{}});
  EXPECT_NE(problem.find(file + ":2:13 is no line of variables: a ' without the one that ends the value"),
            std::string::npos)
      << problem;
  EXPECT_NE(problem.find("APP_API_KEY is not set"), std::string::npos);
  EXPECT_EQ(problem.find("canary"), std::string::npos);
}

TEST(Settings, notice_typing_errors) {
  EXPECT_NE(problem_of(Environment{{"APP_API_KYE", "canary"}, {"APP_DB__PASSWORD", "x"}})
                .find("APP_API_KEY is not set: it takes a text. APP_API_KYE is set: is that a typing error?"),
            std::string::npos);
  const CaptureLog log;
  const Folder folder;
  const std::string file = folder.write(".env", "APP_TITEL=canary\n");
  static_cast<void>(load_settings<Settings>(
      {.env_file = file,
       .prefix = "APP_",
       .environment =
           with({{"app_debug", "1"}, {"APP_PORT", "1"}, {"APP_PORTS2", "2"}, {"APP_UNRELATED", "3"}, {"PROT", "4"}})}));
  EXPECT_NE(log.lines.find("variable=app_debug setting=APP_DEBUG"), std::string::npos) << log.lines;
  EXPECT_NE(log.lines.find("variable=APP_TITEL setting=APP_TITLE"), std::string::npos) << log.lines;
  EXPECT_EQ(log.lines.find("UNRELATED"), std::string::npos) << log.lines;
  EXPECT_EQ(log.lines.find("PROT"), std::string::npos) << log.lines;
  EXPECT_EQ(log.lines.find("canary"), std::string::npos) << log.lines;
}

TEST(Settings, say_when_the_directory_of_secrets_is_not_there) {
  EXPECT_NE(problem_of({.prefix = "APP_", .secrets_dir = "/run/no-secrets", .environment = Environment{}})
                .find("\n  /run/no-secrets is no directory"),
            std::string::npos);
  EXPECT_EQ(problem_of({.prefix = "APP_", .secrets_dir = "/run/no-secrets", .environment = enough}), "");
}

TEST(Settings, come_from_the_process_unless_another_environment_is_given) {
  ASSERT_EQ(::setenv("BAILEY_TEST_SETTING", "7", 1), 0);
  struct One {
    int bailey_test_setting = 0;
  };
  EXPECT_EQ(load_settings<One>().bailey_test_setting, 7);
  ASSERT_EQ(::unsetenv("BAILEY_TEST_SETTING"), 0);
}

TEST(Settings, whose_members_would_share_a_variable_are_refused) {
  struct Both {
    int max_size = 1;
    int MAX_SIZE = 1;
  };
  EXPECT_THROW(static_cast<void>(load_settings<Both>({.environment = Environment{}})), Error);
}

TEST(Settings, read_durations_with_their_units) {
  struct Case {
    std::string_view text;
    std::int64_t nanoseconds;  // -1: refused
  };
  for (const Case& c : std::vector<Case>{{"30s", 30'000'000'000},
                                         {"1h30m", 5'400'000'000'000},
                                         {"1d", 86'400'000'000'000},
                                         {"250ms", 250'000'000},
                                         {"5min1s", 301'000'000'000},
                                         {"7us3ns", 7'003},
                                         {"0s", 0},
                                         {"", -1},
                                         {"30", -1},
                                         {"s", -1},
                                         {"-1s", -1},
                                         {"1.5s", -1},
                                         {"1 s", -1},
                                         {"30S", -1},
                                         {"9223372037s", -1},
                                         {"99999999999999999999s", -1},
                                         {"106751d23h99h", -1}}) {
    const auto read = detail::parse_duration(c.text);
    EXPECT_EQ(read.value_or(-1), c.nanoseconds) << c.text;
  }
  struct Coarse {
    std::chrono::seconds wait{1};
  };
  EXPECT_NE(problem_of<Coarse>({.environment = Environment{{"WAIT", "1500ms"}}}).find("finer than"), std::string::npos);
}

}  // namespace
}  // namespace bailey
