// Reads CREATE EVENT TRIGGER. What is written in another way (U&"…", two filters) is left to
// PostgreSQL, which refuses it to all but superusers.
#include "stack/database/event_triggers.hpp"

#include <bailey/query/compile.hpp>

#include "stack/database/sql_words.hpp"

namespace bailey::stack {

std::optional<EventTriggerRequest> event_trigger_request(std::string_view statement) {
  SqlWords words(statement);
  if (!words.take("create") || !words.take("event") || !words.take("trigger")) return std::nullopt;
  EventTriggerRequest request;
  request.name = words.name();
  if (request.name.empty() || !words.take("on")) return std::nullopt;
  request.event = words.name();
  if (request.event.empty()) return std::nullopt;
  if (words.take("when")) {
    if (!words.take("tag") || !words.take("in") || !words.take('(')) return std::nullopt;
    do {
      request.tags.push_back(words.string());
      if (request.tags.back().empty()) return std::nullopt;
    } while (words.take(','));
    if (!words.take(')')) return std::nullopt;
  }
  if (!words.take("execute") || (!words.take("function") && !words.take("procedure"))) return std::nullopt;
  do {
    const std::string part = words.name();
    if (part.empty()) return std::nullopt;
    request.function += (request.function.empty() ? "" : ".") + query::quote_identifier(part);
  } while (words.take('.'));
  request.function += "()";
  if (!words.take('(') || !words.take(')') || !words.at_end()) return std::nullopt;
  return request;
}

}  // namespace bailey::stack
