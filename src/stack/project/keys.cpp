#include "stack/project/keys.hpp"

#include <bailey/base/uuid.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "stack/project/private_file.hpp"
#include "stack/project/project_file.hpp"
#include "supabase/api_key.hpp"

namespace bailey::stack {
namespace {

namespace json = boost::json;

// The API keys every local Supabase prints.
constexpr std::string_view default_publishable_key = "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH";
constexpr std::string_view default_secret_key = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz";

constexpr std::string_view remedy_of_kept =
    "; put it back, or remove it: another key is made, and who is signed in signs in again";
constexpr std::string_view remedy_of_configured =
    "; auth.signing_keys_path in supabase/config.toml names it: write it anew (supabase gen signing-key)";

template <class T>
T required(Expected<T> value) {
  if (!value) throw value.error();
  return std::move(*value);
}

// A key of a file, or what is wrong with it and where.
jwt::Key key_of(const json::object& jwk, const std::filesystem::path& file, std::string_view remedy) {
  Expected<jwt::Key> key = jwt::Key::from_jwk(jwk);
  if (key) return std::move(*key);
  throw Error(key.error().code(), file.string() + ": " + key.error().message() + std::string(remedy));
}

json::value parse_keys(const Secret& text, const std::filesystem::path& file, std::string_view remedy) {
  boost::system::error_code failure;
  json::value value = json::parse(text.reveal(), failure);
  if (failure) {
    throw Error("invalid_key", file.string() + " is not JSON: " + failure.message() + std::string(remedy));
  }
  return value;
}

bool signs(const json::object& jwk) {
  const json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr || !operations->is_array()) return false;
  return std::ranges::any_of(operations->get_array(), [](const json::value& operation) {
    return operation.is_string() && operation.get_string() == "sign";
  });
}

// The file of `signing_keys_path`: an array of private keys. The one that says it signs does; a lone key need not say.
jwt::Key read_signing_keys(const Project& project, const std::string& path, jwt::KeySet& accepted) {
  const auto file = project.supabase_folder() / path;
  if (!std::filesystem::exists(file))
    throw Error("invalid_config", "auth.signing_keys_path names " + file.string() + ", which does not exist");
  Expected<std::string> content = read_project_file(file, settings_limit_bytes);
  if (!content) throw Error("invalid_config", "auth.signing_keys_path: " + content.error().message());
  const Secret text(std::move(*content));
  const json::value keys = parse_keys(text, file, remedy_of_configured);
  if (!keys.is_array() || keys.get_array().empty())
    throw Error("invalid_key", file.string() + " must hold a list of keys");
  std::optional<jwt::Key> signing;
  for (const json::value& entry : keys.get_array()) {
    if (!entry.is_object()) throw Error("invalid_key", file.string() + " must hold a list of keys");
    jwt::Key key = key_of(entry.get_object(), file, remedy_of_configured);
    accepted.add(key);
    if (!signing && key.can_sign() && (signs(entry.get_object()) || keys.get_array().size() == 1)) signing = key;
  }
  if (!signing) throw Error("invalid_key", file.string() + " has no private key with key_ops \"sign\"");
  return *signing;
}

jwt::Key kept_signing_key(const Project& project) {
  const auto file = project.state_folder() / "signing_key.json";
  if (const auto kept = read_private_file(file)) {
    const json::value value = parse_keys(*kept, file, remedy_of_kept);
    if (!value.is_object())
      throw Error("invalid_key", file.string() + " must hold one key" + std::string(remedy_of_kept));
    jwt::Key key = key_of(value.get_object(), file, remedy_of_kept);
    if (!key.can_sign())
      throw Error("invalid_key", file.string() + " holds no private key" + std::string(remedy_of_kept));
    return key;
  }
  jwt::Key made = jwt::Key::generate_es256(Uuid::random().to_string());
  write_private_file(file, made.private_jwk().reveal());
  return made;
}

std::string role_token(const jwt::Key& secret, std::string_view role) {
  std::string claims = R"({"iss":"supabase-demo","role":")";
  claims.append(role).append(R"(","exp":1983812996})");
  return required(secret.sign(claims));
}

// A key of the one kind in the place of the other would give everybody the service's rights, or the service nobody's.
void require_kinds(const ClientKeys& keys) {
  using client_detail::KeyRole;
  constexpr std::string_view file = " in supabase/config.toml";
  const auto setting = [&](std::string_view name) { return std::string("auth.").append(name).append(file); };
  client_detail::require_key(KeyRole::anon, Secret(keys.anon_key), setting("anon_key"));
  client_detail::require_key(KeyRole::anon, Secret(keys.publishable_key), setting("publishable_key"));
  client_detail::require_key(KeyRole::service_role, Secret(keys.service_role_key), setting("service_role_key"));
  client_detail::require_key(KeyRole::service_role, Secret(keys.secret_key), setting("secret_key"));
  client_detail::require_no_key(keys.jwt_secret, setting("jwt_secret"));
  const std::array named{std::pair<std::string_view, std::string_view>("anon_key", keys.anon_key),
                         std::pair<std::string_view, std::string_view>("publishable_key", keys.publishable_key),
                         std::pair<std::string_view, std::string_view>("service_role_key", keys.service_role_key),
                         std::pair<std::string_view, std::string_view>("secret_key", keys.secret_key),
                         std::pair<std::string_view, std::string_view>("jwt_secret", keys.jwt_secret.reveal())};
  for (std::size_t i = 0; i < named.size(); ++i) {
    const auto& [name, key] = named.at(i);
    if (key.empty()) throw Error("invalid_setting", setting(name) + " is empty: leave it out for the usual one.");
    for (std::size_t j = i + 1; j < named.size(); ++j) {
      if (named.at(j).second == key)
        throw Error("invalid_setting",
                    setting(name) + " and auth." + std::string(named.at(j).first) + " are the same.");
    }
  }
}

}  // namespace

ClientKeys client_keys(const AuthConfig& config) {
  const Secret secret = config.jwt_secret.empty() ? Secret(std::string(development_jwt_secret)) : config.jwt_secret;
  const jwt::Key symmetric = required(jwt::Key::from_secret(secret));
  ClientKeys keys{
      .jwt_secret = secret,
      .anon_key = config.anon_key ? *config.anon_key : role_token(symmetric, "anon"),
      .service_role_key = config.service_role_key ? *config.service_role_key : role_token(symmetric, "service_role"),
      .publishable_key = config.publishable_key.value_or(std::string(default_publishable_key)),
      .secret_key = config.secret_key.value_or(std::string(default_secret_key))};
  require_kinds(keys);
  return keys;
}

ProjectKeys load_keys(const Project& project, const AuthConfig& config) {
  ClientKeys client = client_keys(config);
  const jwt::Key symmetric = required(jwt::Key::from_secret(client.jwt_secret));
  auto accepted = std::make_shared<jwt::KeySet>();
  jwt::Key signing = symmetric;
  if (config.signing == Signing::es256) {
    if (config.signing_keys_path.empty()) {
      signing = kept_signing_key(project);
      accepted->add(signing);
    } else {
      signing = read_signing_keys(project, config.signing_keys_path, *accepted);
    }
  }
  accepted->add(symmetric);
  return {std::move(client), std::move(signing), std::move(accepted)};
}

}  // namespace bailey::stack
