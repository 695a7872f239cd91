#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "stack/auth/pkce.hpp"

namespace bailey::stack::auth {

// A sign-in that goes by way of elsewhere, a mailbox or an identity provider: a row of auth.flow_state from its
// beginning to the exchange of its code. The id is the `state` an identity provider is given; the code is what the
// browser brings back, worth nothing without the verifier.
struct Flow {
  Uuid id = Uuid::random();
  std::string provider_type;                 // "email", "google" …
  std::string authentication_method;         // as `amr` has it: "oauth", "email/signup", "magiclink" …
  std::optional<CodeChallenge> challenge{};  // nullopt: implicit
  std::optional<Uuid> user{};                // whose it is, where that is known
  std::string invite_token{}, referrer{};    // "" for none
  std::optional<Uuid> oauth_client_state{}, linking_target{};
  bool email_optional = false;
};

// What begins a flow. A flow with a challenge gets its code here.
[[nodiscard]] pg::Statement insert_flow(const Flow& flow);

// The code of the latest flow of this user and method, which has just been proved by a link. Throws AuthError 400
// `flow_state_not_found`.
[[nodiscard]] Task<std::string> issue_auth_code(pg::Transaction& transaction, Uuid user,
                                                std::string authentication_method);

// The flow an identity provider's answer belongs to, locked until the transaction ends. `state` is a stranger's text.
// Throws AuthError 400 `bad_oauth_state` (none, expired) and `flow_state_already_used`.
[[nodiscard]] Task<Flow> lock_flow(pg::Transaction& transaction, std::string state, std::chrono::seconds lifetime);

// What the provider's answer ends with: the tokens are kept for the exchange, and the flow is the user's. Returns its
// code; "" for an implicit flow, whose row is deleted.
struct ProviderTokens {
  std::string access_token, refresh_token;
};
[[nodiscard]] Task<std::string> complete_flow(pg::Transaction& transaction, Flow flow, Uuid user,
                                              ProviderTokens tokens);

// A flow whose code was exchanged.
struct ExchangedFlow {
  Uuid user;
  std::string provider_type, authentication_method;
  ProviderTokens provider_tokens;
};

// Takes a flow by its code: it is deleted, and so is good once, also for those who bring it at once. The user's lock is
// held. Throws AuthError as GoTrue answers: 404 `flow_state_not_found`, 422 `flow_state_expired`, 400
// `bad_code_verifier`; the flow is left as it is then.
[[nodiscard]] Task<ExchangedFlow> exchange_auth_code(pg::Transaction& transaction, std::string auth_code,
                                                     std::string verifier, std::chrono::seconds lifetime);

inline constexpr std::chrono::seconds flow_lifetime{300};  // GoTrue's, and the least it takes

}  // namespace bailey::stack::auth
