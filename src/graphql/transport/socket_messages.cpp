#include <graphql/transport/socket_messages.hpp>

#include <bailey/base/ascii.hpp>

#include <utility>

namespace bailey::graphql {
namespace {

// Ids are kept as long as their operations run.
constexpr std::size_t max_id_bytes = 256;

std::string message(std::string_view type, std::string_view id, std::string_view payload = {}) {
  std::string text;
  text.reserve(payload.size() + 6 * id.size() + 64);  // as large as it is: it may wait for long
  text.append(R"({"type":")").append(type).push_back('"');
  if (!id.empty()) {
    text.append(",\"id\":");
    append_json_string(text, id);
  }
  if (!payload.empty()) text.append(",\"payload\":").append(payload);
  text.push_back('}');
  return text;
}

std::unexpected<std::string> wrong(std::string_view what) { return std::unexpected(std::string(what)); }

std::expected<std::string, std::string> read_id(const json::object& given) {
  const json::value* const id = given.if_contains("id");
  if (id == nullptr || !id->is_string() || id->get_string().empty())
    return wrong("Message is missing the 'id' property");
  if (id->get_string().size() > max_id_bytes) return wrong("The 'id' of a message has 256 bytes at most");
  return std::string(id->get_string());
}

std::expected<SocketMessage, std::string> read_subscribe(json::object& given) {
  SocketMessage read{.kind = SocketMessage::Kind::subscribe};
  auto id = read_id(given);
  if (!id) return std::unexpected(std::move(id).error());
  read.id = *std::move(id);
  json::value* const payload = given.if_contains("payload");
  if (payload == nullptr || !payload->is_object()) return wrong("Message is missing the 'payload' property");
  auto operation = read_operation(std::move(*payload));
  if (!operation) return std::unexpected(std::move(operation).error());
  read.operation = *std::move(operation);
  return read;
}

std::string token_in(const json::object& payload) {
  constexpr std::string_view scheme = "bearer ";
  for (const auto& [name, value] : payload) {
    if (!value.is_string()) continue;
    const std::string_view text = value.get_string();
    if (name == "access_token") return std::string(text);
    if (ascii::equal_ignoring_case(name, "authorization") && text.size() > scheme.size() &&
        ascii::equal_ignoring_case(text.substr(0, scheme.size()), scheme))
      return std::string(ascii::trim(text.substr(scheme.size())));
  }
  return {};
}

}  // namespace

std::string_view to_string(SocketProtocol protocol) noexcept {
  return protocol == SocketProtocol::transport_ws ? "graphql-transport-ws" : "graphql-ws";
}

std::expected<SocketMessage, std::string> read_socket_message(SocketProtocol protocol, std::string_view text) {
  using Kind = SocketMessage::Kind;
  const bool is_legacy = protocol == SocketProtocol::legacy_ws;
  auto parsed = try_parse_json(text);
  if (!parsed || !parsed->is_object()) return wrong("A message is a JSON object");
  json::object& given = parsed->get_object();
  const json::value* const type = given.if_contains("type");
  if (type == nullptr || !type->is_string()) return wrong("Message is missing the 'type' property");
  const std::string_view name = type->get_string();
  if (name == (is_legacy ? "start" : "subscribe")) return read_subscribe(given);
  if (name == (is_legacy ? "stop" : "complete")) {
    auto id = read_id(given);
    if (!id) return std::unexpected(std::move(id).error());
    return SocketMessage{.kind = Kind::complete, .id = *std::move(id)};
  }
  SocketMessage read;
  if (is_legacy && name == "connection_terminate") {
    read.kind = Kind::terminate;
  } else if (!is_legacy && name == "ping") {
    read.kind = Kind::ping;
  } else if (!is_legacy && name == "pong") {
    read.kind = Kind::pong;
  } else if (name != "connection_init") {
    if (is_legacy) return SocketMessage{.kind = Kind::nothing};
    return wrong("A message of this type is none of the protocol's");
  }
  if (const json::value* const payload = given.if_contains("payload"); payload != nullptr && !payload->is_null()) {
    if (!payload->is_object()) return wrong("The 'payload' of a message is an object");
    read.payload = to_json_text(*payload);
    read.has_token = read.kind == Kind::init && !token_in(payload->get_object()).empty();
  }
  return read;
}

std::string connection_ack() { return message("connection_ack", {}); }
std::string pong(std::string_view payload) { return message("pong", {}, payload); }
std::string next(SocketProtocol protocol, std::string_view id, std::string_view result) {
  return message(protocol == SocketProtocol::transport_ws ? "next" : "data", id, result);
}
std::string complete(std::string_view id) { return message("complete", id); }

std::string error(SocketProtocol protocol, std::string_view id, const std::vector<ResponseError>& errors) {
  std::string payload;
  if (protocol == SocketProtocol::legacy_ws) {
    write_error(errors.front(), payload);
    return message("error", id, payload);
  }
  for (const ResponseError& each : errors) {
    payload.push_back(payload.empty() ? '[' : ',');
    write_error(each, payload);
  }
  payload.push_back(']');
  return message("error", id, payload);
}

std::string token_in_init(std::string_view message) {
  const auto parsed = try_parse_json(message);
  const json::object* const given = parsed ? parsed->if_object() : nullptr;
  const json::value* const type = given == nullptr ? nullptr : given->if_contains("type");
  if (type == nullptr || *type != "connection_init") return {};
  const json::value* const payload = given->if_contains("payload");
  return payload == nullptr || !payload->is_object() ? std::string() : token_in(payload->get_object());
}

}  // namespace bailey::graphql
