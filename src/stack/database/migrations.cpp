#include "stack/database/migrations.hpp"

#include <bailey/base/log.hpp>

#include <glob.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/script_runner.hpp"
#include "stack/database/sql_files.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

void apply(ScriptRunner& runner, const Migration& migration) {
  runner.run(migration.file, [&](BlockingConnection& connection, const std::vector<ScriptStatement>& statements) {
    std::vector<std::string> texts;
    for (const ScriptStatement& statement : statements) texts.push_back(statement.text);
    connection.query(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3::text[])",
        {migration.version, migration.name, text_array(texts)});
  });
}

bool is_recorded(BlockingConnection& connection, const std::string& name) {
  return !connection.query("select from _bailey.state where name = $1", {name}).empty();
}

void record(BlockingConnection& connection, const std::string& name) {
  connection.query("insert into _bailey.state values ($1, now()::text)", {name});
}

std::set<std::string> applied_versions(BlockingConnection& connection) {
  std::set<std::string> versions;
  for (const auto& row : connection.query("select version from supabase_migrations.schema_migrations")) {
    versions.insert(row.at(0).value());
  }
  return versions;
}

// A path as glob(3) takes it for what it is.
std::string literal_pattern(const fs::path& path) {
  std::string pattern;
  for (const char c : path.string()) {
    if (std::string_view("\\*?[").contains(c)) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::vector<fs::path> seed_files(const Project& project, const DatabaseConfig& config) {
  std::vector<fs::path> files;
  for (const std::string& pattern : config.seed_paths) {
    const fs::path absolute = (literal_pattern(project.supabase_folder()) / fs::path(pattern)).lexically_normal();
    glob_t found{};
    if (glob(absolute.c_str(), 0, nullptr, &found) == 0) {
      for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
    } else if (config.seed_paths != DatabaseConfig().seed_paths) {
      log::warning("no seed file is there", {{"pattern", pattern}});
    }
    globfree(&found);
  }
  return files;
}

}  // namespace

std::vector<Migration> find_migrations(const fs::path& folder) {
  std::vector<Migration> migrations;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    const std::string name = entry.path().filename();
    const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
    if (!name.ends_with(".sql")) continue;
    if (digits == 0 || digits >= name.size() || name[digits] != '_') {
      log::warning("a migration is skipped: its name is not <timestamp>_<name>.sql", {{"file", name}});
      continue;
    }
    migrations.push_back({name.substr(0, digits), name.substr(digits + 1, name.size() - digits - 5), entry.path()});
  }
  std::ranges::sort(migrations, {}, [](const Migration& m) { return m.file.filename().string(); });
  for (std::size_t i = 1; i < migrations.size(); ++i) {
    if (migrations[i].version == migrations[i - 1].version) {
      throw Error("migration_failed", "two migrations have the version " + migrations[i].version + ": " +
                                          migrations[i - 1].file.filename().string() + " and " +
                                          migrations[i].file.filename().string());
    }
  }
  return migrations;
}

bool apply_roles(const Project& project, const Secret& connection_string) {
  const fs::path file = project.supabase_folder() / "roles.sql";
  ScriptRunner runner(project, connection_string);
  if (!fs::exists(file) || is_recorded(runner.connection(), "roles")) return false;
  if (is_recorded(runner.connection(), "seeded")) {
    log::warning(
        "the roles of the project are not run: the database was made without them; bailey dev --reset runs them",
        {{"file", file.filename().string()}});
    record(runner.connection(), "roles");
    return false;
  }
  runner.run(file, [](BlockingConnection& connection, const auto&) { record(connection, "roles"); });
  log::info("ran the roles of the project", {{"file", file.filename().string()}});
  return true;
}

std::size_t apply_migrations(const Project& project, const Secret& connection_string) {
  const std::vector<Migration> migrations = find_migrations(project.migrations_folder());
  ScriptRunner runner(project, connection_string);
  runner.connection().execute(std::string(sql_file("migration_history.sql").text));
  std::set<std::string> applied = applied_versions(runner.connection());
  std::size_t count = 0;
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.version)) continue;
    if (!applied.empty() && migration.version < *applied.rbegin()) {
      log::warning("a migration is older than one applied before it", {{"file", migration.file.filename().string()}});
    }
    apply(runner, migration);
    applied.insert(migration.version);
    log::info("applied a migration", {{"file", migration.file.filename().string()}});
    ++count;
  }
  return count;
}

std::size_t apply_seeds(const Project& project, const DatabaseConfig& config, const Secret& connection_string) {
  ScriptRunner runner(project, connection_string);
  if (is_recorded(runner.connection(), "seeded")) return 0;
  const std::vector<fs::path> files = config.seed_enabled ? seed_files(project, config) : std::vector<fs::path>();
  runner.run_together(files, [](BlockingConnection& connection) { record(connection, "seeded"); });
  return files.size();
}

}  // namespace bailey::stack
