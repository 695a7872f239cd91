#include <bailey/web/app.hpp>

#include <bailey/base/failed.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

namespace bailey {
namespace {

std::string_view in_words(Guarded guarded) {
  switch (guarded) {
    case Guarded::always: return "guarded";
    case Guarded::sometimes: return "optional";
    case Guarded::exempt: return "open";
    case Guarded::by_none: break;
  }
  return "-";
}

void print_routes(std::span<const RouteInfo> routes) {
  std::size_t width = 0;
  for (const RouteInfo& route : routes) width = std::max(width, route.path.size());
  for (const RouteInfo& route : routes) {
    std::printf("%-7s %-*s  %-8s %s\n", std::string(route.method_text()).c_str(), static_cast<int>(width),
                route.path.c_str(), std::string(in_words(route.guarded)).c_str(), route.name.c_str());
  }
}

}  // namespace

int run(App& app, int argc, const char* const* argv) try {
  CLI::App command(app.title());
  std::optional<std::string> host;
  std::optional<std::uint16_t> port;
  unsigned workers = 0;
  bool prints_routes = false;
  bool prints_openapi = false;
  command.set_version_flag("--version", app.title() + " " + app.version());
  command.add_option("--host", host, "Address to listen on");
  command.add_option("--port", port, "Port to listen on; 0: any that is free");
  command.add_option("--workers", workers, "Event loops; one for each core unless given")->check(CLI::Range(1, 1024));
  command.add_flag("--routes", prints_routes, "Print the routes, and end");
  command.add_flag("--openapi", prints_openapi, "Print the OpenAPI document, and end");
  try {
    command.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return command.exit(error) == 0 ? 0 : 2;
  }
  if (prints_routes) {
    print_routes(app.routes());
  } else if (prints_openapi) {
    std::printf("%s\n", app.openapi().c_str());
  } else {
    app.listen(host, port, workers).run();
  }
  return 0;
} catch (const std::exception& error) {
  return failed(error);
}

}  // namespace bailey
