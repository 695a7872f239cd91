// A script runs in one transaction as far as PostgreSQL lets it. Which statements do not bear one is PostgreSQL's to
// say: it refuses such a statement, and with it goes all that the transaction has done; that is done again and
// committed before the statement runs alone. Nothing here knows the names of these statements.
#include "stack/database/script_runner.hpp"

#include <bailey/base/log.hpp>

#include <algorithm>

#include "stack/database/event_triggers.hpp"
#include "stack/database/extensions.hpp"
#include "stack/database/long_step.hpp"
#include "stack/database/publications.hpp"
#include "stack/database/role_attributes.hpp"
#include "stack/database/settings.hpp"
#include "stack/project/project_file.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

std::string describe(const fs::path& file, const ScriptStatement& statement, const StatementError& failure) {
  std::string message =
      file.string() + ":" + std::to_string(line_of(statement, failure.position())) + ": " + failure.message();
  if (!failure.code().empty()) message += " (" + failure.code() + ")";
  if (!failure.detail().empty()) message += "\n  detail: " + failure.detail();
  if (!failure.hint().empty()) message += "\n  hint: " + failure.hint();
  return message;
}

// SET TRANSACTION after a query has the same code, and is not helped by running alone.
bool bears_no_transaction(const StatementError& failure) {
  return failure.code() == "25001" && failure.message().contains("cannot run inside");
}

std::vector<ScriptStatement> read_script(const fs::path& file) {
  const Expected<std::string> content = read_project_file(file, script_limit_bytes);
  if (!content) throw Error("migration_failed", content.error().message());
  const std::string& script = *content;
  // A NUL would end the text for PostgreSQL: what follows it would be left out without a word.
  if (script.contains('\0')) {
    throw Error("migration_failed",
                file.string() + " has NUL characters in it; is it UTF-16? Save it in the encoding UTF-8");
  }
  return split_script(script);
}

// What this PostgreSQL has of an extension that is asked for.
struct AvailableExtension {
  std::string default_version;
  std::string own_schema;  // that it is made in and no other; "" when it has none
  bool is_made = false;
  bool needs_superuser = false;
  bool has_version = false;  // the one that is asked for
};

std::optional<AvailableExtension> available_extension(BlockingConnection& connection, const ExtensionRequest& request) {
  const auto rows = connection.query(
      "select e.default_version, coalesce(v.schema, ''), e.installed_version is not null, v.superuser and not "
      "v.trusted,"
      " exists (select from pg_available_extension_versions where name = e.name and version = $2)"
      " from pg_available_extensions e join pg_available_extension_versions v"
      " on v.name = e.name and v.version = e.default_version where e.name = $1",
      {request.name, request.version});
  if (rows.empty()) return std::nullopt;
  const auto is = [&](std::size_t column) { return rows[0].at(column) == "t"; };
  return AvailableExtension{.default_version = rows[0].at(0).value(),
                            .own_schema = rows[0].at(1).value(),
                            .is_made = is(2),
                            .needs_superuser = is(3),
                            .has_version = is(4)};
}

// For one that needs no superuser, so that the project itself makes it: in the version that is installed.
std::string extension_in_any_version(BlockingConnection& connection, const ExtensionRequest& request) {
  return connection
      .query(
          "select format('create extension if not exists %I', $1::text)"
          " || case when $2 = '' then '' else format(' schema %I', $2::text) end"
          " || case when $3 = 'true' then ' cascade' else '' end",
          {request.name, request.schema, request.cascade ? "true" : "false"})
      .at(0)
      .at(0)
      .value();
}

std::string name_of_begun(const fs::path& file) { return "begun " + file.filename().string(); }

}  // namespace

ScriptRunner::ScriptRunner(const Project& project, const Secret& connection_string)
    : project_(project), connection_(connection_string) {
  for (const auto& row : connection_.query("select _bailey.extensions_made()"))
    extensions_made_.insert(row.at(0).value());
  for (const auto& row : connection_.query("select lower(name) from _bailey.settings_of_superuser() as name"))
    settings_of_superuser_.insert(row.at(0).value());
}

void ScriptRunner::make_extension(std::string_view name, std::string_view schema, bool cascade) {
  connection_.query("select _bailey.create_extension($1, coalesce(nullif($2, ''), current_schema()), $3)",
                    {std::string(name), std::string(schema), cascade ? "true" : "false"});
}

