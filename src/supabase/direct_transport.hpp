#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/query/executor.hpp>
#include <bailey/supabase/token_verifier.hpp>

#include "supabase/transport.hpp"

#include <expected>
#include <optional>
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
  DirectTransport(pg::Database database, query::ExecutorOptions executor, TokenVerifierOptions tokens,
                  DirectTransportOptions options);
  [[nodiscard]] Task<query::ApiResponse> send(query::ApiRequest request, Identity identity,
                                              const RequestTrace& trace) const override;
  [[nodiscard]] pg::ScopedDatabase database(const Identity& identity) const override;
  [[nodiscard]] std::optional<pg::Stats> database_stats() const override { return database_.stats(); }

 private:
  // Who acts for whom, and what it is called in SQL, of an identity that nobody has to verify any more.
  [[nodiscard]] std::expected<pg::RlsScope, query::RestError> scope_of(const Identity& identity) const;
  // Of a token: one that is a key of ours stands for its role; else the verdict, if it can be had now.
  [[nodiscard]] std::optional<Expected<Identity>> identify(const Identity& identity) const;
  [[nodiscard]] Task<query::ApiResponse> run(query::ApiRequest request, const Identity& identity) const;
  [[nodiscard]] Task<query::ApiResponse> verify_and_run(query::ApiRequest request, Identity identity) const;
  [[nodiscard]] query::RestError refusal(const Error& error, std::string_view token) const;

  pg::Database database_;
  query::Executor executor_;
  TokenVerifier verifier_;
  DirectTransportOptions options_;
  std::string anon_claims_;
  std::string service_role_claims_;
};

}  // namespace bailey::client_detail
