#pragma once

#include <bailey/web/middleware.hpp>

#include <string>
#include <vector>

namespace bailey {

// Whom to believe what they say of a request that is not theirs. A proxy hands on what it does not know, so a header
// that it does not write itself is the client's: say here which of them yours writes.
struct ProxyHeadersOptions {
  enum class Syntax {
    x_forwarded,  // X-Forwarded-For and X-Forwarded-Proto: nginx, Caddy, Traefik, HAProxy, the clouds' balancers
    forwarded,    // RFC 7239: Forwarded: for=192.0.2.7;proto=https;host=example.com
  };

  // The proxies: addresses and networks, "10.0.0.0/8", "2001:db8::7". Who connects from elsewhere is the client,
  // whatever it sends.
  std::vector<std::string> trusted = {"127.0.0.1", "::1"};
  Syntax syntax = Syntax::x_forwarded;
  bool host = false;    // X-Forwarded-Host counts, too; in Forwarded the host always does
  bool prefix = false;  // X-Forwarded-Prefix counts: the root path, which the proxy has taken off the path
};

// Makes Request::client_address, scheme, host and root_path what a proxy in front says, and so the access log, rate
// limits, redirects to https, URLs and the API's document. Use it first, but for the access log.
//
//   app.use(proxy_headers({.trusted = {"10.0.0.0/8"}}));
//
// The addresses in the header are read from the right, where the nearest proxy has written: the first that is not
// trusted is the client's, what stands left of it may be anybody's. When all are trusted it is the leftmost; an address
// that is none
// ("unknown", a name) ends the reading, and the proxy that wrote it counts. Where other headers are lists, the entry
// that the same proxy wrote counts. What a trusted proxy sends and cannot be read otherwise is 400.
//
// `request.http().remote_address()` stays the connection's. Throws Error "invalid_proxy" for what is no address or
// network.
[[nodiscard]] Middleware proxy_headers(ProxyHeadersOptions options);

}  // namespace bailey
