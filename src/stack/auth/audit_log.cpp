#include "stack/auth/audit_log.hpp"

#include <boost/json.hpp>

#include <array>
#include <optional>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

struct Scope {
  std::string_view name, condition;
};
constexpr std::array scopes{
    Scope{"author", "(payload ->> 'actor_username' ilike $1 or payload ->> 'actor_name' ilike $1)"},
    Scope{"action", "payload ->> 'action' ilike $1"},
    Scope{"type", "payload ->> 'log_type' ilike $1"},
};

std::string_view condition_of(const std::string& query) {
  const std::size_t colon = query.find(':');
  for (const Scope& scope : scopes) {
    if (colon != std::string::npos && std::string_view(query).substr(0, colon) == scope.name) return scope.condition;
  }
  throw AuthError(400, "validation_failed", "Invalid query scope: " + query);
}

}  // namespace

std::vector<pg::Statement> select_audit_log(const AuditPage& page) {
  std::string condition = " from auth.audit_log_entries where instance_id = '00000000-0000-0000-0000-000000000000'";
  std::vector<pg::Parameter> which;
  if (!page.query.empty()) {
    const std::string_view scope = condition_of(page.query);
    // As in GoTrue a pattern: % and _ stand for what they stand for in LIKE.
    const std::string part = page.query.substr(page.query.find(':') + 1);
    if (!part.empty()) {
      which.emplace_back("%" + part + "%");
      condition.append(" and ").append(scope);
    }
  }
  std::vector<pg::Parameter> range = which;
  range.emplace_back(page.per_page);
  range.emplace_back((page.page - 1) * page.per_page);
  std::vector<pg::Statement> statements;
  statements.emplace_back("select count(*)" + condition, which);
  statements.emplace_back(
      "select id, payload::text, replace((created_at at time zone 'utc')::text, ' ', 'T') || 'Z', ip_address" +
          condition + " order by created_at desc, id limit $" + std::to_string(which.size() + 1) + " offset $" +
          std::to_string(which.size() + 2),
      std::move(range));
  return statements;
}

std::string audit_log_json(const pg::Rows& rows) {
  using Text = std::optional<std::string>;
  std::string list = "[";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (list.size() > 1) list += ',';
    list += R"({"id":")" + rows.get<std::string>(row, 0) + R"(","payload":)";
    list += rows.get<Text>(row, 1).value_or("null");  // as it was written, JSON already
    list += R"(,"created_at":")" + rows.get<Text>(row, 2).value_or("") + R"(","ip_address":)";
    list += boost::json::serialize(rows.get<std::string>(row, 3)) + "}";
  }
  return list + "]";
}

}  // namespace bailey::stack::auth
