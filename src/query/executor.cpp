// Runs compiled queries: one pipelined group each, the scope in front of the statement, or an explicit transaction when
// it is to be rolled back. The schema is swapped whole; a query keeps the one it began with.
//
// A name the cache does not know makes it load once more, at most once per reload_floor over all loops, before the
// answer is PGRST204 or PGRST205: a migration that has just run is seen without a signal. After an error that a cache
// which is behind may have caused it loads too, for the next query: nothing that may have been written is sent twice.
#include <bailey/query/executor.hpp>

#include "query/method.hpp"
#include "query/outcome.hpp"
#include "query/schema_snapshot.hpp"

#include <bailey/base/log.hpp>
#include <bailey/query/compile.hpp>
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

  [[nodiscard]] bool checks_roles() const { return database.options().role_check == pg::RoleCheck::by_caller; }
  [[nodiscard]] bool admits(const SchemaCache& known, std::string_view role) const {
    if (checks_roles()) return known.role(role) != nullptr;
    return std::ranges::find(database.options().roles, role) != database.options().roles.end();
  }

  const pg::Database database;
  const ExecutorOptions options;
  detail::SchemaSnapshot schema;
  std::atomic<bool> loading_first = false;
  std::atomic<unsigned> failed_loads = 0;  // of those
  std::atomic<std::chrono::steady_clock::rep> last_load{std::chrono::steady_clock::duration::min().count() / 2};
};

