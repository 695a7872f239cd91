#pragma once

#include <string>
#include <string_view>

namespace bailey::stack::auth {

// The same JSON, as short as it gets: without blanks between its tokens, and a number that PostgreSQL has written with
// 22 digits or more that are mostly zeros (1e308 has 309) with an exponent, of exactly the same value. All else stays
// as it is written.
[[nodiscard]] std::string compact_json(std::string_view json);

}  // namespace bailey::stack::auth
