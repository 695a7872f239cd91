#pragma once

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <string_view>

namespace bailey::http {

// Calls f(member) for each member of a list in a field's value (RFC 9110 section 5.6.1), trimmed; for empty ones, too.
template <class F>
void for_each_list_member(std::string_view list, F&& f) {
  while (!list.empty()) {
    std::string_view member = list.substr(0, list.find(','));
    list.remove_prefix(std::min(member.size() + 1, list.size()));
    while (member.starts_with(' ') || member.starts_with('\t')) member.remove_prefix(1);
    while (member.ends_with(' ') || member.ends_with('\t')) member.remove_suffix(1);
    f(member);
  }
}

[[nodiscard]] inline bool has_list_member(std::string_view list, std::string_view wanted) noexcept {
  bool found = false;
  for_each_list_member(list, [&](std::string_view member) { found |= ascii::equal_ignoring_case(member, wanted); });
  return found;
}

}  // namespace bailey::http
