#include <bailey/base/error.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/response.hpp>

#include "http/characters.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bailey::http {

namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view text_type = "text/plain; charset=utf-8";
constexpr std::array<std::string_view, 4> well_known{json_type, text_type, "text/html; charset=utf-8",
                                                     "text/event-stream"};

}  // namespace

Response::~Response() { recycle(std::move(body)); }

Response Response::text(int status, std::string_view body) {
  Response response(status);
  response.static_content_type_ = text_type;
  response.body = take_buffer();
  response.body.append(body);
  return response;
}

Response Response::json(int status, std::string body) {
  Response response(status);
  response.static_content_type_ = json_type;
  response.body = std::move(body);
  return response;
}

Response Response::empty(int status) { return Response(status); }

Response Response::stream(int status, std::string_view content_type, Stream stream) {
  Response response(status);
  response.content_type(content_type);
  response.stream_ = std::move(stream);
  return response;
}

Response Response::stream(int status, std::string_view content_type, std::uint64_t length, Stream stream) {
  Response response = Response::stream(status, content_type, std::move(stream));
  response.stream_length_ = length;
  return response;
}

Response Response::upgrade(std::string_view protocol, Takeover takeover) {
  if (!is_token(protocol)) throw Error("invalid_header", "the name of a protocol is a token, such as \"websocket\"");
  Response response(101);
  response.protocol_ = protocol;
  response.takeover_ = std::move(takeover);
  return response;
}

Response Response::upgrade_required(std::string_view protocol) {
  Response response =
      text(426, std::string("This address speaks ").append(protocol).append(", and the request does not ask for it"));
  response.protocol_ = protocol;
  return response;
}

void Response::content_type(std::string_view value) {
  const auto known = std::ranges::find(well_known, value);
  static_content_type_ = known == well_known.end() ? std::string_view() : *known;
  if (known == well_known.end()) return headers.set("Content-Type", value);
  headers.remove("Content-Type");
}

std::string_view Response::content_type() const noexcept {
  if (!static_content_type_.empty()) return static_content_type_;
  return headers.get("Content-Type").value_or(std::string_view());
}

}  // namespace bailey::http
