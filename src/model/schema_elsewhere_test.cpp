#include "model/schema_testing.hpp"

#include <cstdint>

namespace bailey {
namespace {

enum class Kind { on, off };
struct Part {
  std::int64_t number;
};

}  // namespace

std::vector<json::object> schema_testing::schemas_elsewhere(SchemaDefinitions& definitions) {
  struct Answer {
    bool is_known;
  };
  return {schema<Part>(definitions), schema<Kind>(definitions), schema<Answer>(definitions)};
}

}  // namespace bailey
