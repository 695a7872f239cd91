#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/jwt/verifier.hpp>
#include <bailey/pg/rls_scope.hpp>
#include <bailey/query/rest_error.hpp>

#include "supabase/token_cache.hpp"

#include <expected>
#include <string_view>

namespace bailey::stack::rest {

inline constexpr std::string_view anon_role = "anon";

// As whom a request acts, from its Authorization header: nobody's token is the role anon; a token must verify and names
// its role, whichever: whether it may be taken on, query::Executor decides. A token that `verifier` has found good is
// kept in `known`, a signature being the dearest part of a small request; its times are looked at every time. Errors
// are PostgREST's: PGRST301 and PGRST303 (401).
[[nodiscard]] std::expected<pg::RlsScope, query::RestError> scope_of(std::string_view authorization,
                                                                     const jwt::Verifier& verifier,
                                                                     detail::TokenCache& known, UnixSeconds now);

}  // namespace bailey::stack::rest
