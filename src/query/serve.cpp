// A REST request from parse to answer, and what only a request has: its settings for SQL, Content-Location, OPTIONS.
#include <bailey/query/executor.hpp>

#include <bailey/query/compile.hpp>

#include <iterator>
#include <utility>

namespace bailey::query {
namespace {

Outcome allowed_methods(const RelationInfo& relation) {
  std::string allow = "OPTIONS,GET,HEAD";
  if (relation.insertable) allow += ",POST";
  if (relation.updatable) allow += ",PATCH";
  if (relation.deletable) allow += ",DELETE";
  return Outcome{.status = 200, .body = {}, .content_type = {}, .headers = {{"Allow", std::move(allow)}}};
}

}  // namespace

Task<Outcome> Executor::serve(RequestParts request, pg::RlsScope scope) const {
  return serve(*this, std::move(request), std::move(scope));
}

Task<Outcome> Executor::serve(Executor self, RequestParts request, pg::RlsScope scope) {
  const bool asks_methods = request.method == "OPTIONS";
  auto settings = request_settings(request);
  if (asks_methods) {
    request.method = "GET";
    request.query.clear();
  }
  auto query = parse(request, self.options().limits);
  if (!query) {
    Outcome refused = to_outcome(query.error());
    if (request.method == "HEAD") refused.body.clear();
    co_return refused;
  }
  if (asks_methods) {
    const auto loaded = co_await schema_for(self, std::move(scope.role));
    if (!loaded) co_return to_outcome(loaded.error());
    const SchemaCache& schema = **loaded;
    const auto compiled = compile(*query, schema);
    if (!compiled) co_return to_outcome(compiled.error());
    co_return allowed_methods(*schema.find(query->schema.value_or(schema.schemas().front()), query->relation));
  }
  const bool reads = query->kind == Kind::read;
  const bool head_only = query->head_only;
  scope.settings.insert(scope.settings.end(), std::make_move_iterator(settings.begin()),
                        std::make_move_iterator(settings.end()));
  Outcome outcome = co_await run(self, std::move(*query), std::move(scope));
  if (head_only) outcome.body.clear();
  const bool answered = outcome.status < 300 || outcome.header("content-range").has_value();
  if (reads && answered && !outcome.header("content-location")) {
    const std::string canonical = canonical_query(request.query);
    outcome.headers.emplace_back("Content-Location", canonical.empty() ? request.path : request.path + '?' + canonical);
  }
  co_return outcome;
}

}  // namespace bailey::query
