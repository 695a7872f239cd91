#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/stack/project.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/sql_script.hpp"

namespace bailey::stack {

// Runs a project's scripts, statement by statement, on one connection as role `postgres`. What PostgreSQL keeps to
// superusers and Supabase does not means what it means there: CREATE EXTENSION (sql/015_extensions_always.sql; what
// Supabase has and this PostgreSQL has not, or keeps to superusers, is left out with a warning that names file, line
// and extension) and ALTER EXTENSION … SET SCHEMA, CREATE EVENT TRIGGER (sql/013_event_triggers_always.sql), CREATE
// PUBLICATION … FOR ALL TABLES (sql/014_publications_always.sql), and BYPASSRLS of a role
// (sql/018_roles_and_settings_always.sql). Settings that only the superuser may set are left out with a warning.
class ScriptRunner {
 public:
  // The project outlives it. Throws Error "database_unavailable".
  ScriptRunner(const Project& project, const Secret& connection_string);

  using Record = std::function<void(BlockingConnection&, const std::vector<ScriptStatement>&)>;

  // Runs a script in one transaction together with `record`, which is called at the end. Statements that bear no
  // transaction (CREATE INDEX CONCURRENTLY, VACUUM) run between two: when the script fails after one, what stands
  // before it stays, and the error says so; so does that of a later run, though the process was killed. What the script
  // has set is reset. The first statement that fails ends it: Error "migration_failed" with file, line and PostgreSQL's
  // message.
  void run(const std::filesystem::path& file, const Record& record);

  // The same for several scripts in one transaction; none of their statements may be one that bears none.
  void run_together(const std::vector<std::filesystem::path>& files,
                    const std::function<void(BlockingConnection&)>& record);

  [[nodiscard]] BlockingConnection& connection() noexcept { return connection_; }

 private:
  // These return whether the statement has been dealt with.
  [[nodiscard]] bool stand_in(const std::filesystem::path& file, const ScriptStatement& statement);
  [[nodiscard]] bool stand_in_for_extension(const std::filesystem::path& file, const ScriptStatement& statement);
  void make_extension(std::string_view name, std::string_view schema, bool cascade);
  [[nodiscard]] bool stand_in_for_extension_move(const ScriptStatement& statement);
  [[nodiscard]] bool stand_in_for_role_attributes(const ScriptStatement& statement);
  [[nodiscard]] bool leave_out_setting(const std::filesystem::path& file, const ScriptStatement& statement);
  [[nodiscard]] bool stand_in_for_event_trigger(const ScriptStatement& statement);
  [[nodiscard]] bool stand_in_for_publication(const ScriptStatement& statement);
  // Returns the place of a statement that does not bear the transaction it runs in, which has failed with it.
  [[nodiscard]] std::optional<std::size_t> run_statements(const std::filesystem::path& file,
                                                          std::span<const ScriptStatement> statements);
  [[nodiscard]] std::optional<std::size_t> run_in_transaction(const std::filesystem::path& file,
                                                              std::span<const ScriptStatement> statements,
                                                              const std::function<void()>& finish);
  [[nodiscard]] std::string advice(const ScriptStatement& statement, const StatementError& failure) const;
  // Whether a run of the script has committed a part of it and not come to its end; and that one has.
  [[nodiscard]] bool is_begun(const std::filesystem::path& file);
  void note_begun(const std::filesystem::path& file);
  void reset_session();
  [[nodiscard]] std::filesystem::path place(const std::filesystem::path& file) const;

  const Project& project_;
  BlockingConnection connection_;
  std::set<std::string> extensions_made_;
  std::set<std::string> settings_of_superuser_;
};

}  // namespace bailey::stack
