#include "stack/database/patience.hpp"

#include <bailey/base/log.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>

#include "stack/database/long_step.hpp"

namespace bailey::stack {

namespace {

// PostgreSQL 15 (at least) that is asked to end while it recovers from the crash of one of its processes forgets to
// tell its checkpointer, and waits for it for ever. One that has something to do says so in its title.
bool has_forgotten_its_checkpointer(pid_t server) {
  const std::string process = "/proc/" + std::to_string(server);
  std::ifstream children(process + "/task/" + std::to_string(server) + "/children");
  pid_t child = 0, another = 0;
  if (!(children >> child) || children >> another) return false;
  std::ifstream input("/proc/" + std::to_string(child) + "/cmdline");
  std::string title;
  std::getline(input, title, '\0');
  return title.contains("checkpointer") && !title.contains("performing");
}

// Asked to end. Nothing is lost by not waiting for what will not come: the next start recovers from the same log.
bool ends_within(Process& server, std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds slice{1'000};
  constexpr int most_idle = 5;
  const auto end = std::chrono::steady_clock::now() + limit;
  for (int idle = 0; idle < most_idle;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (server.wait(std::clamp(left, std::chrono::milliseconds(0), slice))) return true;
    if (left <= slice) return false;
    idle = has_forgotten_its_checkpointer(server.pid()) ? idle + 1 : 0;
  }
  return false;
}

}  // namespace

bool end_server(Process& server, std::chrono::milliseconds limit) {
  constexpr std::chrono::seconds kill_limit{5};
  {
    const LongStep named("PostgreSQL ends, and writes its data to disk");
    server.signal(SIGINT);
    if (ends_within(server, limit)) return true;
  }
  log::warning("PostgreSQL did not shut down in time and is stopped at once", {{"pid", server.pid()}});
  server.signal(SIGQUIT);
  if (server.wait(kill_limit)) return true;
  server.signal(SIGKILL);
  return server.wait(kill_limit);
}

}  // namespace bailey::stack
