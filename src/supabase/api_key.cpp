#include "supabase/api_key.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/jwt/claims.hpp>

#include <algorithm>
#include <string>

namespace bailey::client_detail {

namespace {

constexpr std::string_view publishable_prefix = "sb_publishable_";
constexpr std::string_view secret_prefix = "sb_secret_";
constexpr std::string_view anon = "anon";
constexpr std::string_view service_role = "service_role";

std::string_view name_of(KeyRole key) { return key == KeyRole::anon ? anon : service_role; }

[[noreturn]] void refuse(std::string_view setting, std::string_view why) {
  throw Error("invalid_setting", std::string(setting).append(" ").append(why));
}

}  // namespace

bool is_token_text(std::string_view token) noexcept {
  return std::ranges::all_of(token, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/=").contains(c);
  });
}

void require_key(KeyRole wanted, const Secret& key, std::string_view setting) {
  const std::string_view text = key.reveal();
  if (!is_token_text(text))
    refuse(setting, "holds characters that stand in no key, perhaps a blank or a line break copied along with it.");
  const bool for_everybody = wanted == KeyRole::anon;
  if (for_everybody && text.starts_with(secret_prefix))
    refuse(setting,
           "holds a secret key, which passes row-level security by: requests without a token would see everybody's "
           "rows. It needs the publishable or anon key.");
  if (!for_everybody && text.starts_with(publishable_prefix))
    refuse(setting, "holds a publishable key, which has no more rights than a stranger. It needs the secret key.");
  const auto claims = jwt::read_unverified(text);
  if (!claims || claims->role == name_of(wanted)) return;
  if (for_everybody && claims->role.empty()) return;  // a token without a role acts as anon
  // The role is the operator's own text, but a mistaken text may be anything: only the two known ones are repeated.
  if (for_everybody && claims->role == service_role)
    refuse(setting,
           "holds a key of the role service_role, which passes row-level security by: requests without a token would "
           "see everybody's rows. It needs the anon or publishable key.");
  if (!for_everybody && claims->role == anon)
    refuse(
        setting,
        "holds a key of the role anon, which has no more rights than a stranger. It needs the service_role or secret "
        "key.");
  refuse(setting, std::string("holds a token of another role than ").append(name_of(wanted)).append(": it is no key."));
}

void require_no_key(const Secret& jwt_secret, std::string_view setting) {
  const std::string_view text = jwt_secret.reveal();
  if (text.starts_with(publishable_prefix) || text.starts_with(secret_prefix) || jwt::read_unverified(text))
    refuse(setting, "holds a key or token: whoever has that could sign tokens of any user. It needs the JWT secret.");
}

bool refuses_api_key(int status, std::string_view body) {
  if (status != 401 && status != 403) return false;
  const auto parsed = try_parse_json(body);
  if (!parsed || !parsed->is_object()) return status == 401;
  return !names_code(parsed->get_object());
}

bool names_code(const json::object& error) {
  return error.contains("code") || error.contains("error_code") || error.contains("msg");
}

void log_refused_key(KeyRole key, int status) {
  log::error(
      "the project does not take its API key",
      {{"setting", key == KeyRole::anon ? "SUPABASE_ANON_KEY" : "SUPABASE_SERVICE_ROLE_KEY"}, {"status", status}});
}

}  // namespace bailey::client_detail
