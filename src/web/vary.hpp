#pragma once

#include <bailey/base/ascii.hpp>
#include <bailey/http/headers.hpp>
#include "http/field_list.hpp"

#include <string_view>

namespace bailey::web_detail {

// In any of the fields of this name, which are one list.
[[nodiscard]] inline bool any_lists(const http::Headers& headers, std::string_view field, std::string_view name) {
  bool found = false;
  headers.for_each([&](std::string_view key, std::string_view value) {
    found = found || (ascii::equal_ignoring_case(key, field) && http::has_list_member(value, name));
  });
  return found;
}

// Says that the answer varies by this request field, beside what it varies by already.
inline void vary_by(http::Headers& headers, std::string_view field) {
  if (!any_lists(headers, "vary", field) && !any_lists(headers, "vary", "*")) headers.add("Vary", field);
}

}  // namespace bailey::web_detail
