#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bailey::http {

// What a client asks for in the handshake of a WebSocket (RFC 6455 section 4.2.1), copied out of the request.
struct WebSocketHandshake {
  std::string host, key, extensions;
  std::vector<std::string> protocols;  // as offered, best first
};

// 426 for a request that asks for no WebSocket, or for another version than 13.
[[nodiscard]] std::optional<Response> require_web_socket(const Request& request);
// Throws Error "bad_request" (400), which says what is wrong.
[[nodiscard]] WebSocketHandshake read_web_socket_handshake(const Request& request);

}  // namespace bailey::http