bool ScriptRunner::stand_in_for_extension(const fs::path& file, const ScriptStatement& statement) {
  const auto request = extension_request(statement.text);
  if (!request) return false;
  const auto warn = [&](std::string_view what) {
    log::warning(what, {{"extension", request->name}, {"file", file.filename().string()}, {"line", statement.line}});
  };
  constexpr std::string_view other_version = "an extension is made in the version that this PostgreSQL has";
  const auto available = available_extension(connection_, *request);
  if (!available) {
    if (!is_extension_of_supabase(request->name)) return false;
    warn("an extension that Supabase brings is left out: this PostgreSQL does not have it");
    return true;
  }
  if (available->is_made) return false;  // which PostgreSQL says
  if (extensions_made_.contains(request->name)) {
    if (!request->version.empty() && request->version != available->default_version) warn(other_version);
    make_extension(request->name, request->schema, request->cascade);
    return true;
  }
  if (available->needs_superuser) {
    if (!is_extension_of_supabase(request->name)) return false;
    warn("an extension that Supabase brings is left out: a local database does not make it");
    return true;
  }
  if (request->cascade) {
    // In a schema that the extension fills itself there is no place for another.
    const bool in_own_schema = !request->schema.empty() && request->schema == available->own_schema;
    for (const auto& row : connection_.query("select _bailey.requirements_to_make($1)", {request->name}))
      make_extension(row.at(0).value(), in_own_schema ? "extensions" : request->schema, true);
  }
  if (request->version.empty() || available->has_version || !is_extension_of_supabase(request->name)) return false;
  warn(other_version);
  connection_.execute(extension_in_any_version(connection_, *request));
  return true;
}

bool ScriptRunner::stand_in_for_extension_move(const ScriptStatement& statement) {
  const auto move = extension_move(statement.text);
  if (!move) return false;
  connection_.query("select _bailey.move_extension($1, $2)", {move->name, move->schema});
  return true;
}

bool ScriptRunner::stand_in_for_role_attributes(const ScriptStatement& statement) {
  const auto attributes = role_attributes(statement.text);
  if (!attributes) return false;
  connection_.execute(attributes->without);
  if (attributes->bypasses_rls) {
    connection_.query("select _bailey.set_bypassrls($1, $2)",
                      {attributes->role, *attributes->bypasses_rls ? "true" : "false"});
  }
  return true;
}

// They load libraries, or bring what users send into the server's log.
bool ScriptRunner::leave_out_setting(const fs::path& file, const ScriptStatement& statement) {
  const auto setting = setting_of(statement.text);
  if (!setting || !settings_of_superuser_.contains(*setting)) return false;
  log::warning("a setting that is the superuser's is left out",
               {{"setting", *setting}, {"file", file.filename().string()}, {"line", statement.line}});
  return true;
}

bool ScriptRunner::stand_in_for_event_trigger(const ScriptStatement& statement) {
  const auto request = event_trigger_request(statement.text);
  if (!request) return false;
  std::string tags;
  for (const std::string& tag : request->tags) tags += (tags.empty() ? "" : "\n") + tag;
  connection_.query("select _bailey.create_event_trigger($1, $2, string_to_array($3, E'\\n'), $4::regprocedure)",
                    {request->name, request->event, tags, request->function});
  return true;
}

bool ScriptRunner::stand_in_for_publication(const ScriptStatement& statement) {
  const auto publication = publication_of_all_tables(statement.text);
  if (!publication) return false;
  connection_.execute(publication->of_no_table);
  connection_.query("select _bailey.publish_all_tables($1)", {publication->name});
  return true;
}

bool ScriptRunner::stand_in(const fs::path& file, const ScriptStatement& statement) {
  return stand_in_for_extension(file, statement) || stand_in_for_extension_move(statement) ||
         stand_in_for_event_trigger(statement) || stand_in_for_publication(statement) ||
         stand_in_for_role_attributes(statement) || leave_out_setting(file, statement);
}

// What a DO block or a function makes is PostgreSQL's to refuse.
std::string ScriptRunner::advice(const ScriptStatement& statement, const StatementError& failure) const {
  constexpr std::string_view beginning = "permission denied to create extension \"";
  if (!failure.message().starts_with(beginning) || extension_request(statement.text)) return "";
  const std::string_view rest = std::string_view(failure.message()).substr(beginning.size());
  const std::string name(rest.substr(0, rest.find('"')));
  if (!extensions_made_.contains(name)) return "";
  return "\n  hint: Inside of another statement it is made by: perform _bailey.create_extension('" + name +
         "', 'extensions', true)";
}

