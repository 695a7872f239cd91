#pragma once

#include <bailey/web/request.hpp>

#include <string>
#include <string_view>

namespace bailey::stack {

// What the gateway makes of a request before it hands it to a service: left in its request's state, which the service
// finds by Request::outer. A client cannot send it.
struct Forwarded {
  std::string authorization;  // what the API key stands for, where no token was sent: see gateway::ApiKeys
  std::string query;          // without the API key
};

// The Authorization header and the query of a service's request: the gateway's, or, where the service is served by
// itself, those that were sent. Valid as long as the request.
[[nodiscard]] std::string_view authorization_of(const Request& request);
[[nodiscard]] std::string_view query_of(const Request& request);

}  // namespace bailey::stack
