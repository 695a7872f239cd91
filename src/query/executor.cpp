// Runs compiled queries: one pipelined group each, the scope in front of the statement, or an explicit transaction when
// it is to be rolled back. The schema is swapped whole; a query keeps the one it began with.
//
// A name the cache does not know makes it load once more, at most once per reload_floor over all loops, before the
// answer is PGRST204 or PGRST205: a migration that has just run is seen without a signal. After an error that a cache
// which is behind may have caused it loads too, for the next query.
//
// Each statement checks that its columns have the types it was made for. When they have not, it has failed and taken no
// effect; then the schema is loaded and the query, compiled with it, sent again. This load waits for no floor, for the
// query cannot be answered without it; but once it has found the types as they were known, the next does.
#include <bailey/query/executor.hpp>

#include "pg/kept_group.hpp"
#include "query/answer.hpp"
#include "query/method.hpp"
#include "query/schema_snapshot.hpp"

#include <bailey/base/log.hpp>
#include <bailey/query/compile.hpp>
#include <bailey/runtime/semaphore.hpp>
#include <bailey/runtime/sleep.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace bailey::query {

struct Executor::State {
  State(pg::Database own_database, ExecutorOptions own_options)
      : database(std::move(own_database)), options(std::move(own_options)) {}

  // Whether the caller may load now; of several at one time only one may.
  bool claim_reload() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    const auto floor = std::chrono::duration_cast<std::chrono::steady_clock::duration>(options.reload_floor).count();
    auto last = last_load.load();
    return now - last >= floor && last_load.compare_exchange_strong(last, now);
  }

  // The same for types that have changed, which cannot wait as long as loading for them finds others.
  bool claim_reload_for_types() { return types_were_behind || claim_reload(); }

  [[nodiscard]] bool checks_roles() const { return database.options().role_check == pg::RoleCheck::by_caller; }
  [[nodiscard]] bool admits(const SchemaCache& known, std::string_view role) const {
    if (checks_roles()) return known.role(role) != nullptr;
    return std::ranges::find(database.options().roles, role) != database.options().roles.end();
  }

  const pg::Database database;
  const ExecutorOptions options;
  detail::SchemaSnapshot schema;
  const Semaphore load_turn{1};                // of those who need another schema than they have
  std::atomic<unsigned> failed_loads = 0;      // of theirs
  std::atomic<bool> cannot_load = false;       // as of the latest, and said so in the log
  std::atomic<bool> types_were_behind = true;  // at the latest load for changed types
  std::atomic<std::chrono::steady_clock::rep> last_load{std::chrono::steady_clock::duration::min().count() / 2};
};

std::string search_path(const std::string& schema, const std::vector<std::string>& extra) {
  std::string path = quote_identifier(schema);
  for (const std::string& name : extra) {
    if (name != schema) path += ", " + quote_identifier(name);
  }
  return path;
}

