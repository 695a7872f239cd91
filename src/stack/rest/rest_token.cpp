#include "stack/rest/rest_token.hpp"

#include <bailey/http/headers.hpp>
#include <bailey/query/token_scope.hpp>

#include <algorithm>

namespace bailey::stack::rest {
namespace {

// The token of "Bearer <token>", possibly empty; nullopt for another scheme or none, which PostgREST takes for no
// token.
std::optional<std::string_view> bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer";
  if (!http::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  std::string_view rest = authorization.substr(scheme.size());
  if (!rest.empty() && rest.front() != ' ') return std::nullopt;
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

}  // namespace

std::expected<pg::RlsScope, query::RestError> scope_of(std::string_view authorization, const jwt::Verifier& verifier,
                                                       detail::TokenCache& known, UnixSeconds now) {
  const auto token = bearer(authorization);
  if (!token) return pg::RlsScope{std::string(anon_role), R"({"role":"anon"})", {}};
  if (const auto* entry = known.find(*token)) {
    const auto checked = verifier.check_times(entry->identity.claims(), now);
    if (!checked) return std::unexpected(query::refusal_of(checked.error(), *token));
    return query::scope_of(entry->identity.claims(), anon_role, now);
  }
  auto claims = verifier.verify(*token, now);
  if (!claims) return std::unexpected(query::refusal_of(claims.error(), *token));
  const UnixSeconds holds_until =
      claims->expires_at ? *claims->expires_at + verifier.options().leeway : UnixSeconds::max();
  const Identity identity = Identity::verified(std::move(*claims), std::string(*token));
  known.insert(identity, holds_until, now);
  return query::scope_of(identity.claims(), anon_role, now);
}

}  // namespace bailey::stack::rest
