#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/base/error.hpp>
#include <bailey/base/secret.hpp>
#include <bailey/http/client.hpp>
#include <bailey/jwt/rejection.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/supabase/identity.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {

// Which tokens a TokenVerifier takes, and how it gets the keys.
struct TokenVerifierOptions {
  std::string url{};                     // SUPABASE_URL; "": no provider, only the keys given here
  Secret api_key{};                      // sent as `apikey` to the provider: the anon key
  Secret jwt_secret{};                   // HS256, at least 32 bytes; empty: HS256 tokens are checked by the provider
  std::string jwks_json{};               // keys known beforehand, beside those of the provider
  std::vector<std::string> issuers{};    // empty: any
  std::vector<std::string> audiences{};  // empty: any
  std::chrono::seconds leeway{0};
  bool require_subject = true;  // refuse tokens of nobody: the anon and service keys are such tokens
  bool require_expiry = true;   // refuse tokens that never expire
  std::size_t token_limit_bytes = jwt::default_token_limit_bytes;

  std::chrono::seconds key_refresh_floor{30};   // never two fetches of the key set within this time, all loops together
  std::chrono::seconds key_max_age{600};        // then the key set is fetched anew, in the background
  std::chrono::seconds key_stale_limit{86400};  // how long keys are trusted while the provider cannot be reached
  std::chrono::milliseconds provider_timeout{5000};
  std::size_t waiter_limit = 4096;       // calls that may wait at once, for the key set or the provider; further: 503
  std::size_t provider_call_limit = 32;  // tokens the provider is asked about at once, of one loop; others wait in line

  std::size_t cache_entries = 4096;                        // verified tokens kept, of one loop; 0: none
  std::size_t cache_bytes = std::size_t{8} * 1024 * 1024;  // and their size
  std::chrono::seconds remote_cache{0};  // how long the provider's yes is believed; 0: asked every time

  http::Client client{};
  const Clock* clock = &system_clock();  // outlives the verifier
};

// Turns bearer tokens into verified identities. Tokens whose key is known here (the secret, or the provider's published
// key set) are checked here. The provider is asked about HS256 tokens when the secret is not given, and about every
// token given to `verify_remotely`.
//
// The key set is fetched from `<url>/auth/v1/.well-known/jwks.json` when it is first needed, and again when it is older
// than key_max_age or a token names an unknown key: one fetch at a time for all loops, and never two within
// key_refresh_floor. When a fetch fails, the old keys are used for key_stale_limit.
//
// A handle: copies share the keys and are cheap; each loop has its own token cache. Call it on a loop. Errors:
// invalid_token (401), expired_token (401), provider_unavailable (503: nothing is known about the token).
class TokenVerifier {
 public:
  // Throws Error "invalid_key" or "invalid_key_set" when the secret or the given key set cannot be used, and
  // "invalid_setting" when the secret is an API key or a token: everyone who holds that could sign tokens.
  explicit TokenVerifier(TokenVerifierOptions options);

  // The same keys and caches, for tokens of nobody, too, whatever TokenVerifierOptions::require_subject says: the
  // service key is such a token. Who calls it looks at Identity::role and at Identity::user_id.
  [[nodiscard]] TokenVerifier without_subject() const;

  // Verifies without I/O: the token is cached (then nothing is allocated), its key is known, or its form is invalid.
  // nullopt when that does not decide: await `verify` then.
  [[nodiscard]] std::optional<Expected<Identity>> verify_now(std::string_view token) const;

  // Verifies the token, here or by asking the provider, and fetches keys if it must.
  [[nodiscard]] Task<Expected<Identity>> verify(std::string token) const;

  // Asks the provider (`GET /auth/v1/user`), which refuses the tokens of ended sessions and deleted users.
  [[nodiscard]] Task<Expected<Identity>> verify_remotely(std::string token) const;

  // Why a token is refused, for logs and messages of your own. It checks by the present keys and asks nobody: a token
  // that only the provider refuses gives `unknown_key`.
  [[nodiscard]] jwt::Rejection reason_against(std::string_view token) const;

  // Sums over all loops since it was made.
  struct Stats {
    std::uint64_t key_fetches = 0;
    std::uint64_t key_fetch_failures = 0;
    std::uint64_t cache_hits = 0;    // looks for a token among the verified ones that found it
    std::uint64_t cache_misses = 0;  // and those that did not: new, expired or invalid tokens, some looked for twice
  };
  [[nodiscard]] Stats stats() const noexcept;

 private:
  class Core;
  TokenVerifier(std::shared_ptr<Core> core, bool requires_subject) noexcept
      : core_(std::move(core)), requires_subject_(requires_subject) {}

  std::shared_ptr<Core> core_;  // shared with the loops' caches and with a fetch that is under way
  bool requires_subject_;
};

}  // namespace bailey
