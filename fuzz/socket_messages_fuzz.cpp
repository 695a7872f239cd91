// A message of a stranger's over a WebSocket, in both of GraphQL's protocols. What is read is what it says it is, what
// is refused is refused in words, and what is sent for it is JSON that reads back as the same.
#include <graphql/transport/socket_messages.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace bailey;
using namespace bailey::graphql;
using Kind = SocketMessage::Kind;

constexpr std::size_t max_id_bytes = 256;

void require(bool holds) {
  if (!holds) std::abort();
}

// A message of ours is one of this type for its client.
void require_sent(std::string_view text, std::string_view type, std::string_view id) {
  const auto read = try_parse_json(text);
  require(read && read->is_object());
  const json::object& message = read->get_object();
  require(message.at("type").as_string() == type);
  require(id.empty() ? !message.contains("id") : message.at("id").as_string() == id);
}

void answer(SocketProtocol protocol, const SocketMessage& message) {
  const bool is_legacy = protocol == SocketProtocol::legacy_ws;
  switch (message.kind) {
    case Kind::subscribe:
      require(!message.operation.query.empty() || !message.operation.document_id.empty());
      require_sent(next(protocol, message.id, R"({"data":null})"), is_legacy ? "data" : "next", message.id);
      require_sent(error(protocol, message.id, {{.message = message.operation.query}, {.message = message.id}}),
                   "error", message.id);
      [[fallthrough]];
    case Kind::complete: {
      require(!message.id.empty() && message.id.size() <= max_id_bytes);
      require_sent(complete(message.id), "complete", message.id);
      const auto again = read_socket_message(SocketProtocol::transport_ws, complete(message.id));
      require(again && again->kind == Kind::complete && again->id == message.id);
      break;
    }
    case Kind::ping:
    case Kind::pong: {
      require(!is_legacy && message.id.empty());
      require_sent(pong(message.payload), "pong", {});
      const auto again = read_socket_message(protocol, pong(message.payload));
      require(again && again->kind == Kind::pong && again->payload == message.payload);
      break;
    }
    case Kind::init: require(message.id.empty() && message.operation.query.empty()); break;
    case Kind::terminate:
    case Kind::nothing: require(is_legacy); break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const SocketProtocol protocol : {SocketProtocol::transport_ws, SocketProtocol::legacy_ws}) {
    const auto message = read_socket_message(protocol, text);
    if (message) {
      answer(protocol, *message);
    } else {
      require(!message.error().empty());
    }
    const bool is_init = message && message->kind == Kind::init;
    require(is_init || token_in_init(text).empty() || !message);
  }
  require(token_in_init(text).size() <= size);
  return 0;
}
