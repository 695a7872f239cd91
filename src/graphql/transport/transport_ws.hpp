// The messages of graphql-transport-ws (the protocol of npm's graphql-ws): what a text says, and the texts that are
// sent. Results are put in as they are, never read again.
#pragma once

#include <bailey/model/json.hpp>
#include <graphql/response_error.hpp>
#include <graphql/transport/operation_request.hpp>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

inline constexpr std::string_view transport_ws_protocol = "graphql-transport-ws";

// Codes that a WebSocket is closed with.
enum class SocketClose : std::uint16_t {
  bad_message = 4400,
  unauthorized = 4401,  // an operation before the connection was acknowledged
  not_acceptable = 4406,
  init_timeout = 4408,
  already_active = 4409,
  too_many_inits = 4429,
};

struct SocketMessage {
  enum class Kind : std::uint8_t { init, subscribe, complete, ping, pong };
  Kind kind = Kind::init;
  std::string id{};              // of subscribe and complete
  OperationRequest operation{};  // of subscribe
  std::string payload{};         // of init, ping and pong: JSON; empty: none
};

// Of a text; the error is a sentence for the reason that the WebSocket is closed with.
[[nodiscard]] std::expected<SocketMessage, std::string> read_socket_message(std::string_view text);

[[nodiscard]] std::string connection_ack();
[[nodiscard]] std::string pong(std::string_view payload);
[[nodiscard]] std::string next(std::string_view id, std::string_view result);
[[nodiscard]] std::string complete(std::string_view id);
[[nodiscard]] std::string error(std::string_view id, const std::vector<ResponseError>& errors);

// The bearer token that the payload of connection_init brings, as clients send it: a member `Authorization` in any
// case, "Bearer …", or `access_token`. Empty: it brings none.
[[nodiscard]] std::string token_in_init(std::string_view message);

}  // namespace bailey::graphql
