#include "stack/auth/auth_context.hpp"

#include <bailey/base/utf8.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/json_text.hpp>

#include <arpa/inet.h>

namespace bailey::stack::auth {
namespace {

constexpr std::size_t user_agent_limit_bytes = 1024;

struct AuditEntry {
  std::string action;
  Uuid actor_id;
  std::string actor_username;
  bool actor_via_sso = false;
  std::string log_type;
  Maybe<JsonText> traits;
};

bool is_address(const std::string& text) {
  in6_addr storage{};
  return inet_pton(AF_INET, text.c_str(), &storage) == 1 || inet_pton(AF_INET6, text.c_str(), &storage) == 1;
}

}  // namespace

AuthContext::AuthContext(AuthConfig settings, std::string issuer_url, jwt::Key key,
                         std::shared_ptr<const jwt::KeySet> accepted_keys, pg::Database auth_database,
                         const Clock& wall_clock)
    : config(std::move(settings)),
      issuer(std::move(issuer_url)),
      signing(std::move(key)),
      verifier(std::move(accepted_keys), {.require_expiry = false}),
      database(std::move(auth_database)),
      clock(wall_clock) {}

std::string requested_audience(const Request& request) {
  return detail::to_utf8(request.header("X-JWT-AUD").value_or(default_audience));
}

Origin origin_of(const Request& request) {
  // Opaque bytes to HTTP (RFC 9110 section 5.5), text to PostgreSQL.
  const std::string agent = detail::to_utf8(request.header("User-Agent").value_or(""));
  Origin origin{request.client_address(), std::string(detail::utf8_prefix(agent, user_agent_limit_bytes))};
  if (!is_address(origin.address)) origin.address = "127.0.0.1";
  if (const auto forwarded = request.header("X-Forwarded-For")) {
    std::string first(forwarded->substr(0, forwarded->find(',')));
    std::erase(first, ' ');
    if (is_address(first)) origin.address = std::move(first);
  }
  return origin;
}

pg::Statement audit(std::string_view action, std::string_view log_type, const User& actor, const Origin& origin,
                    std::string_view traits) {
  const AuditEntry entry{.action = std::string(action),
                         .actor_id = actor.id,
                         .actor_username = actor.email.empty() ? actor.phone : actor.email,
                         .actor_via_sso = actor.is_sso_user,
                         .log_type = std::string(log_type),
                         .traits = traits.empty() ? Maybe<JsonText>() : Maybe<JsonText>(std::string(traits))};
  std::vector<pg::Parameter> values{Uuid::random(), encode(entry), origin.address};
  return {
      "insert into auth.audit_log_entries (instance_id, id, payload, created_at, ip_address)"
      " values ('00000000-0000-0000-0000-000000000000', $1, $2, now(), $3)",
      std::move(values)};
}

void append(std::vector<pg::Statement>& to, std::vector<pg::Statement> from) {
  for (pg::Statement& statement : from) to.push_back(std::move(statement));
}

}  // namespace bailey::stack::auth
