// One line a request, kept in a buffer of the loop and written when it is full or after 100 ms: a write(2) per request
// would cost as much as the request's own. Nothing is allocated once the buffer has grown.
#include <bailey/web/access_log.hpp>

#include <bailey/base/line_output.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/web/trace_context.hpp>
#include "web/access_line.hpp"
#include "web/line_sink.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bailey {

namespace {

constexpr std::size_t flush_at_bytes = 32 * 1024;
constexpr std::chrono::milliseconds flush_after{100};

// A log that cannot be written must not stop the service. That lines are missing is said once they can be written
// again.
void write_to_standard_output(std::string_view lines) {
  static LineOutput output(STDOUT_FILENO);
  static std::atomic<std::uint64_t> told = 0;
  if (!output.write(lines)) return;
  const std::uint64_t lost = output.lost_lines();
  const std::uint64_t before = told.exchange(lost);
  if (lost > before)
    log::warning("lines of the access log were lost: standard output was not read", {{"lines", lost - before}});
}

// How large the body is that is sent; nullopt: that will turn out.
std::optional<std::uint64_t> body_bytes(const Request& request, const Response& response) {
  if (request.method() == http::Method::head || response.status == 204 || response.status == 304) return 0;
  if (response.is_upgrade()) return std::nullopt;
  return response.is_stream() ? response.stream_length() : std::optional<std::uint64_t>(response.body.size());
}

// The lines of one loop.
class LineBuffer {
 public:
  LineBuffer(Loop& loop, std::function<void(std::string_view)> sink)
      : loop_(loop), sink_(std::move(sink)), timer_([this] { flush(); }) {
    lines_.reserve(flush_at_bytes);
  }
  ~LineBuffer() { flush(); }
  LineBuffer(const LineBuffer&) = delete;
  LineBuffer& operator=(const LineBuffer&) = delete;

  [[nodiscard]] std::string& lines() noexcept { return lines_; }

  void line_added() {
    if (lines_.size() >= flush_at_bytes - 1024) {
      loop_.timers().cancel(timer_);
      flush();
    } else if (!timer_.is_armed()) {
      loop_.timers().arm(timer_, flush_after);
    }
  }

 private:
  void flush() {
    if (lines_.empty()) return;
    sink_(lines_);
    lines_.clear();
  }

  Loop& loop_;
  std::function<void(std::string_view)> sink_;
  std::string lines_;
  TimerWheel::Entry timer_;
};

}  // namespace

Middleware access_log(AccessLogOptions options) {
  if (options.sink) {
    options.sink = [slow = std::make_shared<web_detail::LineSink>(std::move(options.sink))](std::string_view lines) {
      slow->write(lines);
    };
  } else {
    options.sink = write_to_standard_output;
  }
  struct Shared {
    AccessLogOptions options;
    LoopLocal<LineBuffer> buffers;
  };
  const auto shared = std::make_shared<Shared>(std::move(options));
  return {.name = "access_log", .after = [shared](Request& request, Response& response) {
            auto& buffer = shared->buffers.get(
                [&] { return std::make_unique<LineBuffer>(Loop::current(), shared->options.sink); });
            const auto took = std::chrono::steady_clock::now() - request.started_at();
            const TraceContext* const trace = trace_of(request);
            const web_detail::AccessLine line{
                .time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                .remote = request.client_address(),
                .method = request.method_text(),
                .target = request.http().target(),
                .route = request.route(),
                .version_minor = request.http().version_minor(),
                .status = response.status,
                .duration = std::chrono::duration_cast<std::chrono::microseconds>(took),
                .bytes = body_bytes(request, response),
                .user_id = request.state().known_user_id(),
                .request_id = request.id(),
                .trace_id = trace == nullptr ? std::string_view() : trace->trace_id()};
            if (shared->options.format == AccessLogOptions::Format::json) {
              web_detail::append_json_line(buffer.lines(), line);
            } else {
              web_detail::append_text_line(buffer.lines(), line);
            }
            buffer.line_added();
          }};
}

}  // namespace bailey