std::optional<std::size_t> ScriptRunner::run_statements(const fs::path& file,
                                                        std::span<const ScriptStatement> statements) {
  bool in_transaction = connection_.is_in_transaction();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    try {
      if (!stand_in(file, statements[i])) connection_.execute(statements[i].text);
    } catch (const StatementError& failure) {
      if (in_transaction && bears_no_transaction(failure)) return i;
      throw Error("migration_failed", describe(place(file), statements[i], failure) + advice(statements[i], failure));
    }
    if (in_transaction && !connection_.is_in_transaction()) {
      in_transaction = false;
      note_begun(file);
      log::warning("a script ends the transaction it runs in: if it fails later, what stands before stays or is lost",
                   {{"file", file.filename().string()}, {"line", statements[i].line}});
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> ScriptRunner::run_in_transaction(const fs::path& file,
                                                            std::span<const ScriptStatement> statements,
                                                            const std::function<void()>& finish) {
  BlockingTransaction transaction(connection_);
  if (const auto lone = run_statements(file, statements)) return lone;
  finish();
  transaction.commit();
  return std::nullopt;
}

void ScriptRunner::run(const fs::path& file, const Record& record) {
  const LongStep named(place(file).string());
  const std::vector<ScriptStatement> statements = read_script(file);
  const std::span<const ScriptStatement> all(statements);
  const auto finish = [&] {
    reset_session();
    record(connection_, statements);
    connection_.query("delete from _bailey.state where name = $1", {name_of_begun(file)});
  };
  const bool was_begun = is_begun(file);
  std::size_t done = 0;
  try {
    while (const auto lone = run_in_transaction(file, all.subspan(done), finish)) {
      note_begun(file);
      if (run_in_transaction(file, all.subspan(done, *lone), [] {})) continue;
      done += *lone;
      static_cast<void>(run_statements(file, all.subspan(done, 1)));
      ++done;
    }
  } catch (const Error& failure) {
    if (was_begun) {
      throw Error(failure.code(),
                  failure.message() +
                      "\n  an earlier start did not come to the end of this file, and some of it may be done "
                      "already: undo that by hand, or begin anew with bailey dev --reset");
    }
    if (done == 0) throw;
    throw Error(failure.code(), failure.message() + "\n  what stands before line " +
                                    std::to_string(statements[std::min(done, statements.size() - 1)].line) +
                                    " is done and stays, since a statement there bears no transaction; begin anew with "
                                    "bailey dev --reset");
  }
}

void ScriptRunner::run_together(const std::vector<fs::path>& files,
                                const std::function<void(BlockingConnection&)>& record) {
  BlockingTransaction transaction(connection_);
  for (const fs::path& file : files) {
    const LongStep named(place(file).string());
    const std::vector<ScriptStatement> statements = read_script(file);
    if (const auto lone = run_statements(file, statements)) {
      throw Error("migration_failed", place(file).string() + ":" + std::to_string(statements[*lone].line) +
                                          ": a statement that bears no transaction has no place in a seed");
    }
    reset_session();
    log::info("ran a seed file", {{"file", file.filename().string()}});
  }
  record(connection_);
  transaction.commit();
}

bool ScriptRunner::is_begun(const fs::path& file) {
  return !connection_.query("select from _bailey.state where name = $1", {name_of_begun(file)}).empty();
}

// In a transaction of its own, and in this session: the script may have become another role in it, and closed the login
// to others, by another password say.
void ScriptRunner::note_begun(const fs::path& file) {
  BlockingTransaction transaction(connection_);
  connection_.execute("set local transaction_read_only = off; set local role none");
  connection_.query("insert into _bailey.state values ($1, pg_catalog.now()::pg_catalog.text) on conflict do nothing",
                    {name_of_begun(file)});
  transaction.commit();
}

// What a script has set counts for that script alone.
void ScriptRunner::reset_session() { connection_.execute("reset role; reset all"); }

fs::path ScriptRunner::place(const fs::path& file) const { return file.lexically_relative(project_.root); }

}  // namespace bailey::stack
