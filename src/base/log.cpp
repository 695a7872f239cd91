// One line a call, made outside of the lock and written under it, by one write(2) that does not wait. Who does not read
// standard error loses lines, and is told how many with the first line that can be written again.
#include <bailey/base/log.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include <unistd.h>

#include <bailey/base/line_output.hpp>
#include <bailey/base/time_text.hpp>

#include "base/escaped.hpp"

namespace bailey::log {
namespace {

std::atomic<Level> current_level{Level::info};

struct Output {
  std::mutex mutex;
  Sink sink;
  LineOutput standard_error{STDERR_FILENO};
  std::uint64_t lost_lines_told = 0;
};

// Never destroyed: threads that outlive main may still log.
Output& output() {
  static Output& shared = *std::make_unique<Output>().release();
  return shared;
}

std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
    case Level::off: break;
  }
  return "off";
}

bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '\\' || c == '=') return false;
  }
  return true;
}

// Quotes and backslashes are escaped besides: a value ends where its quote does.
void append_quotable(std::string& line, std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\"\\", begin), text.size());
    append_escaped(line, text.substr(begin, end - begin), LineFeeds::escaped);
    if (end < text.size()) line.append({'\\', text[end]});
    begin = end + 1;
  }
}

std::string line_of(Level at, std::string_view message, Fields fields) {
  std::string line;
  line.reserve(128);
  append_time(line, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  line.push_back(' ');
  line.append(level_name(at));
  line.push_back(' ');
  append_quotable(line, message);
  for (const Field& field : fields) {
    line.push_back(' ');
    append_quotable(line, field.name);
    line.push_back('=');
    if (is_plain(field.value)) {
      line.append(field.value);
    } else {
      line.push_back('"');
      append_quotable(line, field.value);
      line.push_back('"');
    }
  }
  return line;
}

void write_to_standard_error(Output& out, std::string line) {
  line.push_back('\n');
  if (!out.standard_error.write(line)) return;
  const std::uint64_t lost = out.standard_error.lost_lines();
  if (lost == out.lost_lines_told) return;
  std::string notice = line_of(Level::warning, "lines of the log were lost: standard error was not read",
                               {{"lines", lost - out.lost_lines_told}});
  notice.push_back('\n');
  if (out.standard_error.write(notice)) out.lost_lines_told = lost;
}

}  // namespace

void set_level(Level level) noexcept { current_level.store(level, std::memory_order_relaxed); }

Level level() noexcept { return current_level.load(std::memory_order_relaxed); }

Level parse_level(std::string_view text) noexcept {
  for (const Level level : {Level::debug, Level::info, Level::warning, Level::error, Level::off}) {
    if (text == level_name(level)) return level;
  }
  return Level::info;
}

void set_sink(Sink sink) {
  const std::lock_guard lock(output().mutex);
  output().sink = std::move(sink);
}

void write(Level at, std::string_view message, Fields fields) {
  if (!enabled(at)) return;
  std::string line = line_of(at, message, fields);
  Output& out = output();
  const std::lock_guard lock(out.mutex);
  if (out.sink) {
    out.sink(at, line);
  } else {
    write_to_standard_error(out, std::move(line));
  }
}

}  // namespace bailey::log
