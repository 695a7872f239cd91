#include <bailey/jwt/key.hpp>

#include <bailey/base/base64url.hpp>

#include "jwt/json_members.hpp"
#include "jwt/key_material.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace bailey::jwt {
namespace {

std::string header_json(Algorithm algorithm, std::string_view kid) {
  std::string header = R"({"alg":")";
  header += to_string(algorithm);
  header += R"(","typ":"JWT")";
  if (!kid.empty()) {
    header += R"(,"kid":)";
    header += boost::json::serialize(boost::json::string(kid));
  }
  return header += '}';
}

}  // namespace

Algorithm Key::algorithm() const noexcept { return material_->algorithm(); }
const std::string& Key::kid() const noexcept { return material_->kid(); }
bool Key::can_sign() const noexcept { return material_->can_sign(); }

bool Key::accepts(std::string_view signed_part, std::string_view signature) const noexcept {
  return material_->verify(signed_part, signature);
}

Expected<std::string> Key::sign(std::string_view claims_json) const {
  if (!detail::is_strict_object(claims_json)) {
    return std::unexpected(Error("invalid_claims", "Claims must be a JSON object that names no member twice"));
  }
  std::string token = base64url_encode(header_json(algorithm(), kid()));
  token += '.';
  token += base64url_encode(claims_json);
  const auto signature = material_->sign(token);
  if (!signature) return std::unexpected(Error("invalid_key", "This key has no private half to sign with"));
  token += '.';
  token += base64url_encode(*signature);
  return token;
}

}  // namespace bailey::jwt
