#include <bailey/jwt/key_set.hpp>

#include "jwt/json_members.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace bailey::jwt {
namespace {

namespace json = boost::json;

constexpr std::size_t document_limit_bytes = std::size_t{256} * 1024;
constexpr std::size_t key_limit = 64;

std::unexpected<Error> invalid(std::string message) {
  return std::unexpected(Error("invalid_key_set", std::move(message), 502));
}

}  // namespace

Expected<KeySet> KeySet::parse(std::string_view jwks_json) {
  if (jwks_json.size() > document_limit_bytes) return invalid("The key set is too large");
  if (!detail::is_strict_object(jwks_json)) return invalid("The key set is not a JSON object");
  boost::system::error_code error;
  const json::value document = json::parse({jwks_json.data(), jwks_json.size()}, error);
  const json::value* keys = error ? nullptr : document.as_object().if_contains("keys");
  if (keys == nullptr || !keys->is_array()) return invalid("The key set has no array of keys");
  if (keys->get_array().size() > key_limit) return invalid("The key set has more than 64 keys");

  KeySet set;
  for (const json::value& entry : keys->get_array()) {
    if (!entry.is_object()) continue;
    auto key = Key::from_jwk(entry.get_object());
    if (key && key->algorithm() != Algorithm::hs256) set.add(std::move(*key));
  }
  return set;
}

void KeySet::add(Key key) { keys_.push_back(std::move(key)); }

const Key* KeySet::find(std::string_view kid, Algorithm algorithm) const noexcept {
  const Key* only = nullptr;      // the only key of this algorithm
  const Key* nameless = nullptr;  // an HMAC secret without a kid
  std::size_t count = 0;
  for (const Key& key : keys_) {
    if (key.algorithm() != algorithm) continue;
    if (!kid.empty() && key.kid() == kid) return &key;
    if (algorithm == Algorithm::hs256 && key.kid().empty()) nameless = &key;
    only = &key;
    ++count;
  }
  if (kid.empty()) return count == 1 ? only : nullptr;
  return knows(kid) ? nullptr : nameless;
}

bool KeySet::knows(std::string_view kid) const noexcept {
  for (const Key& key : keys_) {
    if (key.kid() == kid) return true;
  }
  return false;
}

std::string KeySet::to_json() const {
  json::array keys;
  for (const Key& key : keys_) {
    if (key.algorithm() != Algorithm::hs256) keys.push_back(key.public_jwk());
  }
  json::object document;
  document["keys"] = std::move(keys);
  return json::serialize(document);
}

}  // namespace bailey::jwt
