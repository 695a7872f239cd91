#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack {

// What CREATE ROLE or ALTER ROLE says of attributes that PostgreSQL keeps to superusers.
struct RoleAttributes {
  std::string role = {};
  std::optional<bool> bypasses_rls = std::nullopt;
  std::string without = {};  // the statement with blanks in the place of those words

  bool operator==(const RoleAttributes&) const = default;
};

// Of a statement as split_script gives it; nullopt for any other, for one that has none of these words, and for one
// that is not understood whole. Pure.
[[nodiscard]] std::optional<RoleAttributes> role_attributes(std::string_view statement);

}  // namespace bailey::stack
