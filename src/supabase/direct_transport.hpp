#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/query/executor.hpp>
#include <bailey/supabase/token_verifier.hpp>

#include "supabase/transport.hpp"

#include <string>
#include <string_view>

namespace bailey::client_detail {

struct DirectTransportOptions {
  Secret anon_key;  // their claims are those the roles run with, as they would be over HTTP
  Secret service_role_key;
};

// Compiles the query and runs it on PostgreSQL under the identity's role and claims. What reaches the database as
// claims is either ours (the two roles), or from an identity that says it is verified, or verified here first. A key of
// ours given as a token stands for its role. Which tokens are taken, and the words for the others, are the REST
// server's, so this verifier is its own: more lenient than the one a guard uses.
class DirectTransport final : public Transport {
 public:
  DirectTransport(query::Executor executor, TokenVerifierOptions tokens, DirectTransportOptions options);
  [[nodiscard]] Task<query::ApiResponse> send(query::ApiRequest request, Identity identity) const override;

 private:
  [[nodiscard]] Task<query::ApiResponse> run(query::ApiRequest request, const Identity& identity) const;
  [[nodiscard]] Task<query::ApiResponse> verify_and_run(query::ApiRequest request, Identity identity) const;
  [[nodiscard]] query::ApiResponse refusal(const Error& error, std::string_view token) const;

  query::Executor executor_;
  TokenVerifier verifier_;
  DirectTransportOptions options_;
  std::string anon_claims_;
  std::string service_role_claims_;
};

}  // namespace bailey::client_detail
