// The header of a token is a stranger's wish. We take from it the name of an algorithm and of a key, and refuse what
// would have us fetch or trust a key it brings along (jku, jwk, x5u, x5c) or promise what we do not do (crit, b64).
#include <bailey/jwt/verifier.hpp>

#include "jwt/compact.hpp"
#include "jwt/json_members.hpp"

#include <array>

namespace bailey::jwt {
namespace {

using detail::MemberView;
using Kind = MemberView::Kind;

constexpr std::size_t header_limit_bytes = 1024;

class HeaderSink final : public detail::MemberSink {
 public:
  std::optional<Algorithm> algorithm;
  std::string kid;
  std::optional<Rejection> refusal;

  bool member(std::string_view name, const MemberView& value) override {
    if (name == "alg") {
      if (value.kind != Kind::string) return false;
      algorithm = algorithm_named(value.string);
      return true;
    }
    if (name == "kid") {
      kid = value.string;
      return value.kind == Kind::string && value.string.size() <= kid_limit_bytes;
    }
    if (name == "typ") return value.kind == Kind::string;
    if (name == "crit" || (name == "b64" && !value.boolean)) refusal = Rejection::critical_header;
    if (name == "jku" || name == "jwk" || name == "x5u" || name == "x5c") refusal = Rejection::unsafe_header;
    return true;
  }

  bool element(std::string_view, const MemberView&) override { return true; }
};

}  // namespace

std::expected<TokenHeader, Rejection> read_header(std::string_view token, std::size_t token_limit_bytes) {
  const auto parts = detail::split_compact(token, token_limit_bytes);
  if (!parts) return std::unexpected(parts.error());
  std::array<char, header_limit_bytes> buffer;
  if (detail::decoded_size(parts->header.size()) > buffer.size()) return std::unexpected(Rejection::too_large);
  const auto size = detail::decode_base64url(parts->header, buffer);
  if (!size) return std::unexpected(Rejection::malformed);
  HeaderSink sink;
  if (!detail::read_members(std::string_view(buffer.data(), *size), sink)) return std::unexpected(Rejection::malformed);
  if (sink.refusal) return std::unexpected(*sink.refusal);
  if (!sink.algorithm) return std::unexpected(Rejection::algorithm);
  return TokenHeader{.algorithm = *sink.algorithm, .kid = std::move(sink.kid)};
}

}  // namespace bailey::jwt
