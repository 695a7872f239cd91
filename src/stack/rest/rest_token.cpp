#include "stack/rest/rest_token.hpp"

#include <bailey/http/bearer.hpp>
#include <bailey/query/token_scope.hpp>

namespace bailey::stack::rest {
std::expected<pg::RlsScope, query::RestError> scope_of(std::string_view authorization, const jwt::Verifier& verifier,
                                                       detail::TokenCache& known, UnixSeconds now) {
  // Another scheme, or none, PostgREST takes for no token.
  const auto token = http::bearer_credentials(authorization);
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
