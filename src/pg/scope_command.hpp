#pragma once

#include <bailey/pg/options.hpp>
#include <bailey/pg/rls_scope.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace bailey::pg::detail {

// The first statement of every group: it says who is acting, by transaction-local settings with bound values. Its text
// depends on its shape only, so it is prepared once a shape. Parameters: $1 role, $2 claims, then the timeout in
// milliseconds if there is one, then name and value of each setting.
struct ScopeShape {
  bool read_only = false;
  bool timeout = false;
  std::size_t settings = 0;

  friend bool operator==(const ScopeShape&, const ScopeShape&) = default;
};

[[nodiscard]] std::string scope_sql(ScopeShape shape);

// The SQLSTATE that the statement fails with, before it has set anything, in a session with temporary objects in it.
inline constexpr std::string_view session_is_unclean = "22012";

// Throws Error role_not_allowed, setting_not_allowed, or SqlError 22021 for a value with a NUL in it.
void check_scope(const RlsScope& scope, const Options& options);

[[nodiscard]] bool is_setting_allowed(std::string_view name) noexcept;

}  // namespace bailey::pg::detail
