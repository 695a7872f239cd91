#include <bailey/supabase/supabase.hpp>

#include <bailey/base/env.hpp>
#include <bailey/pg/scoped_database.hpp>

#include "supabase/api_key.hpp"
#include "supabase/project.hpp"

#include <initializer_list>

namespace bailey {

namespace {

// The key in the first of two variables that is set. It is looked at here, where the variable's name is known.
Secret key_from_env(client_detail::KeyRole role, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (auto key = env::get_secret(name)) {
      client_detail::require_key(role, *key, name);
      return *std::move(key);
    }
  return {};
}

}  // namespace

Supabase::Supabase(SupabaseOptions options)
    : Supabase(std::make_shared<const client_detail::Project>(std::move(options)), Identity::anonymous()) {}

Supabase::Supabase(std::shared_ptr<const client_detail::Project> project, Identity identity) noexcept
    : project_(std::move(project)), identity_(std::move(identity)) {}

Supabase Supabase::from_env() {
  SupabaseOptions options;
  options.url = env::get("SUPABASE_URL").value_or("");
  options.anon_key = key_from_env(client_detail::KeyRole::anon, {"SUPABASE_ANON_KEY", "SUPABASE_PUBLISHABLE_KEY"});
  options.service_role_key =
      key_from_env(client_detail::KeyRole::service_role, {"SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_SECRET_KEY"});
  options.jwt_secret = env::get_secret("SUPABASE_JWT_SECRET").value_or(Secret());
  options.database_url = env::get_secret("DATABASE_URL");
  return Supabase(std::move(options));
}

Supabase Supabase::as(Identity identity) const { return {project_, std::move(identity)}; }
Supabase Supabase::as(std::string_view token) const { return {project_, Identity::from_token(std::string(token))}; }

Supabase Supabase::as_service_role() const {
  if (project_->options().service_role_key.empty())
    throw Error("missing_setting", "Acting as service_role needs its key (SUPABASE_SERVICE_ROLE_KEY).");
  return {project_, Identity::service_role()};
}

Supabase Supabase::traced(RequestTrace trace) const {
  return {std::make_shared<const client_detail::Project>(*project_, std::move(trace)), identity_};
}

Relation Supabase::from(std::string relation) const {
  return {project_, identity_, project_->options().schema, std::move(relation)};
}
Relation Supabase::from(std::string schema, std::string relation) const {
  return {project_, identity_, std::move(schema), std::move(relation)};
}

pg::ScopedDatabase Supabase::database() const {
  project_->require_usable(identity_);
  return project_->transport().database(identity_);
}

AuthClient Supabase::auth() const { return {project_, identity_}; }
const TokenVerifier& Supabase::verifier() const noexcept { return project_->verifier(); }
const SupabaseOptions& Supabase::options() const noexcept { return project_->options(); }
bool Supabase::uses_database_directly() const noexcept { return project_->options().database_url.has_value(); }
std::optional<pg::Stats> Supabase::database_stats() const { return project_->transport().database_stats(); }

}  // namespace bailey
