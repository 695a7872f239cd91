// config.toml to Config: each key the stack uses once, by name. What it does not use is reported in debug lines, so
// that a project of the Supabase CLI starts here as it is.
#include <bailey/base/env.hpp>
#include <bailey/base/log.hpp>
#include <bailey/stack/config.hpp>

#include <algorithm>
#include <array>
#include <system_error>

#include "stack/project/mail_config.hpp"
#include "stack/project/project_file.hpp"
#include "stack/project/toml_depth.hpp"
#include "stack/project/toml_reader.hpp"

namespace bailey::stack {
namespace {

constexpr std::int64_t a_month = 31 * 24 * 3600;

void read_api(TomlReader reader, ApiConfig& api) {
  reader.read("enabled", api.enabled);
  reader.read("port", api.port);
  reader.read("schemas", api.schemas);
  reader.read("extra_search_path", api.extra_search_path);
  reader.read("max_rows", api.max_rows, 0, 1'000'000'000);
  reader.read("require_api_key", api.require_api_key);
  if (api.schemas.empty()) reader.refuse("schemas", "a list with at least one schema");
  reader.report_unknown();
}

void read_database(TomlReader reader, DatabaseConfig& db) {
  reader.read("port", db.port);
  reader.read("major_version", db.major_version, 1, 1000);
  TomlReader migrations = reader.table("migrations");
  migrations.read("enabled", db.migrations_enabled);
  migrations.report_unknown();
  TomlReader seed = reader.table("seed");
  seed.read("enabled", db.seed_enabled);
  seed.read("sql_paths", db.seed_paths);
  seed.report_unknown();
  reader.report_unknown();
}

void read_auth(TomlReader reader, AuthConfig& auth) {
  reader.read("site_url", auth.site_url);
  reader.read("additional_redirect_urls", auth.additional_redirect_urls);
  std::int64_t expiry = auth.jwt_expiry.count();
  reader.read("jwt_expiry", expiry, 1, a_month);
  auth.jwt_expiry = std::chrono::seconds(expiry);
  reader.read("jwt_issuer", auth.jwt_issuer);
  reader.read("jwt_secret", auth.jwt_secret);
  if (!auth.jwt_secret.empty() && auth.jwt_secret.reveal().size() < 32) {
    reader.refuse("jwt_secret", "at least 32 characters long");
  }
  reader.read("signing_keys_path", auth.signing_keys_path);
  std::string signing = "es256";
  reader.read("signing", signing);
  if (signing != "es256" && signing != "hs256") reader.refuse("signing", "\"es256\" or \"hs256\"");
  auth.signing = signing == "hs256" ? Signing::hs256 : Signing::es256;
  reader.read("publishable_key", auth.publishable_key);
  reader.read("secret_key", auth.secret_key);
  reader.read("anon_key", auth.anon_key);
  reader.read("service_role_key", auth.service_role_key);
  reader.read("enable_signup", auth.enable_signup);
  reader.read("enable_anonymous_sign_ins", auth.enable_anonymous_sign_ins);
  reader.read("enable_refresh_token_rotation", auth.enable_refresh_token_rotation);
  std::int64_t reuse = auth.refresh_token_reuse_interval.count();
  reader.read("refresh_token_reuse_interval", reuse, 0, a_month);
  auth.refresh_token_reuse_interval = std::chrono::seconds(reuse);
  // GoTrue's floor: a configured length below six counts as six.
  reader.read("minimum_password_length", auth.minimum_password_length, 0, 72);
  auth.minimum_password_length = std::max<std::int64_t>(6, auth.minimum_password_length);
  reader.read("password_requirements", auth.password_requirements);
  constexpr std::array<std::string_view, 4> requirements{"", "letters_digits", "lower_upper_letters_digits",
                                                         "lower_upper_letters_digits_symbols"};
  if (std::ranges::find(requirements, auth.password_requirements) == requirements.end()) {
    reader.refuse(
        "password_requirements",
        "empty, \"letters_digits\", \"lower_upper_letters_digits\" or \"lower_upper_letters_digits_symbols\"");
  }

  TomlReader sessions = reader.table("sessions");
  sessions.read("timebox", auth.session_timebox);
  sessions.read("inactivity_timeout", auth.session_inactivity_timeout);
  sessions.report_unknown();

  TomlReader email = reader.table("email");
  email.read("enable_signup", auth.email.enable_signup);
  email.read("enable_confirmations", auth.email.enable_confirmations);
  read_mail(email, auth.email);
  email.report_unknown();
  reader.report_unknown();
}

// Of the mailbox: its table has two names.
void refuse_taken_ports(TomlReader& document, const Config& config) {
  if (!config.mailbox.enabled) return;
  TomlReader mailbox = document.table(document.has("local_smtp") ? "local_smtp" : "inbucket");
  const auto is_taken = [&](std::uint16_t port) { return port == config.api.port || port == config.db.port; };
  if (is_taken(config.mailbox.port)) mailbox.refuse("port", "another port than api.port and db.port");
  if (config.mailbox.smtp_port && is_taken(*config.mailbox.smtp_port)) {
    mailbox.refuse("smtp_port", "another port than api.port and db.port");
  }
}

}  // namespace

std::string Config::mailbox_url() const {
  return mailbox.enabled ? "http://127.0.0.1:" + std::to_string(mailbox.port) : std::string();
}

std::string Config::api_url() const { return "http://127.0.0.1:" + std::to_string(api.port); }

Expected<Config> parse_config(std::string_view text, const std::string& file, const Environment& environment) try {
  if (const auto line = line_of_endless_key(text)) {
    return std::unexpected(
        Error("invalid_config",
              file + ":" + std::to_string(*line) + ": a key has more than " + std::to_string(most_key_parts) + " parts",
              500));
  }
  const toml::table document = toml::parse(text, file);
  TomlReader reader(&document, "", file, environment);
  Config config;
  read_api(reader.table("api"), config.api);
  read_database(reader.table("db"), config.db);
  read_auth(reader.table("auth"), config.auth);
  read_mailbox(reader, config.mailbox);
  reader.report_unknown();
  if (config.api.port == config.db.port) reader.table("db").refuse("port", "another port than api.port");
  refuse_taken_ports(reader, config);
  return config;
} catch (const toml::parse_error& failure) {
  return std::unexpected(
      Error("invalid_config",
            file + ":" + std::to_string(failure.source().begin.line) + ": " + std::string(failure.description()), 500));
} catch (const Error& failure) {
  return std::unexpected(failure);
}

Expected<Config> load_config(const std::filesystem::path& file) {
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown) && !unknown) return Config{};
  const Expected<std::string> text = read_project_file(file, settings_limit_bytes);
  if (!text) return std::unexpected(Error("invalid_config", text.error().message(), 500));
  return parse_config(*text, file.parent_path().filename() / file.filename(),
                      [](const std::string& name) { return env::get(name.c_str()); });
}

void warn_of_settings_not_followed(const Config& config, int postgres_major) {
  if (!config.api.enabled) log::warning("the API is served though api.enabled is false");
  if (config.db.major_version != 0 && config.db.major_version != postgres_major) {
    log::warning("PostgreSQL is of another version than db.major_version says",
                 {{"wanted", config.db.major_version}, {"running", postgres_major}});
  }
  if (config.mailbox.pop3_port) {
    log::warning("mail is not served by POP3: inbucket.pop3_port is not followed; the page and its API show all mail");
  }
  if (config.auth.email.enable_confirmations) {
    log::warning(
        "auth.email.enable_confirmations is true, but no e-mail is sent: whoever signs up can sign in only after"
        " PUT /auth/v1/admin/users/{id} with email_confirm true, under the service role key");
  }
}

}  // namespace bailey::stack
