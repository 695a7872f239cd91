#include <bailey/web/app.hpp>

#include <bailey/base/failed.hpp>
#include <bailey/base/log.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace bailey {
namespace {

const std::vector<std::string> log_levels{"debug", "info", "warning", "error", "off"};
const std::vector<std::string> access_logs{"text", "json", "off"};

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
    std::string line(route.method_text());
    line.resize(std::max<std::size_t>(line.size() + 1, 8), ' ');
    line += route.path;
    const std::string_view guarded = in_words(route.guarded);
    line.append(width - route.path.size() + 2, ' ').append(guarded);
    if (!route.name.empty()) line.append(std::max<std::size_t>(10 - guarded.size(), 2), ' ').append(route.name);
    std::printf("%s\n", line.c_str());
  }
}

std::optional<AccessLogOptions::Format> format_of(std::string_view name) {
  if (name == "off") return std::nullopt;
  return name == "json" ? AccessLogOptions::Format::json : AccessLogOptions::Format::text;
}

}  // namespace

int run(App& app, int argc, const char* const* argv) try {
  CLI::App command(app.title());
  std::optional<std::string> host;
  std::optional<std::uint16_t> port;
  unsigned workers = 0;
  std::string log_level;
  std::string access_log;
  bool prints_routes = false;
  bool prints_openapi = false;
  command.set_version_flag("--version", app.title() + " " + app.version());
  command.add_option("--host", host, "Address to listen on")->option_text("ADDRESS");
  command.add_option("--port", port, "Port to listen on; 0: any that is free")->option_text("PORT");
  command.add_option("--workers", workers, "Event loops; one for each core unless given")
      ->check(CLI::Range(1, 1024))
      ->option_text("N");
  command.add_option("--log-level", log_level, "The least that is logged: debug, info, warning, error or off")
      ->check(CLI::IsMember(log_levels))
      ->option_text("LEVEL");
  command.add_option("--access-log", access_log, "A line for each request: text, json or off")
      ->check(CLI::IsMember(access_logs))
      ->option_text("FORMAT");
  command.add_flag("--routes", prints_routes, "Print the routes, and end");
  command.add_flag("--openapi", prints_openapi, "Print the OpenAPI document, and end");
  try {
    command.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return command.exit(error) == 0 ? 0 : 2;
  }
  if (!log_level.empty()) log::set_level(log::parse_level(log_level));
  if (!access_log.empty()) app.set_access_log(format_of(access_log));
  if (prints_routes) {
    print_routes(app.routes());
  } else if (prints_openapi) {
    std::printf("%s\n", app.openapi().c_str());
  } else {
    app.listen(std::move(host), port, workers).run();
  }
  return 0;
} catch (const std::exception& error) {
  return failed(error);
} catch (...) {
  return failed(Error("unknown", "The app ended by an exception that is not derived from std::exception"));
}

}  // namespace bailey
