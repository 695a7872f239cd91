#include "web/line_sink.hpp"

#include <bailey/base/log.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace bailey::web_detail {

LineSink::LineSink(std::function<void(std::string_view)> sink, std::size_t limit_bytes)
    : sink_(std::move(sink)), limit_bytes_(limit_bytes), thread_([this] { run(); }) {}

LineSink::~LineSink() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void LineSink::write(std::string_view lines) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + lines.size() > limit_bytes_) {
      lost_lines_ += static_cast<std::uint64_t>(std::ranges::count(lines, '\n'));
      return;
    }
    waiting_ += lines;
  }
  changed_.notify_one();
}

void LineSink::run() {
  std::string taken;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    taken.clear();
    std::swap(taken, waiting_);
    const std::uint64_t lost = std::exchange(lost_lines_, 0);
    lock.unlock();
    try {
      sink_(taken);
    } catch (const std::exception& error) {
      log::warning("lines of the access log were lost: its sink failed", {{"error", error.what()}});
    } catch (...) {
      log::warning("lines of the access log were lost: its sink failed");
    }
    if (lost > 0) log::warning("lines of the access log were lost: its sink is slow", {{"lines", lost}});
    lock.lock();
  }
}

}  // namespace bailey::web_detail
