#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/http/web_socket.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bailey::http {

// What a client asks for in the handshake of a WebSocket (RFC 6455 section 4.2.1), copied out of the request.
struct WebSocketHandshake {
  std::string host, key, extensions;   // extensions that we cannot do are left out
  std::vector<std::string> protocols;  // as offered, best first
};

// What was asked for, and who asks, as the client sees it. A proxy in front may have changed what the message says.
struct WebSocketAsked {
  std::string scheme;  // "http" or "https"
  std::string host;
  std::string client_address;
};
[[nodiscard]] WebSocketAsked asked_on_connection(const Request& request);
[[nodiscard]] bool is_allowed_origin(const Request& request, const std::vector<std::string>& origins,
                                     const WebSocketAsked& asked);
// The public one of this name, for who knows more of the request than its connection says.
[[nodiscard]] Task<Response> serve_web_socket(Request& request, WebSocketOptions options, WebSocketTalk talk,
                                              WebSocketAsked asked);

// 426 for a request that asks for no WebSocket, or for another version than 13.
[[nodiscard]] std::optional<Response> require_web_socket(const Request& request);
// Throws Error "bad_request" (400), which says what is wrong.
[[nodiscard]] WebSocketHandshake read_web_socket_handshake(const Request& request);

}  // namespace bailey::http
