#include "stack/database/patience.hpp"

#include <bailey/base/log.hpp>

#include <csignal>

#include "stack/database/long_step.hpp"

namespace bailey::stack {

bool end_server(Process& server, std::chrono::milliseconds limit) {
  constexpr std::chrono::seconds kill_limit{5};
  {
    const LongStep named("PostgreSQL ends, and writes its data to disk");
    server.signal(SIGINT);
    if (server.wait(limit)) return true;
  }
  log::warning("PostgreSQL did not shut down in time and is stopped at once", {{"pid", server.pid()}});
  server.signal(SIGQUIT);
  if (server.wait(kill_limit)) return true;
  server.signal(SIGKILL);
  return server.wait(kill_limit);
}

}  // namespace bailey::stack
