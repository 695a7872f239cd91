// One line a call. spdlog does the writing, to standard error, which nobody has to wait for; the form of the line is
// ours, because what keeps a stranger's text from forging lines must not depend on a pattern string.
#include <bailey/base/log.hpp>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include <unistd.h>

#include <bailey/base/line_output.hpp>
#include <bailey/base/time_text.hpp>

namespace bailey::log {
namespace {

std::atomic<Level> current_level{Level::info};

// Locked by us already.
class StandardError final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    output_.write({line.data(), line.size()});
  }
  void flush_() override {}

  LineOutput output_{STDERR_FILENO};
};

struct Output {
  std::mutex mutex;
  Sink sink;
  std::shared_ptr<spdlog::logger> logger;
};

// Never destroyed: threads that outlive main may still log.
Output& output() {
  static Output& shared = *[] {
    auto made = std::make_unique<Output>();
    made->logger = std::make_shared<spdlog::logger>("bailey", std::make_shared<StandardError>());
    made->logger->set_level(spdlog::level::trace);
    made->logger->set_pattern("%v");
    return made.release();
  }();
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

// Control characters, also those of C1 that begin with byte 0xC2, never reach a terminal as they are.
void append_escaped(std::string& line, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c == '"' || c == '\\') {
      line.push_back('\\');
      line.push_back(c);
    } else if (c == '\n') {
      line.append("\\n");
    } else if (byte < 0x20 || byte == 0x7F || c1) {
      line.append("\\x");
      line.push_back(hex[byte >> 4]);
      line.push_back(hex[byte & 15]);
      if (c1) {
        const auto next = static_cast<unsigned char>(text[++i]);
        line.append("\\x");
        line.push_back(hex[next >> 4]);
        line.push_back(hex[next & 15]);
      }
    } else {
      line.push_back(c);
    }
  }
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
  std::string line;
  line.reserve(128);
  append_time(line, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  line.push_back(' ');
  line.append(level_name(at));
  line.push_back(' ');
  append_escaped(line, message);
  for (const Field& field : fields) {
    line.push_back(' ');
    append_escaped(line, field.name);
    line.push_back('=');
    if (is_plain(field.value)) {
      line.append(field.value);
    } else {
      line.push_back('"');
      append_escaped(line, field.value);
      line.push_back('"');
    }
  }
  Output& out = output();
  const std::lock_guard lock(out.mutex);
  if (out.sink) {
    out.sink(at, line);
  } else {
    out.logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }
}

}  // namespace bailey::log
