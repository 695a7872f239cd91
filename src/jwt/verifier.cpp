// The decision, in an order that gives a stranger the least: sizes and form first, then the header, the key it may
// choose among those we trust, the signature; only then is the payload decoded. RFC 7519 section 7.2, RFC 8725.
#include <bailey/jwt/verifier.hpp>

#include "jwt/compact.hpp"

#include <algorithm>
#include <array>

namespace bailey::jwt {
namespace {

constexpr std::size_t signature_limit_bytes = 1024;  // RSA of 8192 bits

}  // namespace

Verifier::Verifier(std::shared_ptr<const KeySet> keys, VerifierOptions options)
    : keys_(std::move(keys)), options_(std::move(options)) {}

std::expected<Claims, Rejection> Verifier::verify(std::string_view token, UnixSeconds now) const {
  const auto header = read_header(token, options_.token_limit_bytes);
  if (!header) return std::unexpected(header.error());
  const auto parts = detail::split_compact(token, options_.token_limit_bytes);

  const Key* key = keys_->find(header->kid, header->algorithm);
  if (key == nullptr) {
    const bool other_algorithm = !header->kid.empty() && keys_->knows(header->kid);
    return std::unexpected(other_algorithm ? Rejection::algorithm : Rejection::unknown_key);
  }

  std::array<char, signature_limit_bytes> signature;
  const auto signature_size = detail::decode_base64url(parts->signature, signature);
  if (!signature_size) return std::unexpected(Rejection::malformed);
  if (!key->accepts(parts->signed_part, std::string_view(signature.data(), *signature_size))) {
    return std::unexpected(Rejection::signature);
  }

  std::string json(detail::decoded_size(parts->payload.size()), '\0');
  if (!detail::decode_base64url(parts->payload, json)) return std::unexpected(Rejection::malformed);
  auto claims = parse_claims(std::move(json));
  if (!claims) return claims;
  if (const auto checked = check_claims(*claims, now); !checked) return std::unexpected(checked.error());
  return claims;
}

std::expected<void, Rejection> Verifier::check_times(const Claims& claims, UnixSeconds now) const {
  if (claims.expires_at) {
    if (now >= *claims.expires_at + options_.leeway) return std::unexpected(Rejection::expired);
  } else if (options_.require_expiry) {
    return std::unexpected(Rejection::missing_expiry);
  }
  if (claims.not_before && now < *claims.not_before - options_.leeway) {
    return std::unexpected(Rejection::not_yet_valid);
  }
  return {};
}

std::expected<void, Rejection> Verifier::check_claims(const Claims& claims, UnixSeconds now) const {
  if (auto times = check_times(claims, now); !times) return times;
  if (!options_.issuers.empty() && std::ranges::find(options_.issuers, claims.issuer) == options_.issuers.end()) {
    return std::unexpected(Rejection::issuer);
  }
  const auto is_ours = [this](const std::string& audience) {
    return std::ranges::find(options_.audiences, audience) != options_.audiences.end();
  };
  if (!options_.audiences.empty() && std::ranges::none_of(claims.audience, is_ours)) {
    return std::unexpected(Rejection::audience);
  }
  return {};
}

}  // namespace bailey::jwt
