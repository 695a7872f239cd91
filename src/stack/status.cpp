#include "stack/status.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <ostream>

#include "base/escaped.hpp"
#include "stack/database/cluster.hpp"

namespace bailey::stack {
namespace {

std::string database_url(std::string_view role, std::uint16_t port) {
  std::string url = "postgresql://";
  url.append(role).append(":").append(role_password).append("@127.0.0.1:");
  return url + std::to_string(port) + "/postgres";
}

// What people look for first, in words.
constexpr std::array<std::pair<const char*, const char*>, 10> pretty_names{{
    {"API_URL", "API URL"},
    {"REST_URL", "REST URL"},
    {"DB_URL", "Database URL"},
    {"MAILPIT_URL", "Mailpit URL"},
    {"PUBLISHABLE_KEY", "Publishable key"},
    {"SECRET_KEY", "Secret key"},
    {"ANON_KEY", "anon key"},
    {"SERVICE_ROLE_KEY", "service_role key"},
    {"JWT_SECRET", "JWT secret"},
    {"API_DATABASE_URL", "Database URL for an API"},
}};

// What Supabase::from_env reads, and where it comes from.
constexpr std::array<std::pair<const char*, const char*>, 5> app_names{{
    {"DATABASE_URL", "API_DATABASE_URL"},
    {"SUPABASE_ANON_KEY", "ANON_KEY"},
    {"SUPABASE_JWT_SECRET", "JWT_SECRET"},
    {"SUPABASE_SERVICE_ROLE_KEY", "SERVICE_ROLE_KEY"},
    {"SUPABASE_URL", "API_URL"},
}};

void print_assignment(std::ostream& out, std::string_view name, std::string_view value) {
  out << name << "=\"";
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') out << '\\';
    out << c;
  }
  out << "\"\n";
}

}  // namespace

Status status_of(const Config& config, const ClientKeys& keys) {
  // API_DATABASE_URL is ours: the login an API uses, which may act as anon, authenticated or service_role and no more.
  Status status{{{"ANON_KEY", keys.anon_key},
                 {"API_DATABASE_URL", database_url("authenticator", config.db.port)},
                 {"API_URL", config.api_url()},
                 {"DB_URL", database_url("postgres", config.db.port)},
                 {"JWT_SECRET", std::string(keys.jwt_secret.reveal())},
                 {"PUBLISHABLE_KEY", keys.publishable_key},
                 {"REST_URL", config.api_url() + "/rest/v1"},
                 {"SECRET_KEY", keys.secret_key},
                 {"SERVICE_ROLE_KEY", keys.service_role_key}}};
  // Under the name of the Supabase CLI and its older one.
  if (config.mailbox.enabled) {
    status.values.emplace_back("MAILPIT_URL", config.mailbox_url());
    status.values.emplace_back("INBUCKET_URL", config.mailbox_url());
  }
  std::ranges::sort(status.values);
  return status;
}

const std::string& Status::operator[](const std::string& name) const {
  static const std::string none;
  const auto found = std::ranges::find(values, name, [](const auto& entry) { return entry.first; });
  return found == values.end() ? none : found->second;
}

void Status::print_env(std::ostream& out) const {
  for (const auto& [name, value] : values) print_assignment(out, name, value);
}

void Status::print_app(std::ostream& out) const {
  for (const auto& [name, source] : app_names) {
    out << "export ";
    print_assignment(out, name, (*this)[source]);
  }
}

void Status::print_json(std::ostream& out) const {
  boost::json::object object;
  for (const auto& [name, value] : values) object.emplace(name, value);
  out << boost::json::serialize(object) << '\n';
}

void Status::print_pretty(std::ostream& out) const {
  for (const auto& [name, label] : pretty_names) {
    if ((*this)[name].empty()) continue;
    std::string shown;  // the configuration may be another's
    append_escaped(shown, (*this)[name], LineFeeds::escaped);
    out << std::string(24 - std::string_view(label).size(), ' ') << label << ": " << shown << '\n';
  }
}

}  // namespace bailey::stack
