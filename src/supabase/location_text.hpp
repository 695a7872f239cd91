#pragma once

#include <bailey/model/validation.hpp>

#include <cstdint>
#include <string>
#include <variant>

namespace bailey::client_detail {

// "rows.3.full_name".
inline std::string location_text(const Location& location) {
  std::string text;
  for (const auto& step : location) {
    if (!text.empty()) text += '.';
    if (const auto* name = std::get_if<std::string>(&step)) text += *name;
    if (const auto* index = std::get_if<std::int64_t>(&step)) text += std::to_string(*index);
  }
  return text;
}

}  // namespace bailey::client_detail
