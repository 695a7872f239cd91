#include "stack/auth/pkce.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/base64url.hpp>
#include <bailey/base/secret.hpp>

#include <openssl/evp.h>
#include <algorithm>
#include <array>
#include <span>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

constexpr std::size_t challenge_least = 43, challenge_most = 128;  // RFC 7636 section 4.2

bool is_unreserved(char c) {
  return ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

AuthError invalid(std::string message) { return {400, "validation_failed", std::move(message)}; }

std::string s256(std::string_view verifier) {
  std::array<std::byte, 32> digest{};
  if (EVP_Digest(verifier.data(), verifier.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                 EVP_sha256(), nullptr) != 1) {
    throw Error("no_sha256", "OpenSSL has no SHA-256");
  }
  return base64url_encode(std::span<const std::byte>(digest));
}

}  // namespace

bool CodeChallenge::is_of(std::string_view verifier) const {
  return equal_in_constant_time(challenge, method == ChallengeMethod::s256 ? s256(verifier) : std::string(verifier));
}

std::optional<CodeChallenge> read_code_challenge(std::string_view challenge, std::string_view method) {
  if (challenge.empty() != method.empty()) {
    throw invalid("PKCE flow requires code_challenge_method and code_challenge");
  }
  if (challenge.empty()) return std::nullopt;
  if (challenge.size() < challenge_least || challenge.size() > challenge_most) {
    throw invalid("code challenge has to be between 43 and 128 characters");
  }
  if (!std::ranges::all_of(challenge, is_unreserved)) {
    throw invalid("code challenge can only contain alphanumeric characters, hyphens, periods, underscores and tildes");
  }
  const std::optional<ChallengeMethod> known = challenge_method_of(method);
  if (!known) throw invalid("Invalid code_challenge_method");
  return CodeChallenge{.challenge = std::string(challenge), .method = *known};
}

std::string_view to_text(ChallengeMethod method) { return method == ChallengeMethod::s256 ? "s256" : "plain"; }

std::optional<ChallengeMethod> challenge_method_of(std::string_view text) {
  for (const ChallengeMethod method : {ChallengeMethod::s256, ChallengeMethod::plain}) {
    if (ascii::equal_ignoring_case(text, to_text(method))) return method;
  }
  return std::nullopt;
}

}  // namespace bailey::stack::auth
