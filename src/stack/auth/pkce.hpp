#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack::auth {

// Proof key for code exchange (RFC 7636): who begins a flow sends a challenge, who ends it must have its verifier.
enum class ChallengeMethod : std::uint8_t { s256, plain };

struct CodeChallenge {
  std::string challenge;
  ChallengeMethod method = ChallengeMethod::s256;

  // Compares in constant time.
  [[nodiscard]] bool is_of(std::string_view verifier) const;
};

// What a request has for `code_challenge` and `code_challenge_method`, "" for none. nullopt: neither, the flow is
// implicit. Throws AuthError 400 `validation_failed` with GoTrue's sentence for half of it and for a malformed one.
[[nodiscard]] std::optional<CodeChallenge> read_code_challenge(std::string_view challenge, std::string_view method);

// As the database has it.
[[nodiscard]] std::string_view to_text(ChallengeMethod method);
[[nodiscard]] std::optional<ChallengeMethod> challenge_method_of(std::string_view text);  // "s256", "PLAIN" …

}  // namespace bailey::stack::auth
