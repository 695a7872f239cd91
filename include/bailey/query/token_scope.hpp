#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/jwt/claims.hpp>
#include <bailey/jwt/rejection.hpp>
#include <bailey/pg/rls_scope.hpp>
#include <bailey/query/rest_error.hpp>

#include <chrono>
#include <expected>
#include <string_view>

// How PostgREST treats the bearer token of a request. It requires neither a subject nor an expiry of a token.
namespace bailey::query {

inline constexpr std::chrono::seconds token_leeway{30};  // for clocks that differ

// The role and claims that the bearer of a verified token acts with. A token without a role acts as `anon_role`, and
// its claims as SQL sees them name that role. Two kinds of verified tokens are refused with PGRST303 (401): one issued
// later than `now`, and one whose claims hold U+0000, which no text in PostgreSQL can hold.
[[nodiscard]] std::expected<pg::RlsScope, RestError> scope_of(const jwt::Claims& claims, std::string_view anon_role,
                                                              UnixSeconds now);

// The error that a refused token is answered with: PGRST301 or PGRST303 (401). It repeats nothing of the token.
[[nodiscard]] RestError refusal_of(jwt::Rejection why, std::string_view token);

}  // namespace bailey::query
