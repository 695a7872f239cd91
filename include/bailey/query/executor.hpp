#pragma once

#include <bailey/pg/database.hpp>
#include <bailey/query/api_request.hpp>
#include <bailey/query/parse.hpp>
#include <bailey/query/rest_error.hpp>
#include <bailey/query/schema_cache.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bailey::query {

// The answer to a request, as PostgREST gives it. The body of an error is a JSON object {code, details, hint, message}.
struct ApiResponse {
  int status = 200;
  std::string body;
  std::string content_type;                                  // empty: none is sent (204, and 201 without a body)
  std::vector<std::pair<std::string, std::string>> headers;  // Content-Range, Location, Preference-Applied, …

  // The first header of this name, compared without case; nullopt when there is none. Valid as long as the response.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

struct ExecutorOptions {
  std::vector<std::string> schemas{"public"};            // exposed; the first is the default
  std::vector<std::string> extra_search_path{"public"};  // after the request's schema
  std::string anon_role = "anon";                        // who is not authenticated: 42501 answers 401 rather than 403
  std::optional<std::int64_t> max_rows{};                // caps every read
  bool allow_transaction_override = false;               // honour Prefer: tx=rollback
  std::vector<std::pair<std::string, std::string>>
      settings{};  // set for every request: {"app.settings.jwt_exp", "3600"}
  Limits limits{};
  std::chrono::milliseconds reload_floor{1000};  // no two reloads for an unknown name come closer than this
};

// Runs requests on PostgreSQL under row-level security, each in one round trip: the scope's settings and the statement
// are sent together. A handle: copies share the schema cache and are cheap. Call it on any loop's thread.
//
// Roles: where the database's role_check is `by_caller`, a request may act as any role that the connection's user was
// granted (SchemaCache::roles_sql); another role is answered 42501. A role's statements have the time that ALTER ROLE
// has set for it, and never more than the database's statement_timeout.
//
// Schema: the first request that needs it loads it. It is loaded again, at most once per `reload_floor`, when a request
// names a relation, column or role that it lacks, or fails with an error that an old schema can cause; a value that
// its column does not take causes none. When columns of
// the request's relation have changed their types it is loaded at once and the request is sent again: a statement made
// for the old types never answers.
class Executor {
 public:
  explicit Executor(pg::Database database, ExecutorOptions options = {});

  // Answers the request. An error of the request or of the database is a response too, not an exception (503 PGRST000
  // when the database is away, 504 PGRST003 when no connection came free). Pass a scope whose role and claims you have
  // verified: they are believed. Sets search_path, and request.method and request.path where the scope has
  // none.
  [[nodiscard]] Task<ApiResponse> run(ApiRequest request, pg::RlsScope scope) const;

  // Answers an HTTP request below the API's root: parses it, adds its settings to the scope (request.headers, …), runs
  // it, and adds the headers that depend on the URL (Content-Location). OPTIONS is answered with Allow.
  [[nodiscard]] Task<ApiResponse> serve(RequestParts parts, pg::RlsScope scope) const;

  // Loads the schema again and serves with the new one. Throws pg::SqlError or Error when it cannot be loaded; the old
  // one then keeps serving.
  [[nodiscard]] Task<> reload_schema() const;

  // Reloads on NOTIFY pgrst (no payload, 'reload schema' or 'reload config'). Runs until it is cancelled: spawn it on a
  // loop. It survives the loss of its connection and reloads after it is back.
  [[nodiscard]] Task<> watch() const;

  // The schema as it is now; null before the first load.
  [[nodiscard]] std::shared_ptr<const SchemaCache> schema() const;

  [[nodiscard]] const ExecutorOptions& options() const noexcept;

 private:
  // The coroutines keep the executor, whatever becomes of the handle they were called on.
  [[nodiscard]] static Task<ApiResponse> run(Executor self, ApiRequest request, pg::RlsScope scope);
  [[nodiscard]] static Task<ApiResponse> serve(Executor self, RequestParts parts, pg::RlsScope scope);
  [[nodiscard]] static Task<> reload_schema(Executor self);
  [[nodiscard]] static Task<> watch(Executor self);
  [[nodiscard]] static Task<> load_once(Executor self, std::shared_ptr<const SchemaCache> known);
  [[nodiscard]] static Task<std::shared_ptr<const SchemaCache>> newer_schema(Executor self,
                                                                             std::shared_ptr<const SchemaCache> known);
  [[nodiscard]] static Task<bool> types_have_changed(Executor self, const ApiRequest& request,
                                                     std::shared_ptr<const SchemaCache> known,
                                                     const pg::SqlError& failure, const pg::RunOptions& options);
  // The schema, loaded if need be, for a request as this role.
  [[nodiscard]] static Task<std::expected<std::shared_ptr<const SchemaCache>, RestError>> schema_for(Executor self,
                                                                                                     std::string role);

  [[nodiscard]] const pg::Database& database() const noexcept;

  struct State;
  std::shared_ptr<State> state_;
};

// Where a request for this schema finds names, as the setting search_path has it.
[[nodiscard]] std::string search_path(const std::string& schema, const std::vector<std::string>& extra);

// An error as an answer, with Proxy-Status, WWW-Authenticate and Retry-After where they belong.
[[nodiscard]] ApiResponse to_response(const RestError& error);

// PostgREST's status and JSON for an error of the database. `authenticated` decides between 403 and 401 for 42501.
[[nodiscard]] RestError to_rest_error(const pg::SqlError& error, bool authenticated);

}  // namespace bailey::query
