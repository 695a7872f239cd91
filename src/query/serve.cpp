// A REST request from parse to answer, and what only a request has: its settings for SQL, Content-Location, OPTIONS.
#include <bailey/query/executor.hpp>

#include "query/answer.hpp"

#include <bailey/pg/sql_error.hpp>
#include <bailey/query/compile.hpp>

#include <iterator>
#include <utility>

namespace bailey::query {
namespace {

// No name is looked up here: that would want USAGE on its schema. The function itself raises for a relation that not
// even PostgreSQL can tell this of, such as a foreign table whose wrapper has no handler: then it can be read at most.
constexpr std::string_view updatable_sql = R"sql(
SELECT pg_catalog.pg_relation_is_updatable(c.oid::pg_catalog.regclass, true)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::pg_catalog.text AND c.relname = $2::pg_catalog.text
)sql";

Task<ApiResponse> allowed_methods(pg::Database database, std::string schema, std::string relation) {
  std::vector<pg::Statement> statements;
  statements.emplace_back(std::string(updatable_sql),
                          std::vector<pg::Parameter>{std::move(schema), std::move(relation)});
  pg::RunOptions options;
  options.read_only = true;
  int events = 0;
  try {
    const auto rows = co_await database.run_group(std::move(statements), std::move(options));
    if (!rows.front().empty()) events = rows.front().get<std::int32_t>(0, 0);
  } catch (const pg::SqlError& error) {
    const RestError told = to_rest_error(error, true);
    if (told.http_status() == 503) co_return to_response(told);
  } catch (const Error& error) {
    co_return to_response(detail::unavailable(error));
  }
  constexpr int update = 4, insert = 8, delete_row = 16;
  std::string allow = "OPTIONS,GET,HEAD";
  if ((events & insert) != 0) allow += ",POST";
  if ((events & update) != 0) allow += ",PATCH";
  if ((events & delete_row) != 0) allow += ",DELETE";
  co_return ApiResponse{.status = 200, .body = {}, .content_type = {}, .headers = {{"Allow", std::move(allow)}}};
}

}  // namespace

Task<ApiResponse> Executor::serve(RequestParts parts, pg::RlsScope scope) const {
  return serve(*this, std::move(parts), std::move(scope));
}

Task<ApiResponse> Executor::serve(Executor self, RequestParts parts, pg::RlsScope scope) {
  const bool asks_methods = parts.method == "OPTIONS";
  auto settings = request_settings(parts);
  if (asks_methods) {
    parts.method = "GET";
    parts.query.clear();
  }
  auto request = parse(parts, self.options().limits);
  if (!request) {
    ApiResponse refused = to_response(request.error());
    if (parts.method == "HEAD") refused.body.clear();
    co_return refused;
  }
  if (asks_methods) {
    const auto loaded = co_await schema_for(self, std::move(scope.role));
    if (!loaded) co_return to_response(loaded.error());
    const SchemaCache& schema = **loaded;
    const auto compiled = compile(*request, schema);
    if (!compiled) co_return to_response(compiled.error());
    co_return co_await allowed_methods(self.database(), request->schema.value_or(schema.schemas().front()),
                                       request->relation);
  }
  const bool reads = request->kind == Kind::read;
  const bool head_only = request->head_only;
  scope.settings.insert(scope.settings.end(), std::make_move_iterator(settings.begin()),
                        std::make_move_iterator(settings.end()));
  ApiResponse response = co_await run(self, std::move(*request), std::move(scope));
  if (head_only) response.body.clear();
  const bool answered = response.status < 300 || response.header("content-range").has_value();
  if (reads && answered && !response.header("content-location")) {
    const std::string canonical = canonical_query(parts.query);
    response.headers.emplace_back("Content-Location", canonical.empty() ? parts.path : parts.path + '?' + canonical);
  }
  co_return response;
}

}  // namespace bailey::query
