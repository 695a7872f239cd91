// Reading credentials and saying how they are shown. Nothing here compares any: see Secret.
#include <bailey/web/security.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/base64url.hpp>
#include <bailey/http/bearer.hpp>
#include <bailey/http/cookies.hpp>
#include <bailey/web/bind.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace bailey {

bool BasicCredentials::are(std::string_view expected_username, const Secret& expected_password) const noexcept {
  const bool is_name = equal_in_constant_time(username, expected_username);
  const bool is_password = password == expected_password;
  return static_cast<unsigned>(is_name) & static_cast<unsigned>(is_password);
}

namespace web_detail {
namespace {

// Which of two counts, a proxy in front may see otherwise than we do.
void require_one(const Request& request, std::string_view name) {
  if (request.http().header_count(name) > 1) throw HttpError(400, "More than one " + std::string(name) + " header");
}

// What stands behind the scheme's name; nullopt where it is another scheme's, or there is no such header.
std::optional<std::string_view> credentials_of(const Request& request, std::string_view scheme) {
  require_one(request, "Authorization");
  const std::optional<std::string_view> value = request.header("authorization");
  const std::optional<std::string_view> credentials = http::credentials_of(value.value_or(""), scheme);
  return credentials && credentials->empty() ? std::nullopt : credentials;
}

// A component's name takes no other characters.
std::string component_name(std::string_view text) {
  std::string name;
  for (const char c : text)
    name += ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '.' || c == '_' ? c : '_';
  return name;
}

SecurityInfo oauth2(std::string_view name, std::string_view flow, json::object urls) {
  urls["scopes"] = json::object();
  return {.name = std::string(name),
          .scheme = {{"type", "oauth2"}, {"flows", json::object{{flow, std::move(urls)}}}},
          .may_forbid = false};
}

}  // namespace

std::optional<Secret> bearer_token(const Request& request) {
  const auto token = credentials_of(request, "Bearer");
  return token ? std::optional<Secret>(std::string(*token)) : std::nullopt;
}

std::optional<BasicCredentials> basic_credentials(const Request& request, std::string_view challenge) {
  const auto encoded = credentials_of(request, "Basic");
  if (!encoded) return std::nullopt;
  std::optional<std::string> text = base64_decode(*encoded);
  const std::size_t colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos || !detail::is_utf8(*text)) refuse_credentials(challenge);
  BasicCredentials login{.username = text->substr(0, colon), .password = Secret(text->substr(colon + 1))};
  wipe(*text);
  return login;
}

std::optional<Secret> api_key(const Request& request, KeyIn in, std::string_view name) {
  std::optional<std::string> key;
  switch (in) {
    case KeyIn::header:
      require_one(request, name);
      key = request.header(name);
      break;
    case KeyIn::query: key = request.query_value(name); break;
    case KeyIn::cookie: key = http::cookie(request.http(), name); break;
  }
  if (!key || key->empty()) return std::nullopt;
  return Secret(std::move(*key));
}

std::string basic_challenge(std::string_view realm) {
  return "Basic realm=\"" + std::string(realm) + "\", charset=\"UTF-8\"";
}

void refuse_credentials(std::string_view challenge) { throw wrong_credentials("Not authenticated", challenge); }

HttpError wrong_credentials(std::string_view detail, std::string_view challenge) {
  return {401, detail, {{"WWW-Authenticate", std::string(challenge)}}};
}

void refuse_scopes(std::string_view needed) {
  throw HttpError(403, "Not enough permissions",
                  {{"WWW-Authenticate", R"(Bearer error="insufficient_scope", scope=")" + std::string(needed) + '"'}});
}

SecurityInfo bearer_scheme() {
  return {.name = "bearer", .scheme = {{"type", "http"}, {"scheme", "bearer"}}, .may_forbid = false};
}

SecurityInfo basic_scheme() {
  return {.name = "basic", .scheme = {{"type", "http"}, {"scheme", "basic"}}, .may_forbid = false};
}

SecurityInfo api_key_scheme(KeyIn in, std::string_view name) {
  const std::string_view place = in == KeyIn::header ? "header" : in == KeyIn::query ? "query" : "cookie";
  return {
      .name = component_name(name), .scheme = {{"type", "apiKey"}, {"in", place}, {"name", name}}, .may_forbid = false};
}

SecurityInfo password_scheme(std::string_view token_url) {
  return oauth2("oauth2_password", "password", {{"tokenUrl", token_url}});
}

SecurityInfo code_scheme(std::string_view authorization_url, std::string_view token_url) {
  return oauth2("oauth2_code", "authorizationCode", {{"authorizationUrl", authorization_url}, {"tokenUrl", token_url}});
}

SecurityInfo open_id_scheme(std::string_view url) {
  return {.name = "open_id", .scheme = {{"type", "openIdConnect"}, {"openIdConnectUrl", url}}, .may_forbid = false};
}

// The form's fields, as parameters of their own are read.
namespace {
using GrantType = Form<"grant_type", std::optional<std::string>, Text{.pattern = "^password$"}>;
using Username = Form<"username">;
using Password = Form<"password", Secret>;
using ScopeList = Form<"scope", std::string, Text{.default_value = ""}>;
using ClientId = Form<"client_id", std::optional<std::string>>;
using ClientSecret = Form<"client_secret", std::optional<Secret>>;
}  // namespace

}  // namespace web_detail

void Binder<PasswordForm>::describe(RouteInfo& route) {
  using namespace web_detail;
  Binder<GrantType>::describe(route);
  Binder<Username>::describe(route);
  Binder<Password>::describe(route);
  Binder<ScopeList>::describe(route);
  Binder<ClientId>::describe(route);
  Binder<ClientSecret>::describe(route);
}

std::optional<PasswordForm> Binder<PasswordForm>::bind(Request& request, ValidationErrors& errors) {
  using namespace web_detail;
  auto grant_type = Binder<GrantType>::bind(request, errors);
  auto username = Binder<Username>::bind(request, errors);
  auto password = Binder<Password>::bind(request, errors);
  auto scopes = Binder<ScopeList>::bind(request, errors);
  auto client_id = Binder<ClientId>::bind(request, errors);
  auto client_secret = Binder<ClientSecret>::bind(request, errors);
  if (!grant_type || !username || !password || !scopes || !client_id || !client_secret) return std::nullopt;
  PasswordForm form{.username = **std::move(username),
                    .password = **std::move(password),
                    .client_id = **std::move(client_id),
                    .client_secret = **std::move(client_secret)};
  std::string_view rest = **scopes;
  while (!rest.empty()) {
    const std::string_view scope = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), scope.size() + 1));
    if (!scope.empty()) form.scopes.emplace_back(scope);
  }
  return form;
}

}  // namespace bailey
