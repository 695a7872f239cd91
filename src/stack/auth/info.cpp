// What anybody may ask: is it up, what is switched on, which keys verify its tokens.
#include <array>

#include "stack/auth/endpoints.hpp"
#include "stack/auth/json_writer.hpp"

namespace bailey::stack::auth {

Task<http::Response> health(const Call&) {
  JsonObjectWriter body;
  body.text("version", "v2.196.0")
      .text("name", "GoTrue")
      .text("description", "GoTrue is a user registration and authentication API");
  co_return http::Response::json(200, std::move(body).finish());
}

Task<http::Response> settings(const Call& call) {
  constexpr std::array providers{"apple",      "azure",    "bitbucket",     "discord", "facebook", "snapchat",
                                 "figma",      "fly",      "github",        "gitlab",  "google",   "keycloak",
                                 "kakao",      "linkedin", "linkedin_oidc", "notion",  "spotify",  "slack",
                                 "slack_oidc", "workos",   "twitch",        "twitter"};
  const AuthConfig& config = call.context.config;
  JsonObjectWriter external;
  external.boolean("anonymous_users", config.enable_anonymous_sign_ins);
  for (const char* provider : providers) external.boolean(provider, false);
  external.boolean("email", config.email.enable_signup).boolean("phone", false).boolean("zoom", false);
  JsonObjectWriter body;
  body.raw("external", std::move(external).finish())
      .boolean("disable_signup", !config.enable_signup)
      .boolean("mailer_autoconfirm", call.context.autoconfirms_email())
      .boolean("phone_autoconfirm", false)
      .text("sms_provider", "")
      .boolean("saml_enabled", false)
      .boolean("saml_private_key_next_configured", false)
      .boolean("passkeys_enabled", false);
  co_return http::Response::json(200, std::move(body).finish());
}

Task<http::Response> key_set(const Call& call) {
  http::Response response = http::Response::json(200, call.context.verifier.keys().to_json());
  response.headers.set("Cache-Control", "public, max-age=600");
  co_return response;
}

}  // namespace bailey::stack::auth
