#include "stack/database/migrations.hpp"

#include <bailey/base/log.hpp>

#include <glob.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/extensions.hpp"
#include "stack/database/sql_files.hpp"
#include "stack/database/sql_script.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

std::string read_script(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::error_code unknown;
  if (!input || fs::is_directory(file, unknown)) throw Error("migration_failed", "cannot read " + file.string());
  std::string script{std::istreambuf_iterator<char>(input), {}};
  // A NUL would end the text for PostgreSQL: what follows it would be left out without a word.
  if (script.contains('\0')) {
    throw Error("migration_failed",
                file.string() + " has NUL characters in it; is it UTF-16? Save it in the encoding UTF-8");
  }
  return script;
}

// A statement of a script failed: where and why.
class ScriptError : public Error {
 public:
  ScriptError(const Project& project, const fs::path& file, const ScriptStatement& statement,
              const StatementError& failure)
      : Error("migration_failed", describe(file.lexically_relative(project.root), statement, failure)),
        sqlstate_(failure.code()) {}

  // CREATE INDEX CONCURRENTLY, VACUUM and their like cannot run within a transaction.
  [[nodiscard]] bool wants_no_transaction() const { return sqlstate_ == "25001"; }

 private:
  static std::string describe(const fs::path& file, const ScriptStatement& statement, const StatementError& failure) {
    std::string message =
        file.string() + ":" + std::to_string(line_of(statement, failure.position())) + ": " + failure.message();
    if (!failure.code().empty()) message += " (" + failure.code() + ")";
    if (!failure.detail().empty()) message += "\n  detail: " + failure.detail();
    if (!failure.hint().empty()) message += "\n  hint: " + failure.hint();
    return message;
  }

  std::string sqlstate_;
};

// CREATE EXTENSION where PostgreSQL would refuse it and a Supabase project relies on it. Returns whether the statement
// has been dealt with.
bool stand_in_for_extension(BlockingConnection& connection, const fs::path& file, const ScriptStatement& statement) {
  const auto request = extension_request(statement.text);
  if (!request) return false;
  if (is_supabases_own_extension(request->name) &&
      connection.query("select from pg_available_extensions where name = $1", {request->name}).empty()) {
    log::warning("an extension that Supabase brings is left out: this PostgreSQL does not have it",
                 {{"extension", request->name}, {"file", file.filename().string()}, {"line", statement.line}});
    return true;
  }
  if (!is_made_by_superuser(request->name)) return false;
  connection.query("select _bailey.create_extension($1, coalesce(nullif($2, ''), current_schema()))",
                   {request->name, request->schema});
  return true;
}

// Statement by statement, so that an error can be told with its line.
void run_statements(BlockingConnection& connection, const Project& project, const fs::path& file,
                    const std::vector<ScriptStatement>& statements) {
  bool in_transaction = connection.is_in_transaction();
  for (const ScriptStatement& statement : statements) {
    try {
      if (!stand_in_for_extension(connection, file, statement)) connection.execute(statement.text);
    } catch (const StatementError& failure) {
      throw ScriptError(project, file, statement, failure);
    }
    if (in_transaction && !connection.is_in_transaction()) {
      in_transaction = false;
      log::warning("a script ends the transaction it runs in: if it fails later, what stands before stays or is lost",
                   {{"file", file.filename().string()}, {"line", statement.line}});
    }
  }
}

// What a script has set counts for that script alone.
void reset_session(BlockingConnection& connection) { connection.execute("reset role; reset all"); }

// In one transaction with its record; a migration of one statement that cannot be, before it.
void apply(BlockingConnection& connection, const Project& project, const Migration& migration) {
  const std::vector<ScriptStatement> statements = split_script(read_script(migration.file));
  std::vector<std::string> texts;
  for (const ScriptStatement& statement : statements) texts.push_back(statement.text);
  const auto record = [&] {
    reset_session(connection);
    connection.query(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3::text[])",
        {migration.version, migration.name, text_array(texts)});
  };
  try {
    BlockingTransaction transaction(connection);
    run_statements(connection, project, migration.file, statements);
    record();
    transaction.commit();
    return;
  } catch (const ScriptError& failure) {
    if (statements.size() != 1 || !failure.wants_no_transaction()) throw;
  }
  run_statements(connection, project, migration.file, statements);
  record();
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
    apply(connection, project, migration);
    applied.insert(migration.version);
    log::info("applied a migration", {{"file", migration.file.filename().string()}});
    ++count;
  }
  return count;
}

std::size_t apply_seeds(const Project& project, const DatabaseConfig& config, const Secret& connection_string) {
  BlockingConnection connection(connection_string);
  if (!connection.query("select from _bailey.state where name = 'seeded'").empty()) return 0;
  BlockingTransaction transaction(connection);
  std::size_t count = 0;
  if (config.seed_enabled) {
    for (const fs::path& file : seed_files(project, config)) {
      run_statements(connection, project, file, split_script(read_script(file)));
      reset_session(connection);
      log::info("ran a seed file", {{"file", file.filename().string()}});
      ++count;
    }
  }
  connection.execute("insert into _bailey.state values ('seeded', now()::text)");
  transaction.commit();
  return count;
}

}  // namespace bailey::stack
