// What anybody may ask: is it up, what is switched on, which keys verify its tokens.
#include <bailey/model/json_text.hpp>
#include <bailey/web/results.hpp>

#include <array>

#include "stack/auth/endpoints.hpp"

namespace bailey::stack::auth {
namespace {

json::object health() {
  return {{"version", "v2.196.0"},
          {"name", "GoTrue"},
          {"description", "GoTrue is a user registration and authentication API"}};
}

json::object settings(const AuthContext& context) {
  constexpr std::array providers{"apple",      "azure",    "bitbucket",     "discord", "facebook", "snapchat",
                                 "figma",      "fly",      "github",        "gitlab",  "google",   "keycloak",
                                 "kakao",      "linkedin", "linkedin_oidc", "notion",  "spotify",  "slack",
                                 "slack_oidc", "workos",   "twitch",        "twitter"};
  const AuthConfig& config = context.config;
  json::object external{{"anonymous_users", config.enable_anonymous_sign_ins}};
  for (const char* provider : providers) external[provider] = false;
  external["email"] = config.email.enable_signup;
  external["phone"] = false;
  external["zoom"] = false;
  return {{"external", std::move(external)},
          {"disable_signup", !config.enable_signup},
          {"mailer_autoconfirm", context.autoconfirms_email()},
          {"phone_autoconfirm", false},
          {"sms_provider", ""},
          {"saml_enabled", false},
          {"saml_private_key_next_configured", false},
          {"passkeys_enabled", false}};
}

Reply<JsonText> key_set(const AuthContext& context) {
  return Reply(JsonText(context.verifier.keys().to_json())).header("Cache-Control", "public, max-age=600");
}

}  // namespace

Router info_routes() {
  Router routes;
  routes.get("/health", health);
  routes.get("/settings", settings);
  routes.get("/.well-known/jwks.json", key_set);
  return routes;
}

}  // namespace bailey::stack::auth
