#include <graphql/response_error.hpp>

#include <string_view>

namespace bailey::graphql {

namespace {

template <class Items, class Write>
void write_list(std::string_view key, const Items& items, std::string& out, Write write) {
  if (items.empty()) return;
  out += ",\"";
  out += key;
  out += "\":[";
  for (bool first = true; const auto& item : items) {
    if (!first) out += ',';
    first = false;
    write(item);
  }
  out += ']';
}

}  // namespace

void write_error(const ResponseError& error, std::string& out) {
  out += "{\"message\":";
  append_json_string(out, error.message);
  write_list("locations", error.locations, out, [&](const Location& location) {
    out += "{\"line\":" + std::to_string(location.line) + ",\"column\":" + std::to_string(location.column) + "}";
  });
  write_list("path", error.path, out, [&](const PathSegment& segment) {
    if (const auto* const key = std::get_if<std::string>(&segment))
      append_json_string(out, *key);
    else
      out += std::to_string(std::get<std::size_t>(segment));
  });
  if (!error.extensions.empty()) {
    out += ",\"extensions\":";
    append_json(out, error.extensions);
  }
  out += '}';
}

}  // namespace bailey::graphql
