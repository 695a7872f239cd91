#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack {

// What CREATE EVENT TRIGGER asks for.
struct EventTriggerRequest {
  std::string name = {};
  std::string event = {};
  std::vector<std::string> tags = {};  // none: every command
  std::string function = {};           // with its schema where one is told, each name quoted, and ()

  bool operator==(const EventTriggerRequest&) const = default;
};

// Of a statement as split_script gives it; nullopt for any other, and for one that is not understood whole. Pure.
[[nodiscard]] std::optional<EventTriggerRequest> event_trigger_request(std::string_view statement);

}  // namespace bailey::stack
