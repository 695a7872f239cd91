#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/stack/config.hpp>
#include <bailey/stack/project.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace bailey::stack {

// A file of supabase/migrations: <version>_<name>.sql.
struct Migration {
  std::string version;  // digits, as the Supabase CLI's timestamps
  std::string name;
  std::filesystem::path file;
};

// Those of the folder in the order they are applied; files named otherwise are skipped with a warning. Throws Error
// "migration_failed" when two have the same version.
[[nodiscard]] std::vector<Migration> find_migrations(const std::filesystem::path& folder);

// Runs supabase/roles.sql, where there is one, on a new database: the roles that the migrations build on. One that is
// added later, when the seeds have been through, is not run, as the roles may be there; that is logged once. Returns
// whether it was run. Throws Error "migration_failed".
bool apply_roles(const Project& project, const Secret& connection_string);

// Applies what the database has not had yet, each as ScriptRunner runs a script, together with its record in
// supabase_migrations.schema_migrations. The first that fails stops it: Error "migration_failed". Returns how many were
// applied.
std::size_t apply_migrations(const Project& project, const Secret& connection_string);

// Runs the seed files on a database that has not been seeded: one transaction for all and the record that it is done.
// A pattern that finds no file gives a warning. Returns how many files were run.
std::size_t apply_seeds(const Project& project, const DatabaseConfig& config, const Secret& connection_string);

}  // namespace bailey::stack
