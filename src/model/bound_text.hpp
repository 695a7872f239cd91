#pragma once

#include <bailey/model/bound.hpp>
#include <bailey/model/json.hpp>

#include <string>

namespace bailey::detail {

// As pydantic writes it: "3", "0.5", "1 day and 2 hours", "2026-11-23", "2026-11-23T14:05:09Z".
[[nodiscard]] std::string bound_text(const Bound& bound);
// The same for an error's `ctx`, where a number is a number.
[[nodiscard]] json::value bound_json(const Bound& bound);

}  // namespace bailey::detail
