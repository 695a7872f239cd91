#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/http/client.hpp>

#include "supabase/retry_policy.hpp"
#include "supabase/transport.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace bailey::client_detail {

struct HttpTransportOptions {
  std::string rest_url;  // "https://host/rest/v1"
  Secret anon_key;
  Secret service_role_key;
  std::chrono::milliseconds timeout{30'000};
  std::size_t response_limit_bytes = 0;
  RetryPolicy retry;
};

// Prints the query as a request to PostgREST. The token travels as it is: the server checks it.
class HttpTransport final : public Transport {
 public:
  HttpTransport(http::Client client, HttpTransportOptions options);
  [[nodiscard]] Task<query::ApiResponse> send(query::ApiRequest request, Identity identity,
                                              const RequestTrace& trace) const override;
  [[nodiscard]] pg::ScopedDatabase database(const Identity& identity) const override;

 private:
  // The request but for its retry count; throws PostgrestError when the identity cannot be sent.
  [[nodiscard]] http::ClientRequest request_for(const query::ApiRequest& request, const Identity& identity) const;

  http::Client client_;
  HttpTransportOptions options_;
};

}  // namespace bailey::client_detail
