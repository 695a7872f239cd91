#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
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

// A pipe in standard error's place, as whoever starts the program may put one there.
class LogToPipe : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    before_ = ::dup(STDERR_FILENO);
    ASSERT_GE(::dup2(ends_[1], STDERR_FILENO), 0);
  }
  void TearDown() override {
    ::dup2(before_, STDERR_FILENO);
    for (const int descriptor : {before_, ends_[0], ends_[1]}) ::close(descriptor);
  }
  // The lines written so far, each without its newline; one that has none is marked.
  [[nodiscard]] std::vector<std::string> read() const {
    std::string text(1024 * 1024, '\0');
    const ssize_t count = ::read(ends_[0], text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      lines.push_back(end == std::string::npos ? "torn: " + text.substr(at) : text.substr(at, end - at));
      at = end == std::string::npos ? text.size() : end + 1;
    }
    return lines;
  }

  std::array<int, 2> ends_{};
  int before_ = -1;
};

TEST_F(LogToPipe, writes_whole_lines_whoever_logs_at_the_same_time) {
  const std::string value(100, 'x');
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) log::info("tick", {{"value", value}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> lines = read();
  EXPECT_EQ(lines.size(), 200U);
  for (const std::string& line : lines) {
    EXPECT_EQ(line.substr(line.find(' ')), " info tick value=" + value);
  }
}

TEST_F(LogToPipe, that_nobody_reads_goes_on_and_later_says_how_many_lines_were_lost) {
  const std::string value(1000, 'x');
  constexpr std::size_t written = 200;
  for (std::size_t i = 0; i < written; ++i) log::info("unread", {{"value", value}});
  const std::size_t taken = read().size();
  ASSERT_LT(taken, written);
  log::info("read again");
  std::vector<std::string> lines = read();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].ends_with(" info read again")) << lines[0];
  EXPECT_TRUE(lines[1].ends_with(" warning lines of the log were lost: standard error was not read lines=" +
                                 std::to_string(written - taken)))
      << lines[1];
  log::info("once");
  EXPECT_EQ(read().size(), 1U) << "it is said once";
}

TEST(LogLevel, is_parsed_by_name) {
  EXPECT_EQ(log::parse_level("debug"), log::Level::debug);
  EXPECT_EQ(log::parse_level("off"), log::Level::off);
  EXPECT_EQ(log::parse_level("LOUD"), log::Level::info);
}

}  // namespace
}  // namespace bailey
