#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace bailey {
namespace {

static_assert(!std::is_constructible_v<log::Field, std::string_view, Secret>, "A Secret is never a field's value.");
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);

class Log : public testing::Test {
 protected:
  void SetUp() override {
    log::set_sink([this](log::Level, std::string_view line) { lines_.emplace_back(line); });
  }
  void TearDown() override {
    log::set_sink({});
    log::set_level(log::Level::info);
  }
  // The last line without its time.
  [[nodiscard]] std::string last() const {
    return lines_.empty() ? "" : lines_.back().substr(lines_.back().find(' ') + 1);
  }

  std::vector<std::string> lines_;
};

TEST_F(Log, writes_level_message_and_fields_in_one_line) {
  log::info("listening", {{"address", "127.0.0.1"}, {"port", 8000}, {"tls", false}});
  EXPECT_EQ(last(), "info listening address=127.0.0.1 port=8000 tls=false");
  EXPECT_EQ(lines_.back().substr(10, 1), "T");
}

TEST_F(Log, drops_lines_below_the_level) {
  log::debug("quiet");
  EXPECT_TRUE(lines_.empty());
  log::set_level(log::Level::debug);
  log::debug("heard");
  EXPECT_EQ(last(), "debug heard");
  log::set_level(log::Level::off);
  log::error("silent");
  log::write(log::Level::off, "never");
  EXPECT_EQ(lines_.size(), 1U);
}

TEST_F(Log, keeps_a_strangers_text_from_forging_a_line) {
  log::warning("refused", {{"path", "/a\n2026-01-01T00:00:00Z error forged user=x"},
                           {"agent", "\x1b[31m\"q\"\\"},
                           {"c1", "\xC2\x9B"},
                           {"empty", ""},
                           {"name", "Zoë"}});
  EXPECT_EQ(last(),
            "warning refused path=\"/a\\n2026-01-01T00:00:00Z error forged user=x\" "
            "agent=\"\\x1b[31m\\\"q\\\"\\\\\" c1=\"\\xc2\\x9b\" empty=\"\" name=\"Zoë\"");
}

TEST_F(Log, does_not_interpret_braces) {
  log::info("a {} {0} %v", {{"f", "{}"}});
  EXPECT_EQ(last(), "info a {} {0} %v f={}");
}

TEST_F(Log, writes_whole_lines_from_many_threads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) log::info("tick", {{"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lines_.size(), 400U);
}

TEST(LogToStandardError, writes_a_newline_behind_each_line) {
  testing::internal::CaptureStderr();
  log::info("plain {}", {{"n", 1}});
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(text.ends_with(" info plain {} n=1\n")) << text;
}

TEST(LogLevel, is_parsed_by_name) {
  EXPECT_EQ(log::parse_level("debug"), log::Level::debug);
  EXPECT_EQ(log::parse_level("off"), log::Level::off);
  EXPECT_EQ(log::parse_level("LOUD"), log::Level::info);
}

}  // namespace
}  // namespace bailey
