#include "stack/auth/new_user.hpp"

namespace bailey::stack::auth {

namespace json = boost::json;

std::vector<pg::Statement> insert_user(const NewUser& user) {
  std::vector<pg::Statement> statements;
  std::vector<pg::Parameter> row{user.id,
                                 user.aud,
                                 user.email.empty() ? pg::Parameter() : pg::Parameter(user.email),
                                 user.encrypted_password,
                                 user.app_metadata,
                                 user.user_metadata,
                                 user.confirmed,
                                 user.awaits_confirmation,
                                 user.is_anonymous};
  statements.emplace_back(
      "insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,"
      " confirmation_token, confirmation_sent_at, recovery_token, email_change_token_new, email_change,"
      " raw_app_meta_data, raw_user_meta_data, created_at, updated_at, is_anonymous)"
      " values ('00000000-0000-0000-0000-000000000000', $1, $2, '', $3, $4, case when $7::boolean then now() end,"
      " '', case when $8::boolean then now() end, '', '', '', $5::jsonb, $6::jsonb, now(), now(), $9)",
      std::move(row));
  if (user.identity_data) {
    std::vector<pg::Parameter> identity{user.id.to_string(), user.id, *user.identity_data};
    statements.emplace_back(
        "insert into auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)"
        " values ($1, $2, $3::jsonb, 'email', now(), now())",
        std::move(identity));
  }
  std::vector<pg::Parameter> role{user.id, user.role};
  statements.emplace_back("update auth.users set role = $2 where id = $1", std::move(role));
  return statements;
}

json::object email_identity_data(const Uuid& user, const std::string& email, const json::object* data) {
  json::object identity{
      {"sub", user.to_string()}, {"email", email}, {"email_verified", false}, {"phone_verified", false}};
  if (data != nullptr) {
    for (const auto& [key, value] : *data) identity.emplace(key, value);
  }
  return identity;
}

std::string merged_metadata_sql(std::string_view column, std::string_view parameter) {
  const std::string changes = std::string(parameter) + "::jsonb";
  return "(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(coalesce(" + std::string(column) +
         ", '{}') || " + changes + ") where not (" + changes + " ? key and " + changes + " -> key = 'null'))";
}

pg::Statement set_email_identity(const Uuid& user, const std::string& email, bool verified) {
  std::vector<pg::Parameter> identity{user, email, verified};
  return {
      "insert into auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)"
      " values ($1::uuid::text, $1, jsonb_build_object('sub', $1::uuid::text, 'email', $2::text,"
      " 'email_verified', $3::boolean, 'phone_verified', false), 'email', now(), now())"
      " on conflict (provider_id, provider) do update set updated_at = now(),"
      " identity_data = identities.identity_data || excluded.identity_data",
      std::move(identity)};
}

bool is_duplicate_email(const pg::SqlError& failure) {
  return failure.sqlstate() == "23505" && failure.constraint() == "users_email_partial_key";
}

AuthError email_exists() { return {422, "email_exists", "A user with this email address has already been registered"}; }

}  // namespace bailey::stack::auth
