#pragma once

#include <bailey/web/middleware.hpp>

#include <string>
#include <vector>

namespace bailey {

// Answers 400 "Invalid host header" to requests for a host that is none of these, whatever the port and the case of
// letters. A client may send any Host: without this, what is made of it (Request::base_url, a link in a mail) leads
// where the client wants.
//
//   app.use(trusted_hosts({"example.com", "*.example.com"}));
//
// "*.example.com" are all hosts below it, at any depth, and not itself; "[::1]" is an IPv6 address. The health check is
// answered for any host, as load balancers ask by address. Behind proxy_headers, which is to be used before it, the
// host that the proxy says counts. A TestClient asks for "localhost".
//
// Throws Error "invalid_trusted_host" for what no Host can be: a URL, a port, a star elsewhere; and for an empty list.
[[nodiscard]] Middleware trusted_hosts(std::vector<std::string> hosts);

}  // namespace bailey
