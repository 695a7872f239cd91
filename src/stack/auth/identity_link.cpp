#include "stack/auth/identity_link.hpp"

#include <bailey/pg/sql_error.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include "stack/auth/auth_error.hpp"
#include "stack/auth/new_user.hpp"
#include "stack/auth/one_time_token.hpp"

namespace bailey::stack::auth {
namespace {

struct LinkedIdentity {
  Uuid id;
  std::string provider, provider_id, email;
  bool is_verified = false, is_taken = false;  // the address, by somebody else
};

// The best address first.
pg::Statement select_identities(const User& user) {
  std::vector<pg::Parameter> values{user.id, user.aud};
  return {
      "select id, provider, provider_id, coalesce(email, ''),"
      " coalesce(identity_data -> 'email_verified' = 'true', false),"
      " exists (select from auth.users u where lower(u.email) = i.email and u.aud = $2 and not u.is_sso_user"
      " and u.id <> $1)"
      " from auth.identities i where user_id = $1"
      " order by coalesce(email, '') = '', not coalesce(identity_data -> 'email_verified' = 'true', false),"
      " created_at, id",
      std::move(values)};
}

std::vector<LinkedIdentity> read_identities(const pg::Rows& rows) {
  std::vector<LinkedIdentity> identities;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    identities.push_back({.id = rows.get<Uuid>(row, 0),
                          .provider = rows.get<std::string>(row, 1),
                          .provider_id = rows.get<std::string>(row, 2),
                          .email = rows.get<std::string>(row, 3),
                          .is_verified = rows.get<bool>(row, 4),
                          .is_taken = rows.get<bool>(row, 5)});
  }
  return identities;
}

AuthError conflict() {
  return {422, "email_conflict_identity_not_deletable", "Unable to unlink identity due to email conflict"};
}

// What gives the user the address of one of the identities that are left; nothing where one has theirs.
std::vector<pg::Statement> move_to_address_of(const std::vector<LinkedIdentity>& left, const Unlinking& unlinking) {
  const User& user = unlinking.user;
  if (std::ranges::find(left, user.email, &LinkedIdentity::email) != left.end()) return {};
  const auto next = std::ranges::find(left, false, &LinkedIdentity::is_taken);
  if (next == left.end()) throw conflict();
  const bool stays_confirmed = !next->email.empty() && (next->is_verified || unlinking.autoconfirms_email);
  std::vector<pg::Statement> statements = clear_tokens(user.id);
  std::string change =
      "update auth.users set email = nullif($2, ''), email_change = '', email_change_confirm_status = 0,"
      " phone_change = '', confirmation_sent_at = null, recovery_sent_at = null, email_change_sent_at = null,"
      " phone_change_sent_at = null, reauthentication_sent_at = null, updated_at = now()";
  if (!stays_confirmed) {
    change +=
        ", email_confirmed_at = null,"
        " raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || '{\"email_verified\":false}'";
  }
  std::vector<pg::Parameter> values{user.id, next->email};
  statements.emplace_back(change + " where id = $1", std::move(values));
  return statements;
}

}  // namespace

pg::Statement refresh_providers(const Uuid& user) {
  std::vector<pg::Parameter> by_user{user};
  return {
      "update auth.users u set updated_at = now(), raw_app_meta_data = coalesce(raw_app_meta_data, '{}') ||"
      " case when p.names is null then '{\"providers\":[]}'"
      " else jsonb_build_object('provider', p.names -> 0, 'providers', p.names) end"
      " from (select jsonb_agg(provider order by first_at, provider) as names"
      " from (select provider, min(created_at) as first_at from auth.identities where user_id = $1 group by provider)"
      " by_provider) p where u.id = $1",
      std::move(by_user)};
}

Task<> unlink_identity(pg::Transaction& transaction, Unlinking unlinking) {
  const std::optional<Uuid> id = Uuid::parse(unlinking.identity);
  if (!id) throw AuthError(404, "validation_failed", "identity_id must be an UUID");
  const User& user = unlinking.user;
  pg::Statement select = select_identities(user);
  const pg::Rows rows = co_await transaction.run(std::move(select));
  std::vector<LinkedIdentity> left = read_identities(rows);
  if (left.size() <= 1) {
    throw AuthError(422, "single_identity_not_deletable", "User must have at least 1 identity after unlinking");
  }
  const auto found = std::ranges::find(left, *id, &LinkedIdentity::id);
  if (found == left.end()) throw AuthError(422, "identity_not_found", "Identity doesn't exist");
  const LinkedIdentity unlinked = std::move(*found);
  left.erase(found);

  std::vector<pg::Statement> writes;
  std::vector<pg::Parameter> by_id{unlinked.id, user.id};
  writes.emplace_back("delete from auth.identities where id = $1 and user_id = $2", std::move(by_id));
  if (unlinked.provider == "phone") {
    std::vector<pg::Parameter> by_user{user.id};
    writes.emplace_back(
        "update auth.users set phone = null, phone_confirmed_at = null, updated_at = now() where id = $1",
        std::move(by_user));
  } else {
    append(writes, move_to_address_of(left, unlinking));
  }
  writes.push_back(refresh_providers(user.id));
  const boost::json::object traits{
      {"identity_id", unlinked.id.to_string()}, {"provider", unlinked.provider}, {"provider_id", unlinked.provider_id}};
  writes.push_back(audit("identity_unlinked", "user", user, unlinking.origin, boost::json::serialize(traits)));
  try {
    static_cast<void>(co_await transaction.run_group(std::move(writes)));
  } catch (const pg::SqlError& failure) {
    if (is_duplicate_email(failure)) throw conflict();  // taken since it was looked at
    throw;
  }
}

}  // namespace bailey::stack::auth
