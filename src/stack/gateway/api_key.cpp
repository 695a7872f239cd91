#include "stack/gateway/api_key.hpp"

#include <bailey/http/headers.hpp>

namespace bailey::stack::gateway {

ApiKeys::ApiKeys(const ProjectKeys& keys)
    : publishable_(keys.publishable_key),
      secret_(keys.secret_key),
      anon_(keys.anon_key),
      service_role_(keys.service_role_key),
      verifier_(keys.accepted, {.require_expiry = false}) {}

bool ApiKeys::accepts(std::string_view api_key, UnixSeconds now) const {
  // All are compared, so that the time tells nothing of which one came close.
  const bool known = static_cast<int>(publishable_.equals(api_key)) + static_cast<int>(secret_.equals(api_key)) +
                         static_cast<int>(anon_.equals(api_key)) + static_cast<int>(service_role_.equals(api_key)) >
                     0;
  if (known) return true;
  const auto claims = verifier_.verify(api_key, now);
  return claims && (claims->role == "anon" || claims->role == "service_role");
}

std::string ApiKeys::authorization(std::string_view api_key, std::string_view sent) const {
  constexpr std::string_view opaque_bearer = "Bearer sb_";
  const bool opaque = http::equal_ignoring_case(sent.substr(0, opaque_bearer.size()), opaque_bearer);
  if (!sent.empty() && !opaque) return std::string(sent);
  if (api_key.empty()) return {};
  if (publishable_.equals(api_key)) return "Bearer " + std::string(anon_.reveal());
  if (secret_.equals(api_key)) return "Bearer " + std::string(service_role_.reveal());
  return std::string(api_key);
}

}  // namespace bailey::stack::gateway
