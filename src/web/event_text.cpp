// The lines of an event. What ends a line in the data begins a further `data` field, as the reader puts a line feed
// between them; in a type or an id it would begin a field that nobody has meant.
#include <bailey/web/event_stream.hpp>

#include <bailey/base/error.hpp>

#include <string>
#include <utility>

namespace bailey::web_detail {
namespace {

// Calls f(line) for each line: they end with CR LF, LF or CR.
template <class F>
void for_each_line(std::string_view text, F&& f) {
  for (;;) {
    const std::size_t end = text.find_first_of("\r\n");
    f(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
}

void require_one_line(std::string_view value, std::string_view what) {
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    throw Error("invalid_event", "The " + std::string(what) + " of an event is one line", 500);
}

}  // namespace

std::string event_text(std::string_view data, const EventFields& fields) {
  std::string text;
  if (!fields.event.empty()) {
    require_one_line(fields.event, "type");
    text.append("event: ").append(fields.event).append("\n");
  }
  for_each_line(data, [&](std::string_view line) { text.append("data: ").append(line).append("\n"); });
  if (fields.id) {
    require_one_line(*fields.id, "id");
    text.append("id: ").append(*fields.id).append("\n");
  }
  if (fields.retry) {
    if (fields.retry->count() < 0) throw Error("invalid_event", "A client comes back after a time, not before", 500);
    text.append("retry: ").append(std::to_string(fields.retry->count())).append("\n");
  }
  text += '\n';
  return text;
}

std::string comment_text(std::string_view comment) {
  std::string text;
  for_each_line(comment, [&](std::string_view line) { text.append(": ").append(line).append("\n"); });
  text += '\n';
  return text;
}

json::object event_schema(SchemaDefinitions& definitions, SchemaMaker data) {
  const json::object text{{"type", "string"}};
  json::object sent = text;
  sent["contentMediaType"] = "application/json";
  sent["contentSchema"] = data(definitions);
  return {{"type", "object"},
          {"properties", json::object{{"data", std::move(sent)},
                                      {"event", text},
                                      {"id", text},
                                      {"retry", json::object{{"type", "integer"}, {"minimum", 0}}}}},
          {"required", json::array{"data"}}};
}

}  // namespace bailey::web_detail
