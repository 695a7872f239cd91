// Reading claims: strict about the types of those we know, since a claim of a surprising type is how one service is
// made to see another value than the next. Claims we do not know stay in `json` untouched.
#include <bailey/jwt/claims.hpp>

#include "jwt/compact.hpp"
#include "jwt/json_members.hpp"

#include <cmath>

namespace bailey::jwt {
namespace {

using detail::MemberView;
using Kind = MemberView::Kind;

constexpr std::int64_t last_second = 253402300799;  // the end of the year 9999

class ClaimsSink final : public detail::MemberSink {
 public:
  explicit ClaimsSink(Claims& claims) : claims_(claims) {}

  bool member(std::string_view name, const MemberView& value) override {
    if (name == "sub") return text(value, claims_.subject);
    if (name == "role") return text(value, claims_.role);
    if (name == "email") return text(value, claims_.email);
    if (name == "iss") return text(value, claims_.issuer);
    if (name == "session_id") return text(value, claims_.session_id);
    if (name == "exp") return date(value, claims_.expires_at, Rounding::down);
    if (name == "nbf") return date(value, claims_.not_before, Rounding::up);
    if (name == "iat") return date(value, claims_.issued_at, Rounding::down);
    if (name == "is_anonymous") {
      claims_.is_anonymous = value.boolean;
      return value.kind == Kind::boolean || value.kind == Kind::null;
    }
    if (name != "aud" || value.kind == Kind::array || value.kind == Kind::null) return true;
    return element(name, value);
  }

  bool element(std::string_view name, const MemberView& value) override {
    if (name != "aud") return true;
    if (value.kind != Kind::string) return false;
    claims_.audience.emplace_back(value.string);
    return true;
  }

 private:
  enum class Rounding { down, up };

  // Null is the same as absent: custom claims hooks write it.
  static bool text(const MemberView& value, std::string& out) {
    if (value.kind == Kind::null) return true;
    out = value.string;
    return value.kind == Kind::string;
  }

  // NumericDate (RFC 7519 section 2) may have a fraction. Dates must be told from their absence, so null is refused.
  static bool date(const MemberView& value, std::optional<UnixSeconds>& out, Rounding rounding) {
    std::int64_t seconds = value.integer;
    if (value.kind == Kind::real) {
      if (!std::isfinite(value.real) || value.real < 0 || value.real > static_cast<double>(last_second)) return false;
      seconds = static_cast<std::int64_t>(rounding == Rounding::up ? std::ceil(value.real) : std::floor(value.real));
    } else if (value.kind != Kind::integer) {
      return false;
    }
    if (seconds < 0 || seconds > last_second) return false;
    out = UnixSeconds(std::chrono::seconds(seconds));
    return true;
  }

  Claims& claims_;
};

}  // namespace

std::expected<Claims, Rejection> parse_claims(std::string json) {
  Claims claims;
  ClaimsSink sink(claims);
  if (!detail::read_members(json, sink)) return std::unexpected(Rejection::claims);
  claims.json = std::move(json);
  return claims;
}

std::expected<Claims, Rejection> read_unverified(std::string_view token, std::size_t token_limit_bytes) {
  const auto parts = detail::split_compact(token, token_limit_bytes);
  if (!parts) return std::unexpected(parts.error());
  std::string json(detail::decoded_size(parts->payload.size()), '\0');
  if (!detail::decode_base64url(parts->payload, json)) return std::unexpected(Rejection::malformed);
  return parse_claims(std::move(json));
}

}  // namespace bailey::jwt
