#include "http/web_socket_handshake.hpp"

#include "http/characters.hpp"
#include "http/field_list.hpp"
#include "http/host.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/http/web_socket.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace bailey::http {

namespace {

constexpr std::string_view version = "13";

[[noreturn]] void refuse(const char* why) { throw Error("bad_request", why, 400); }

bool lists(const Request& request, std::string_view field, std::string_view wanted) {
  bool found = false;
  request.for_each_header([&](std::string_view name, std::string_view value) {
    found |= equal_ignoring_case(name, field) && has_list_member(value, wanted);
  });
  return found;
}

std::string joined(const Request& request, std::string_view field) {
  std::string all;
  request.for_each_header([&](std::string_view name, std::string_view value) {
    if (equal_ignoring_case(name, field)) all.append(all.empty() ? "" : ", ").append(value);
  });
  return all;
}

// 16 bytes in base64.
bool is_key(std::string_view text) {
  return text.size() == 24 && text.ends_with("==") && std::ranges::all_of(text.substr(0, 22), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
         });
}

// Whether an offer of an extension (RFC 7692) asks us for a window of 256 bytes. zlib has none: it makes one of 512,
// which is more than a client that asks for less can unpack. A quoted value may say so in several ways, and nobody
// quotes one.
bool asks_for_the_least_window(std::string_view offer) {
  bool found = false;
  while (!offer.empty()) {
    const std::string_view parameter = offer.substr(0, offer.find(';'));
    offer.remove_prefix(std::min(parameter.size() + 1, offer.size()));
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view value = ascii::trim(parameter.substr(equals + 1));
    found |= equal_ignoring_case(ascii::trim(parameter.substr(0, equals)), "server_max_window_bits") &&
             (value == "8" || value.starts_with('"'));
  }
  return found;
}

// An offer that cannot be met is declined; the next may be another of the same extension that can.
std::string without_offers_beyond_us(std::string_view offers) {
  std::string rest;
  for_each_list_member(offers, [&](std::string_view offer) {
    if (!asks_for_the_least_window(offer)) rest.append(rest.empty() ? "" : ", ").append(offer);
  });
  return rest;
}

}  // namespace

std::optional<Response> require_web_socket(const Request& request) {
  if (request.version_minor() != 1 || !lists(request, "Connection", "upgrade") ||
      !lists(request, "Upgrade", "websocket"))
    return Response::upgrade_required("websocket");
  if (request.header("Sec-WebSocket-Version") == version && request.header_count("Sec-WebSocket-Version") == 1)
    return std::nullopt;
  Response response = Response::upgrade_required("websocket");
  response.body =
      "This address speaks version 13 of the WebSocket protocol, and Sec-WebSocket-Version does not ask for it";
  response.headers.set("Sec-WebSocket-Version", version);
  return response;
}

WebSocketHandshake read_web_socket_handshake(const Request& request) {
  if (request.method() != Method::get) refuse("A WebSocket is asked for with GET");
  if (request.has_body()) refuse("The handshake of a WebSocket has no body");
  WebSocketHandshake handshake{.host = std::string(request.host()),
                               .key = std::string(request.header("Sec-WebSocket-Key").value_or("")),
                               .extensions = without_offers_beyond_us(joined(request, "Sec-WebSocket-Extensions")),
                               .protocols = {}};
  if (request.header_count("Sec-WebSocket-Key") != 1 || !is_key(handshake.key))
    refuse("Sec-WebSocket-Key must be there once, and be 16 bytes in base64");
  bool are_tokens = true;
  for_each_list_member(joined(request, "Sec-WebSocket-Protocol"), [&](std::string_view member) {
    are_tokens =
        are_tokens && is_token(member) && std::ranges::find(handshake.protocols, member) == handshake.protocols.end();
    handshake.protocols.emplace_back(member);
  });
  if (!are_tokens) refuse("Sec-WebSocket-Protocol must be a list of tokens, each once");
  return handshake;
}

bool is_allowed_origin(const Request& request, const std::vector<std::string>& origins, const WebSocketAsked& asked) {
  const std::optional<std::string_view> origin = request.header("Origin");
  if (!origin) return true;
  if (request.header_count("Origin") != 1) return false;
  const auto is_listed = [&](std::string_view each) { return each == "*" || equal_ignoring_case(each, *origin); };
  return std::ranges::any_of(origins, is_listed) || is_own_origin(*origin, asked.scheme, asked.host);
}

bool is_allowed_origin(const Request& request, const std::vector<std::string>& origins) {
  return is_allowed_origin(request, origins, asked_on_connection(request));
}

WebSocketAsked asked_on_connection(const Request& request) {
  return {.scheme = request.is_secure() ? "https" : "http",
          .host = std::string(request.host()),
          .client_address = request.remote_address()};
}

}  // namespace bailey::http
