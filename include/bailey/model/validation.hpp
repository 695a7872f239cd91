#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <bailey/model/json.hpp>

namespace bailey {

// The place of a value: "body" (or "query", "path", …), then the names and indexes that lead to it.
using Location = std::vector<std::variant<std::string, std::int64_t>>;

// Whether a JSON value of another kind is taken for the one that is wanted, as FastAPI takes it: "7" and true as
// numbers, 1 and "on" as bool, 1700000000 as a time.
enum class Conversion : std::uint8_t { none, lenient };

// One thing wrong with an input, in the form FastAPI's users know. `type` and the names in `ctx` are pydantic's and
// stable. `input` is the value that was refused; it is null for secrets, for what contains them and for large values.
struct ValidationError {
  std::string type;
  Location loc;
  std::string msg;
  json::value input;
  json::object ctx;
};

// All that is wrong with an input, in the order of the members; at most `validation_error_limit` entries.
struct ValidationErrors {
  std::vector<ValidationError> entries;

  // Return, or append as text, the array that stands in {"detail": …}.
  [[nodiscard]] json::value to_json() const;
  void append_json(std::string& out) const;

  // Moves the entries of `others` behind these, up to the limit; what is beyond it is dropped.
  void append(ValidationErrors&& others);
};

inline constexpr std::size_t validation_error_limit = 100;

// Returns the entry for something that is not there at all: {"type":"missing","loc":[…],"msg":"Field
// required","input":null}.
[[nodiscard]] ValidationError missing_error(Location loc);

}  // namespace bailey
