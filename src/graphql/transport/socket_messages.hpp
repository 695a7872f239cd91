// The messages of the two protocols that GraphQL has over WebSockets: what a text says, and the texts that are sent.
// Results are put in as they are, never read again.
#pragma once

#include <bailey/model/json.hpp>
#include <graphql/engine/operation_request.hpp>
#include <graphql/response_error.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

enum class SocketProtocol : std::uint8_t {
  transport_ws,  // graphql-transport-ws, of npm's graphql-ws
  legacy_ws,     // graphql-ws, of subscriptions-transport-ws, which nobody keeps any more
};
// The sub-protocol's name.
[[nodiscard]] std::string_view to_string(SocketProtocol protocol) noexcept;

// Codes that a WebSocket is closed with.
enum class SocketClose : std::uint16_t {
  normal = 1000,
  bad_message = 4400,
  unauthorized = 4401,  // an operation before the connection was acknowledged
  not_acceptable = 4406,
  init_timeout = 4408,
  already_active = 4409,
  too_many_inits = 4429,
};

struct SocketMessage {
  // Nothing: the legacy protocol passes over what it does not know.
  enum class Kind : std::uint8_t { init, subscribe, complete, ping, pong, terminate, nothing };
  Kind kind = Kind::init;
  std::string id{};              // of subscribe and complete
  OperationRequest operation{};  // of subscribe
  std::string payload{};         // of init, ping and pong: JSON; empty: none
  bool has_token = false;        // of init: see token_in_init
};

// Of a text; the error is a sentence for the reason that the WebSocket is closed with.
[[nodiscard]] std::expected<SocketMessage, std::string> read_socket_message(SocketProtocol protocol,
                                                                            std::string_view text);

[[nodiscard]] std::string connection_ack();
[[nodiscard]] std::string pong(std::string_view payload);
[[nodiscard]] std::string next(SocketProtocol protocol, std::string_view id, std::string_view result);
[[nodiscard]] std::string complete(std::string_view id);
// Ends an operation; the legacy protocol has room for one error.
[[nodiscard]] std::string error(SocketProtocol protocol, std::string_view id, const std::vector<ResponseError>& errors);

// The bearer token that the payload of connection_init brings, as clients send it: a member `Authorization` in any
// case, "Bearer …", or `access_token`. Empty: it brings none.
[[nodiscard]] std::string token_in_init(std::string_view message);

}  // namespace bailey::graphql
