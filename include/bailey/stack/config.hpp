#pragma once

#include <bailey/base/error.hpp>
#include <bailey/base/secret.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack {

// supabase/config.toml as far as the local stack uses it, with the Supabase CLI's defaults. Two additions are
// ours: `auth.signing = "hs256"` signs access tokens with the JWT secret instead of an ES256 key, and
// `api.require_api_key = true` refuses requests without an API key.
struct ApiConfig {
  bool enabled = true;  // false is not followed: a warning says so
  std::uint16_t port = 54321;
  std::vector<std::string> schemas{"public", "graphql_public"};
  std::vector<std::string> extra_search_path{"public", "extensions"};
  std::int64_t max_rows = 1000;
  bool require_api_key = false;  // ours: as hosted projects have it
};

struct DatabaseConfig {
  std::int64_t major_version = 0;  // of PostgreSQL; 0: any. When the running one is another, a warning says so
  std::uint16_t port = 54322;
  bool migrations_enabled = true;
  bool seed_enabled = true;
  std::vector<std::string> seed_paths{"./seed.sql"};  // globs below supabase/
};

enum class Signing : std::uint8_t { es256, hs256 };

// A letter's subject and text in place of the built-in ones: `[auth.email.template.invite]`. Where they stand is kept
// for the errors of whoever reads them.
struct LetterConfig {
  std::string kind;  // "confirmation", "password_changed_notification"
  std::optional<std::string> subject;
  std::string content_path;                  // of the project's folder, or else of supabase/; "": none
  std::string subject_place, content_place;  // "supabase/config.toml:12: auth.email.template.invite.subject"
};

// `[auth.email.smtp]`: a mail server, in place of the mailbox of `bailey dev`.
struct SmtpConfig {
  bool enabled = false;
  std::string host;
  std::uint16_t port = 587;
  std::string user;
  Secret pass;
  std::string admin_email;
  std::string sender_name;
};

struct AuthEmailConfig {
  bool enable_signup = true;          // false also ends signing in with e-mail and password
  bool enable_confirmations = false;  // true: a new address waits for an administrator; a warning says so
  SmtpConfig smtp;
  std::vector<LetterConfig> letters;
  std::vector<std::string> notifications;  // the kinds that are sent: "password_changed_notification"
};

// `[inbucket]`, also by its newer name `[local_smtp]`: the mailbox where mail of the local stack is caught.
struct MailboxConfig {
  bool enabled = true;
  std::uint16_t port = 54324;                // its page and its API
  std::optional<std::uint16_t> smtp_port;    // where programs may send to; not set: nowhere
  std::optional<std::uint16_t> pop3_port{};  // not followed: a warning says so
  std::string admin_email = "admin@email.com";
  std::string sender_name = "Admin";
};

struct AuthConfig {
  // The site whose pages may call the stack from a browser, besides pages from this machine or its network.
  std::string site_url = "http://127.0.0.1:3000";
  std::vector<std::string> additional_redirect_urls{"https://127.0.0.1:3000"};
  std::chrono::seconds jwt_expiry{3600};
  std::string jwt_issuer;  // empty: <api url>/auth/v1
  Secret jwt_secret;       // empty: the usual development secret
  std::string signing_keys_path;
  Signing signing = Signing::es256;
  std::optional<std::string> publishable_key, secret_key, anon_key, service_role_key;
  bool enable_signup = true;
  bool enable_anonymous_sign_ins = false;
  bool enable_refresh_token_rotation = true;
  std::chrono::seconds refresh_token_reuse_interval{10};
  std::int64_t minimum_password_length = 6;
  std::string password_requirements;        // "", letters_digits, lower_upper_letters_digits, …_symbols
  std::chrono::seconds session_timebox{0};  // 0: none
  std::chrono::seconds session_inactivity_timeout{0};
  AuthEmailConfig email;
};

struct Config {
  ApiConfig api;
  DatabaseConfig db;
  AuthConfig auth;
  MailboxConfig mailbox;

  [[nodiscard]] std::string api_url() const;
  [[nodiscard]] std::string mailbox_url() const;  // "" when it is not enabled
  [[nodiscard]] std::string auth_url() const { return api_url() + "/auth/v1"; }
};

// Returns the value of an environment variable, for values written `env(NAME)`; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Reads the text of a config.toml. `file` is the name errors carry. Unknown keys are ignored (a debug line names them);
// what is not TOML, has the wrong type or lies out of range is Error "invalid_config": "supabase/config.toml:7: …".
[[nodiscard]] Expected<Config> parse_config(std::string_view text, const std::string& file,
                                            const Environment& environment);

// The same from a file and the process's environment. A missing file gives the defaults.
[[nodiscard]] Expected<Config> load_config(const std::filesystem::path& file);

// Logs a warning for each setting that a stack on this PostgreSQL does not follow though its user may count on it.
void warn_of_settings_not_followed(const Config& config, int postgres_major);

}  // namespace bailey::stack