namespace {

constexpr std::chrono::milliseconds listen_again_after{1000};
constexpr std::chrono::milliseconds look_again_after{5};
constexpr std::chrono::milliseconds load_timeout{60'000};  // and not what a function may have left in the session

RestError no_schema() {
  return RestError(503, "PGRST002", "Could not query the database for the schema cache. Retrying.");
}

std::string search_path(const std::string& schema, const std::vector<std::string>& extra) {
  std::string path = quote_identifier(schema);
  for (const std::string& name : extra) {
    if (name != schema) path += ", " + quote_identifier(name);
  }
  return path;
}

bool has_setting(const pg::RlsScope& scope, std::string_view name) {
  return std::ranges::any_of(scope.settings, [&](const auto& setting) { return setting.first == name; });
}

void complete_scope(const Query& query, const std::string& schema, const ExecutorOptions& options,
                    pg::RlsScope& scope) {
  scope.settings.emplace_back("search_path", search_path(schema, options.extra_search_path));
  if (!has_setting(scope, "request.method")) scope.settings.emplace_back("request.method", detail::method_of(query));
  if (!has_setting(scope, "request.path")) scope.settings.emplace_back("request.path", '/' + query.relation);
  if (query.preferences.timezone) scope.settings.emplace_back("timezone", *query.preferences.timezone);
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

detail::Result result_of(const Query& query, const ExecutorOptions& options, const std::vector<pg::Rows>& rows) {
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
  if (query.preferences.count == Preferences::Count::planned) {
    result.total = planned;
  } else if (planned && (!options.max_rows || result.total.value_or(0) > *options.max_rows)) {
    result.total = std::max(result.total.value_or(0), *planned);
  }
  return result;
}

// A table, column, type, function or key that is not what the statement was made for.
bool may_be_stale(std::string_view sqlstate) {
  constexpr std::array<std::string_view, 8> states{"22P02", "42P01", "42P10", "42703",
                                                   "42704", "42804", "42846", "42883"};
  return std::ranges::find(states, sqlstate) != states.end();
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

Task<Outcome> Executor::run(Query query, pg::RlsScope scope) const {
  return run(*this, std::move(query), std::move(scope));
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

// The first load, by the first that needs it; the others wait for its end, not each with a load of its own. When it was
// cancelled, with a client that has gone, the next in turn loads; when it failed, it has failed for all that waited.
Task<> Executor::load_once(Executor self) {
  State& state = *self.state_;
  const unsigned failures = state.failed_loads;
  while (!state.schema.load_on_loop() && state.failed_loads == failures) {
    if (state.loading_first.exchange(true)) {
      co_await sleep_for(look_again_after);
      continue;
    }
    const struct End {
      std::atomic<bool>& flag;
      ~End() { flag = false; }
    } end{state.loading_first};
    try {
      co_await reload_schema(self);
    } catch (const Error&) {
      ++state.failed_loads;
      throw;
    }
  }
}

Task<std::expected<std::shared_ptr<const SchemaCache>, RestError>> Executor::schema_for(Executor self,
                                                                                        std::string role) {
  State* const state = self.state_.get();
  auto schema = state->schema.load_on_loop();
  try {
    if (!schema) {
      co_await load_once(self);
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

Task<Outcome> Executor::run(Executor self, Query query, pg::RlsScope scope) {
  State* const state = self.state_.get();
  auto schema = state->schema.load_on_loop();
  const bool authenticated = scope.role != state->options.anon_role;
  if (!schema || !state->admits(*schema, scope.role)) {
    auto loaded = co_await schema_for(self, scope.role);
    if (!loaded) co_return to_outcome(loaded.error());
    schema = std::move(*loaded);
  }
  const auto options_for = [&](const SchemaCache& known) {
    const RoleInfo* role = known.role(scope.role);
    return CompileOptions{.max_rows = state->options.max_rows,
                          .requires_where = role == nullptr || role->requires_where};
  };
  auto compiled = compile(query, *schema, options_for(*schema));
  if (!compiled && is_unknown_name(compiled.error()) && state->claim_reload()) {
    try {
      co_await reload_schema(self);
      schema = state->schema.load_on_loop();
      compiled = compile(query, *schema, options_for(*schema));
    } catch (const Error&) {
      // The old cache keeps serving, and its answer stands.
    }
  }
  if (!compiled) co_return to_outcome(compiled.error());

  const std::string schema_name = query.schema ? *query.schema : schema->schemas().front();
  complete_scope(query, schema_name, state->options, scope);
  const auto timeout = limit_time(*schema, state->database.options().statement_timeout, scope);
  const RelationInfo* relation = schema->find(schema_name, query.relation);
  const detail::AnswerContext context{
      .schema = schema_name,
      .several_schemas = schema->schemas().size() > 1,
      .has_conflict_target = !query.on_conflict.empty() || (relation != nullptr && !relation->primary_key.empty()),
      .transaction_override = state->options.allow_transaction_override};
  const bool rolls_back =
      context.transaction_override && query.preferences.transaction == Preferences::Transaction::rollback;

  std::vector<pg::Statement> statements;
  statements.emplace_back(std::move(compiled->sql), std::move(compiled->parameters));
  if (!compiled->explain_sql.empty()) {
    statements.emplace_back(std::move(compiled->explain_sql), std::move(compiled->explain_parameters));
  }
  const bool read_only = query.kind == Kind::read;
  std::vector<pg::Rows> rows;
  std::optional<Outcome> refusal;
  bool stale = false;
  try {
    if (rolls_back) {
      if (!read_only) statements.emplace_back("SET CONSTRAINTS ALL IMMEDIATE", std::vector<pg::Parameter>{}, false);
      pg::TransactionOptions options;
      options.scope = std::move(scope);
      options.read_only = read_only;
      options.timeout = timeout;
      pg::Transaction transaction = co_await state->database.begin(std::move(options));
      rows = co_await transaction.run_group(std::move(statements));
      if (!read_only) rows.pop_back();
    } else {
      pg::RunOptions options;
      options.scope = std::move(scope);
      options.read_only = read_only;
      options.timeout = timeout;
      rows = co_await state->database.run_group(std::move(statements), std::move(options));
    }
  } catch (const pg::SqlError& error) {
    refusal = detail::answer_to_error(query, error, authenticated);
    stale = may_be_stale(error.sqlstate());
  } catch (const Error& error) {
    refusal = to_outcome(detail::unavailable(error));
  }
  if (stale && state->claim_reload()) {
    try {
      co_await reload_schema(self);
    } catch (const Error&) {
      // The old cache keeps serving.
    }
  }
  if (refusal) co_return *std::move(refusal);
  co_return detail::answer(query, context, result_of(query, state->options, rows));
}

Task<> Executor::watch(Executor self) {
  bool failing = false;
  for (;;) {
    try {
      pg::Listener listener = co_await self.state_->database.listen({"pgrst"});
      co_await reload_schema(self);
      failing = false;
      for (;;) {
        const pg::Notification notification = co_await listener.next();
        const std::string& payload = notification.payload;
        if (payload.empty() || payload == "reload schema" || payload == "reload config") co_await reload_schema(self);
      }
    } catch (const Error& error) {
      // The connection is gone or the catalogue cannot be read: the old cache serves until both work again.
      if (!std::exchange(failing, true)) log::warning("the schema cannot be read anew", {{"reason", error.code()}});
    }
    co_await sleep_for(listen_again_after);
  }
}

}  // namespace bailey::query
