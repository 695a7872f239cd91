#pragma once

#include "stack/database/cluster.hpp"
#include "stack/rest/rest_service.hpp"

namespace bailey::stack::rest {

// Of each role of the API: its own as ALTER ROLE set it, or the authenticator's, or none ("0"). None is left out, so
// that every request sets it and what a user's function set for the whole session reaches no other request.
[[nodiscard]] RestService::StatementTimeouts read_statement_timeouts(const Cluster& cluster);

}  // namespace bailey::stack::rest
