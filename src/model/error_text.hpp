#pragma once

#include <bailey/model/validation.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace bailey::detail {

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

// Where and why, for a log: "3.full_name: Field required; 4.id: …". The first few.
inline std::string error_text(const ValidationErrors& errors) {
  constexpr std::size_t listed_errors = 5;
  std::string text;
  std::size_t listed = 0;
  for (const ValidationError& error : errors.entries) {
    if (listed++ == listed_errors) break;
    if (!text.empty()) text += "; ";
    text.append(location_text(error.loc)).append(": ").append(error.msg);
  }
  return text;
}

}  // namespace bailey::detail
