#include <bailey/web/guard.hpp>

namespace bailey {

Guard open_to_all() {
  return {.name = "open_to_all", .covers = [](std::string_view) { return Guarded::exempt; }};
}

}  // namespace bailey
