#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack {

// What CREATE EXTENSION asks for.
struct ExtensionRequest {
  std::string name = {};
  std::string schema = {};   // "" when it is not told
  std::string version = {};  // "" when it is not told
  bool if_not_exists = false;
  bool cascade = false;

  bool operator==(const ExtensionRequest&) const = default;
};

// Of a statement as split_script gives it; nullopt for any other. Pure.
[[nodiscard]] std::optional<ExtensionRequest> extension_request(std::string_view statement);

// What ALTER EXTENSION … SET SCHEMA asks for.
struct ExtensionMove {
  std::string name = {};
  std::string schema = {};

  bool operator==(const ExtensionMove&) const = default;
};

// Of a statement as split_script gives it; nullopt for any other. Pure.
[[nodiscard]] std::optional<ExtensionMove> extension_move(std::string_view statement);

// Extensions that Supabase lets a project make. Where PostgreSQL does not have one, or it is not for a project here,
// most of the project's tables and functions do without.
[[nodiscard]] bool is_extension_of_supabase(std::string_view name);

}  // namespace bailey::stack
