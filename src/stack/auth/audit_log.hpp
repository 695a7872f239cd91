#pragma once

#include <bailey/pg/rows.hpp>
#include <bailey/pg/statement.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::auth {

// A page of auth.audit_log_entries, the newest entry first.
struct AuditPage {
  std::string query{};  // "author:…", "action:…" or "type:…", a part of what is meant, in any case; "" for all
  std::int64_t page = 1, per_page = 50;  // from 1 to a thousand million, and to a million
};

// Two statements for one group: how many there are, and the page. Throws AuthError 400 `validation_failed` for a query
// of another form.
[[nodiscard]] std::vector<pg::Statement> select_audit_log(const AuditPage& page);

// The page as the API has it: [{"id","payload","created_at","ip_address"}, …].
[[nodiscard]] std::string audit_log_json(const pg::Rows& rows);

}  // namespace bailey::stack::auth
