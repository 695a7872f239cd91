#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bailey::pg {

// As whom statements run under row-level security, as PostgREST sets it for a request. A value. It holds for one group
// of statements or one Transaction and ends with it: every setting is local to that transaction.
struct RlsScope {
  // One that Options::role_check admits; any other throws Error "role_not_allowed" (403) before anything is sent.
  std::string role;
  std::string claims;  // JSON object, read in SQL by current_setting('request.jwt.claims', true); "" sets it empty
  // Further settings, such as search_path, request.method or statement_timeout. They are set before the role, with the
  // rights of the connection's own user. A name that says who is acting (role, session_authorization,
  // request.jwt.claims, …) or is no identifier throws Error "setting_not_allowed" (500) before anything is sent.
  std::vector<std::pair<std::string, std::string>> settings{};

  friend bool operator==(const RlsScope&, const RlsScope&) = default;
};

}  // namespace bailey::pg
