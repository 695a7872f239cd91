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

// Turns bearer tokens into verified identities. Tokens of a key we have (the secret, the provider's published key set)
// are checked here; HS256 tokens without the secret, and whatever `verify_remotely` is asked for, by the provider.
//
// Key set: fetched at first need from `<url>/auth/v1/.well-known/jwks.json`, again when old or when a token names an
// unknown key, one fetch at a time for all loops and never two within the floor. When it cannot be fetched the old keys
// stay.
//
// A shareable handle: copies share keys, each loop has its own token cache. Every call is made on a loop's thread.
// Errors: invalid_token (401), expired_token (401), provider_unavailable (503: nothing is known about the token).
class TokenVerifier {
 public:
  // Throws Error "invalid_key" or "invalid_key_set" when the secret or the given key set cannot be used, and
  // "invalid_setting" when the secret is an API key or a token: everyone who holds that could sign tokens.
  explicit TokenVerifier(TokenVerifierOptions options);

  // The verdict if it needs no I/O: the token is cached (then nothing is allocated), its key is known, or its form is
  // invalid. nullopt when `verify` must be awaited.
  [[nodiscard]] std::optional<Expected<Identity>> verify_now(std::string_view token) const;

  [[nodiscard]] Task<Expected<Identity>> verify(std::string token) const;

  // Asks the provider (`GET /auth/v1/user`), which refuses the tokens of ended sessions and deleted users.
  [[nodiscard]] Task<Expected<Identity>> verify_remotely(std::string token) const;

  // Why a token was refused, for logs and own messages. A token that the provider refused gives `unknown_key`.
  [[nodiscard]] jwt::Rejection reason_against(std::string_view token) const;

  // Counted over all loops since the start.
  struct Stats {
    std::uint64_t key_fetches = 0;
    std::uint64_t key_fetch_failures = 0;
  };
  [[nodiscard]] Stats stats() const noexcept;

 private:
  class Core;
  std::shared_ptr<Core> core_;  // shared with the loops' caches and with a fetch that is under way
};

}  // namespace bailey
