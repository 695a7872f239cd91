#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/jwt/claims.hpp>
#include <bailey/jwt/rejection.hpp>
#include <bailey/pg/rls_scope.hpp>
#include <bailey/query/rest_error.hpp>

#include <chrono>
#include <expected>
#include <string_view>

// What PostgREST makes of a bearer token, for whoever verifies it. It asks a token for neither a subject nor an end.
namespace bailey::query {

inline constexpr std::chrono::seconds token_leeway{30};  // for clocks that differ

// As whom the bearer of a verified token acts. One without a role gets `anon_role`, and the claims SQL sees say so.
// Refused (PGRST303, 401) is what a verifier need not mind: a token issued later than now, and one whose claims hold
// U+0000, which no text of PostgreSQL's can, so that every policy that reads them would fail.
[[nodiscard]] std::expected<pg::RlsScope, RestError> scope_of(const jwt::Claims& claims, std::string_view anon_role,
                                                              UnixSeconds now);

// Why this token is refused: PGRST301 or PGRST303, 401. The error repeats nothing of the token.
[[nodiscard]] RestError refusal_of(jwt::Rejection why, std::string_view token);

}  // namespace bailey::query
