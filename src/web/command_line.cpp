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

// Of the path, or the only one where that is empty.
const std::string& graphql_schema(std::span<const RouteInfo> routes, std::string_view path) {
  std::vector<std::string> paths;
  const std::string* found = nullptr;
  for (const RouteInfo& route : routes) {
    if (!route.graphql_schema || std::ranges::find(paths, route.path) != paths.end()) continue;
    paths.push_back(route.path);
    if (path.empty() || path == route.path) found = route.graphql_schema.get();
  }
  if (paths.empty()) throw Error("no_schema", "The app has no GraphQL schema: app.graphql(path, schema) serves one");
  if (found != nullptr && (paths.size() == 1 || !path.empty())) return *found;
  std::string choice;
  for (const std::string& each : paths) choice.append(choice.empty() ? "--schema " : ", --schema ").append(each);
  throw Error("no_schema", (path.empty() ? "The app has several GraphQL schemas: "
                                         : "The app has no GraphQL schema at " + std::string(path) + ": ") +
                               choice);
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
  std::string schema_path;
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
  const CLI::Option* const prints_schema =
      command.add_option("--schema", schema_path, "Print the GraphQL schema, and end; PATH: where it is served")
          ->expected(0, 1)
          ->option_text("[PATH]");
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
  } else if (prints_schema->count() > 0) {
    std::fputs(graphql_schema(app.routes(), schema_path).c_str(), stdout);
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
