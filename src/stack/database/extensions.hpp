#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack {

// What CREATE EXTENSION asks for.
struct ExtensionRequest {
  std::string name;
  std::string schema;  // "" when it is not told

  bool operator==(const ExtensionRequest&) const = default;
};

// Of a statement as split_script gives it; nullopt for any other. Pure.
[[nodiscard]] std::optional<ExtensionRequest> extension_request(std::string_view statement);

// Extensions that Supabase's image of PostgreSQL brings and projects name in their migrations though most of their
// tables and functions do without: a migration goes on where PostgreSQL does not have one.
[[nodiscard]] bool is_supabases_own_extension(std::string_view name);

// Extensions a Supabase project may make and PostgreSQL keeps to superusers. `_bailey.create_extension` makes them, and
// says which and why (sql/009_for_migrations.sql).
[[nodiscard]] bool is_made_by_superuser(std::string_view name);

}  // namespace bailey::stack