namespace {

constexpr std::chrono::milliseconds listen_again_after{1000};
constexpr unsigned attempt_limit = 3;                      // of one request, while the types of its columns change
constexpr std::chrono::milliseconds load_timeout{60'000};  // and not what a function may have left in the session

RestError no_schema() {
  return RestError(503, "PGRST002", "Could not query the database for the schema cache. Retrying.");
}

bool has_setting(const pg::RlsScope& scope, std::string_view name) {
  return std::ranges::any_of(scope.settings, [&](const auto& setting) { return setting.first == name; });
}

void complete_scope(const ApiRequest& request, const std::string& schema, const ExecutorOptions& options,
                    pg::RlsScope& scope) {
  scope.settings.emplace_back("search_path", search_path(schema, options.extra_search_path));
  if (!has_setting(scope, "request.method")) scope.settings.emplace_back("request.method", detail::method_of(request));
  if (!has_setting(scope, "request.path")) scope.settings.emplace_back("request.path", '/' + request.relation);
  if (request.preferences.timezone) scope.settings.emplace_back("timezone", *request.preferences.timezone);
  scope.settings.insert(scope.settings.end(), options.settings.begin(), options.settings.end());
}

// The time a statement of this scope's role has, if it has one of its own and the database gives no less to all; 0
// otherwise. A role without a limit says so, so that what a user's function set for the session reaches no other
// request.
std::chrono::milliseconds limit_time(const SchemaCache& schema, std::chrono::milliseconds limit, pg::RlsScope& scope) {
  const RoleInfo* role = schema.role(scope.role);
  if (role == nullptr) return {};
  const auto own = role->statement_timeout;
  if (own.count() > 0) return limit.count() > 0 ? std::min(own, limit) : own;
  if (limit.count() == 0) scope.settings.emplace_back("statement_timeout", "0");
  return {};
}

std::optional<std::int64_t> planned_rows(const pg::Rows& explained) {
  boost::json::error_code problem;
  const auto plan = boost::json::parse(explained.get<std::string_view>(0, 0), problem);
  if (problem) return std::nullopt;
  try {
    return plan.as_array().at(0).as_object().at("Plan").as_object().at("Plan Rows").to_number<std::int64_t>();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

detail::Result result_of(const ApiRequest& request, const ExecutorOptions& options, const std::vector<pg::Rows>& rows) {
  const pg::Rows& main = rows.front();
  detail::Result result{.total = main.get<std::optional<std::int64_t>>(0, 0),
                        .page = main.get<std::int64_t>(0, 1),
                        .body = main.get<std::optional<std::string>>(0, 2).value_or(""),  // NULL: the first of no rows
                        .response_headers = main.get<std::optional<std::string>>(0, 3),
                        .response_status = main.get<std::optional<std::string>>(0, 4),
                        .inserted = main.get<std::optional<std::int64_t>>(0, 5),
                        .location = main.get<std::optional<std::string>>(0, 6)};
  if (rows.size() < 2) return result;
  const auto planned = planned_rows(rows[1]);
  if (request.preferences.count == Preferences::Count::planned) {
    result.total = planned;
  } else if (planned && (!options.max_rows || result.total.value_or(0) > *options.max_rows)) {
    result.total = std::max(result.total.value_or(0), *planned);
  }
  return result;
}

// A table, column, type, function or key that is not what the statement was made for, or a value that is none of the
// type it had.
bool may_be_stale(const pg::SqlError& error) {
  constexpr std::array<std::string_view, 11> states{"22003", "22007", "22008", "22P02", "42P01", "42P10",
                                                    "42703", "42704", "42804", "42846", "42883"};
  return std::ranges::find(states, error.sqlstate()) != states.end() && !failed_check(error.message()) &&
         !failed_size_check(error.message());
}

// Of those: a value that its column does not take, after the types have been looked at, is the request's own fault.
bool names_may_be_stale(const pg::SqlError& error) { return may_be_stale(error) && error.sqlstate().starts_with("42"); }

// With Prefer: tx=rollback.
Task<std::vector<pg::Rows>> run_and_roll_back(pg::Database database, std::vector<pg::Statement> statements,
                                              pg::RunOptions run_options) {
  const bool read_only = run_options.read_only;
  if (!read_only) statements.emplace_back("SET CONSTRAINTS ALL IMMEDIATE", std::vector<pg::Parameter>{}, false);
  pg::TransactionOptions options;
  options.scope = std::move(run_options.scope);
  options.read_only = read_only;
  options.timeout = run_options.timeout;
  pg::Transaction transaction = co_await database.begin(std::move(options));
  auto rows = co_await transaction.run_group(std::move(statements));
  if (!read_only) rows.pop_back();
  co_return rows;
}

bool is_unknown_name(const RestError& error) { return error.code() == "PGRST205" || error.code() == "PGRST204"; }

}  // namespace

Executor::Executor(pg::Database database, ExecutorOptions options)
    : state_(std::make_shared<State>(std::move(database), std::move(options))) {
  if (state_->options.schemas.empty()) throw Error("invalid_option", "ExecutorOptions::schemas must not be empty");
}

std::shared_ptr<const SchemaCache> Executor::schema() const { return state_->schema.load(); }

const ExecutorOptions& Executor::options() const noexcept { return state_->options; }

const pg::Database& Executor::database() const noexcept { return state_->database; }

Task<ApiResponse> Executor::run(ApiRequest request, pg::RlsScope scope) const {
  return run(*this, std::move(request), std::move(scope));
}

Task<> Executor::reload_schema() const { return reload_schema(*this); }

Task<> Executor::watch() const { return watch(*this); }

Task<> Executor::reload_schema(Executor self) {
  State* const state = self.state_.get();
  std::vector<pg::Statement> statements;
  statements.emplace_back("SELECT pg_catalog.set_config('search_path', '', true)");
  statements.emplace_back(std::string(SchemaCache::loader_sql()),
                          std::vector<pg::Parameter>{SchemaCache::schemas_parameter(state->options.schemas)}, false);
  statements.emplace_back(std::string(SchemaCache::roles_sql()), std::vector<pg::Parameter>{}, false);
  pg::RunOptions options;
  options.read_only = true;
  options.timeout = load_timeout;
  const auto rows = co_await state->database.run_group(std::move(statements), std::move(options));
  SchemaCache::Roles roles;
  for (std::size_t row = 0; row < rows[2].size(); ++row) {
    roles.emplace(rows[2].get<std::string>(row, 0),
                  RoleInfo{.statement_timeout = std::chrono::milliseconds(rows[2].get<std::int64_t>(row, 1)),
                           .requires_where = rows[2].get<bool>(row, 2)});
  }
  auto loaded = SchemaCache::from_json(state->options.schemas, rows[1].get<std::string_view>(0, 0), std::move(roles));
  if (!loaded) throw loaded.error();
  state->schema.store(std::make_shared<const SchemaCache>(std::move(*loaded)));
  state->last_load.store(std::chrono::steady_clock::now().time_since_epoch().count());
}

// Another schema than the one `known`, none at the start: loaded by the first that needs it; the others wait for its
// end, not each with a load of its own. When it was cancelled, with a client that has gone, the next in turn loads;
// when it failed, it has failed for all that waited.
Task<> Executor::load_once(Executor self, std::shared_ptr<const SchemaCache> known) {
  State& state = *self.state_;
  const unsigned failures = state.failed_loads;
  const Semaphore::Permit turn = co_await state.load_turn.acquire();
  if (state.schema.load_on_loop() != known || state.failed_loads != failures) co_return;
  try {
    co_await reload_schema(self);
    state.cannot_load = false;
  } catch (const Error& error) {
    ++state.failed_loads;
    if (!state.cannot_load.exchange(true))
      log::warning("the schema cannot be read", {{"code", error.code()}, {"error", error.message()}});
    throw;
  }
}

Task<std::expected<std::shared_ptr<const SchemaCache>, RestError>> Executor::schema_for(Executor self,
                                                                                        std::string role) {
  State* const state = self.state_.get();
  auto schema = state->schema.load_on_loop();
  try {
    if (!schema) {
      co_await load_once(self, nullptr);
      schema = state->schema.load_on_loop();
    } else if (state->checks_roles() && !state->admits(*schema, role) && state->claim_reload()) {
      co_await reload_schema(self);
      schema = state->schema.load_on_loop();
    }
  } catch (const Error&) {
    // The old one keeps serving, if there is one.
  }
  if (!schema) co_return std::unexpected(no_schema());
  if (state->admits(*schema, role)) co_return schema;
  const int status = role == state->options.anon_role ? 401 : 403;
  co_return std::unexpected(RestError(status, "42501", "permission denied to set role \"" + role + '"'));
}

// The schema after one more load, or the old one, which keeps serving, when it cannot be loaded.
Task<std::shared_ptr<const SchemaCache>> Executor::newer_schema(Executor self,
                                                                std::shared_ptr<const SchemaCache> known) {
  try {
    co_await load_once(self, std::move(known));
  } catch (const Error&) {
  }
  co_return self.state_->schema.load_on_loop();
}

// Whether the statement failed because columns have other types than it was made for. When it says so itself it does; a
// value that was taken for one of the old type fails before, so then the types are looked at by themselves.
Task<bool> Executor::types_have_changed(Executor self, const ApiRequest& request,
                                        std::shared_ptr<const SchemaCache> known, const pg::SqlError& failure,
                                        const pg::RunOptions& options) {
  if (failure.sqlstate() == "22P02" && failed_type_check(failure.message())) co_return true;
  if (!may_be_stale(failure)) co_return false;
  std::vector<pg::Statement> check;
  check.emplace_back(type_check_sql(request, *known), std::vector<pg::Parameter>{}, false);
  try {
    co_await pg::detail::KeptGroup::run(self.state_->database, check, options);
    co_return false;
  } catch (const pg::SqlError& error) {
    co_return may_be_stale(error);  // also when there is no such relation or column any more
  } catch (const Error&) {
    co_return false;
  }
}

Task<ApiResponse> Executor::run(Executor self, ApiRequest request, pg::RlsScope scope) {
  State* const state = self.state_.get();
  auto schema = state->schema.load_on_loop();
  const bool authenticated = scope.role != state->options.anon_role;
  if (!schema || !state->admits(*schema, scope.role)) {
    auto loaded = co_await schema_for(self, scope.role);
    if (!loaded) co_return to_response(loaded.error());
    schema = std::move(*loaded);
  }
  const std::string schema_name = request.schema ? *request.schema : schema->schemas().front();
  complete_scope(request, schema_name, state->options, scope);
  pg::RunOptions options;
  options.timeout = limit_time(*schema, state->database.options().statement_timeout, scope);
  options.scope = std::move(scope);
  options.read_only = request.kind == Kind::read;

  const auto options_for = [&](const SchemaCache& known) {
    const RoleInfo* role = known.role(options.scope->role);
    return CompileOptions{.max_rows = state->options.max_rows,
                          .body_limit_bytes = state->database.options().response_limit_bytes,
                          .requires_where = role == nullptr || role->requires_where};
  };

  for (unsigned attempt = 1;; ++attempt) {
    auto compiled = compile(request, *schema, options_for(*schema));
    if (!compiled && is_unknown_name(compiled.error()) && state->claim_reload()) {
      schema = co_await newer_schema(self, schema);
      compiled = compile(request, *schema, options_for(*schema));
    }
    if (!compiled) co_return to_response(compiled.error());

    const RelationInfo* relation = schema->find(schema_name, request.relation);
    const detail::AnswerContext context{
        .schema = schema_name,
        .several_schemas = schema->schemas().size() > 1,
        .has_conflict_target = !request.on_conflict.empty() || (relation != nullptr && !relation->primary_key.empty()),
        .transaction_override = state->options.allow_transaction_override};
    const bool rolls_back =
        context.transaction_override && request.preferences.transaction == Preferences::Transaction::rollback;

    std::vector<pg::Statement> statements;
    statements.emplace_back(std::move(compiled->sql), std::move(compiled->parameters));
    if (!compiled->explain_sql.empty()) {
      statements.emplace_back(std::move(compiled->explain_sql), std::move(compiled->explain_parameters));
    }
    std::vector<pg::Rows> rows;
    std::optional<pg::SqlError> failure;
    try {
      if (rolls_back) {
        rows = co_await run_and_roll_back(state->database, std::move(statements), options);
      } else {
        rows = co_await pg::detail::KeptGroup::run(state->database, statements, options);
      }
    } catch (const pg::SqlError& error) {
      failure = error;
    } catch (const Error& error) {
      co_return to_response(detail::unavailable(error));
    }
    if (!failure) co_return detail::answer(request, context, result_of(request, state->options, rows));
    const bool has_changed = co_await types_have_changed(self, request, schema, *failure, options);
    if (has_changed && attempt < attempt_limit && state->claim_reload_for_types()) {
      auto newer = co_await newer_schema(self, schema);
      state->types_were_behind = type_check_sql(request, *newer) != type_check_sql(request, *schema);
      schema = std::move(newer);
      continue;
    }
    if (names_may_be_stale(*failure) && state->claim_reload()) co_await newer_schema(self, schema);
    // The types changed faster than they could be read, or cannot be read.
    if (failed_type_check(failure->message())) co_return to_response(no_schema());
    co_return detail::answer_to_error(request, *failure, authenticated, state->database.options().response_limit_bytes);
  }
}

Task<> Executor::watch(Executor self) {
  bool failing = false;
  for (;;) {
    try {
      pg::Listener listener = co_await self.state_->database.listen({"pgrst"});
      self.state_->database.forget_statements();  // of what was announced before, nothing has been heard
      co_await reload_schema(self);
      failing = false;
      for (;;) {
        const pg::Notification notification = co_await listener.next();
        const std::string& payload = notification.payload;
        if (!payload.empty() && payload != "reload schema" && payload != "reload config") continue;
        self.state_->database.forget_statements();
        co_await reload_schema(self);
      }
    } catch (const Error& error) {
      // The connection is gone or the catalogue cannot be read: the old cache serves until both work again.
      if (!std::exchange(failing, true))
        log::warning("the schema cannot be read anew", {{"code", error.code()}, {"error", error.message()}});
    }
    co_await sleep_for(listen_again_after);
  }
}

}  // namespace bailey::query
