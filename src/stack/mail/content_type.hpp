#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::stack::mail {

// The value of a Content-Type or Content-Disposition field of a stranger's: `text/plain; charset=utf-8`. Names in lower
// case; values without their quotes, with continuations joined and percent escapes decoded (RFC 2231), in UTF-8.
struct FieldWithParameters {
  std::string value;  // in lower case
  std::vector<std::pair<std::string, std::string>> parameters;

  [[nodiscard]] std::string_view find(std::string_view name) const noexcept;  // "" when there is none
};

[[nodiscard]] FieldWithParameters parse_parameters(std::string_view field);

}  // namespace bailey::stack::mail
