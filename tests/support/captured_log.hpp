#pragma once

#include <bailey/base/log.hpp>

#include <string>
#include <string_view>

namespace bailey::test {

// What is logged as long as this lives, line by line. Only one at a time, and no other thread logs meanwhile.
struct CapturedLog {
  CapturedLog() {
    log::set_sink([this](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  }
  ~CapturedLog() { log::set_sink({}); }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  std::string lines{};
};

}  // namespace bailey::test
