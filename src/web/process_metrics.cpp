// From /proc, which answers out of memory. What cannot be read is left out.
#include "web/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace bailey::web_detail {
namespace {

struct ProcessFigures {
  double start_ticks_after_boot;
  double virtual_bytes;
  double resident_bytes;
};

// proc(5), /proc/pid/stat: fields are counted from 1; the second is the name in parentheses, which may hold anything.
std::optional<ProcessFigures> read_figures() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int number = 3; number < 22 && fields >> field; ++number) {
  }
  ProcessFigures figures{};
  double pages = 0;
  if (!(fields >> figures.start_ticks_after_boot >> figures.virtual_bytes >> pages)) return std::nullopt;
  figures.resident_bytes = pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
  return figures;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// When the machine was started, in seconds since 1970.
double boot_time() {
  timespec now{};
  timespec up{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  ::clock_gettime(CLOCK_BOOTTIME, &up);
  return static_cast<double>(now.tv_sec - up.tv_sec) + static_cast<double>(now.tv_nsec - up.tv_nsec) / 1e9;
}

}  // namespace

void write_process_metrics(MetricWriter& out) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    out.counter("process_cpu_seconds_total", "CPU time of the process, in seconds",
                seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  if (const auto figures = read_figures()) {
    static const double booted = boot_time();
    out.gauge("process_start_time_seconds", "When the process was started, in seconds since 1970",
              booted + figures->start_ticks_after_boot / static_cast<double>(::sysconf(_SC_CLK_TCK)));
    out.gauge("process_resident_memory_bytes", "Memory of the process that is in RAM", figures->resident_bytes);
    out.gauge("process_virtual_memory_bytes", "Memory that the process has addresses for", figures->virtual_bytes);
  }
  std::error_code failure;
  const auto open = std::distance(std::filesystem::directory_iterator("/proc/self/fd", failure), {});
  if (!failure) out.gauge("process_open_fds", "Descriptors that are open", static_cast<double>(open));
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    out.gauge("process_max_fds", "Descriptors that may be open", static_cast<double>(limit.rlim_cur));
}

}  // namespace bailey::web_detail
