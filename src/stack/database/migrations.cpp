#include "stack/database/migrations.hpp"

#include <bailey/base/log.hpp>

#include <glob.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/sql_files.hpp"
#include "stack/database/sql_script.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

std::string read_script(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) throw Error("migration_failed", "cannot read " + file.string());
  return {std::istreambuf_iterator<char>(input), {}};
}

// Runs a script statement by statement, so that an error can be told with its line.
std::vector<std::string> run_script(BlockingConnection& connection, const Project& project, const fs::path& file) {
  std::vector<std::string> texts;
  for (const ScriptStatement& statement : split_script(read_script(file))) {
    try {
      connection.execute(statement.text);
    } catch (const StatementError& failure) {
      std::string message = file.lexically_relative(project.root).string() + ":" +
                            std::to_string(line_of(statement, failure.position())) + ": " + failure.message();
      if (!failure.code().empty()) message += " (" + failure.code() + ")";
      if (!failure.detail().empty()) message += "\n  detail: " + failure.detail();
      if (!failure.hint().empty()) message += "\n  hint: " + failure.hint();
      throw Error("migration_failed", std::move(message));
    }
    texts.push_back(statement.text);
  }
  return texts;
}

std::set<std::string> applied_versions(BlockingConnection& connection) {
  std::set<std::string> versions;
  for (const auto& row : connection.query("select version from supabase_migrations.schema_migrations")) {
    versions.insert(row.at(0).value());
  }
  return versions;
}

std::vector<fs::path> seed_files(const Project& project, const DatabaseConfig& config) {
  std::vector<fs::path> files;
  for (const std::string& pattern : config.seed_paths) {
    const fs::path absolute = (project.supabase_folder() / pattern).lexically_normal();
    glob_t found{};
    if (glob(absolute.c_str(), 0, nullptr, &found) == 0) {
      for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
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

std::size_t apply_migrations(const Project& project, const Secret& connection_string) {
  const std::vector<Migration> migrations = find_migrations(project.migrations_folder());
  BlockingConnection connection(connection_string);
  connection.execute(std::string(sql_file("migration_history.sql")));
  std::set<std::string> applied = applied_versions(connection);
  std::size_t count = 0;
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.version)) continue;
    if (!applied.empty() && migration.version < *applied.rbegin()) {
      log::warning("a migration is older than one applied before it", {{"file", migration.file.filename().string()}});
    }
    BlockingTransaction transaction(connection);
    const std::vector<std::string> statements = run_script(connection, project, migration.file);
    connection.execute("reset role; reset all");
    connection.query(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3::text[])",
        {migration.version, migration.name, text_array(statements)});
    transaction.commit();
    connection.execute("reset all");
    applied.insert(migration.version);
    log::info("applied a migration", {{"file", migration.file.filename().string()}});
    ++count;
  }
  return count;
}

std::size_t apply_seeds(const Project& project, const DatabaseConfig& config, const Secret& connection_string,
                        const Secret& admin_connection_string) {
  BlockingConnection admin(admin_connection_string);
  if (!admin.query("select from _bailey.state where name = 'seeded'").empty()) return 0;
  std::size_t count = 0;
  if (config.seed_enabled) {
    BlockingConnection connection(connection_string);
    BlockingTransaction transaction(connection);
    for (const fs::path& file : seed_files(project, config)) {
      run_script(connection, project, file);
      log::info("ran a seed file", {{"file", file.filename().string()}});
      ++count;
    }
    transaction.commit();
  }
  admin.execute("insert into _bailey.state values ('seeded', now()::text) on conflict do nothing");
  return count;
}

}  // namespace bailey::stack
