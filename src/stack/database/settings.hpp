#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack {

// The setting that ALTER ROLE … SET, ALTER DATABASE … SET, SET or SET LOCAL sets, in lower case. Of a statement as
// split_script gives it; nullopt for any other, and for those that PostgreSQL has words of their own for (SET ROLE, SET
// TIME ZONE, …). Pure.
[[nodiscard]] std::optional<std::string> setting_of(std::string_view statement);

}  // namespace bailey::stack
