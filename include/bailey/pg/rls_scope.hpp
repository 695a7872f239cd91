#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bailey::pg {

// As whom statements run under row-level security: what PostgREST sets for a request. It lasts for one group of
// statements (or one Transaction) and cannot outlive it: every setting is local to the transaction that ends at the
// group's Sync.
struct RlsScope {
  std::string role;  // one that Options::role_check admits, else Error("role_not_allowed", 403) before anything is sent
  std::string claims;  // JSON object, read in SQL by current_setting('request.jwt.claims', true); "" sets it empty
  // Further settings, as search_path, request.method or statement_timeout. Set before the role, with the rights of the
  // connection's own user. Names that would say who is acting (role, session_authorization, request.jwt.claims, …) and
  // names that are no identifiers are refused with Error("setting_not_allowed", 500).
  std::vector<std::pair<std::string, std::string>> settings{};

  friend bool operator==(const RlsScope&, const RlsScope&) = default;
};

}  // namespace bailey::pg
