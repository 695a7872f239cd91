#include "stack/rest/statement_timeouts.hpp"

#include "stack/database/blocking_connection.hpp"

namespace bailey::stack::rest {

RestService::StatementTimeouts read_statement_timeouts(const Cluster& cluster) {
  constexpr const char* sql =
      "with timeouts as (select rolname, split_part(setting, '=', 2) as value from pg_roles, unnest(rolconfig) as "
      "setting where setting like 'statement_timeout=%')"
      " select role, coalesce((select value from timeouts where rolname = role),"
      " (select value from timeouts where rolname = 'authenticator'), '0')"
      " from unnest(array['anon', 'authenticated', 'service_role']) as role";
  BlockingConnection connection(cluster.admin_connection_string());
  RestService::StatementTimeouts timeouts;
  for (const auto& row : connection.query(sql)) timeouts.emplace(row.at(0).value(), row.at(1).value());
  return timeouts;
}

}  // namespace bailey::stack::rest
