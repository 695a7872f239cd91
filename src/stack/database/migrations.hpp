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

// Applies what the database has not had yet, each in one transaction together with its record in
// supabase_migrations.schema_migrations, as role postgres; a lone statement that no transaction may hold (CREATE INDEX
// CONCURRENTLY) without one. The first that fails stops it: Error "migration_failed" with file, line and PostgreSQL's
// message. Returns how many were applied. Extensions that extensions.hpp says a superuser may make are made by one, and
// a migration goes on without those that Supabase alone brings, with a warning that names file, line and extension.
std::size_t apply_migrations(const Project& project, const Secret& connection_string);

// Runs the seed files on a database that has not been seeded: one transaction for all and the record that it is done;
// extensions as above. A pattern that finds no file gives a warning. Returns how many files were run.
std::size_t apply_seeds(const Project& project, const DatabaseConfig& config, const Secret& connection_string);

}  // namespace bailey::stack
