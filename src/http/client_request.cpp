// What goes out is checked here, since curl sends method and headers as it is given them: a line break in one would be
// another header, or another request.
#include "http/client_request.hpp"

#include "http/characters.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/http/headers.hpp>

#include <algorithm>
#include <array>

namespace bailey::http {
namespace {

bool is_url(std::string_view text) noexcept {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return false;
  const std::string_view scheme = text.substr(0, colon);
  if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https")) return false;
  return std::ranges::none_of(text, [](char c) { return c == '\x7f' || (c >= 0 && c <= ' '); });
}

}  // namespace

namespace detail {

std::optional<std::string_view> why_unsendable(const ClientRequest& request) noexcept {
  static constexpr std::array<std::string_view, 5> framing{"content-length", "transfer-encoding", "connection",
                                                           "upgrade", "expect"};
  if (!is_token(request.method)) return "The method of the request is not a token";
  if (!is_url(request.url)) return "The URL of the request is not an http or https URL";
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return "The name of a header is not a token";
    if (!is_field_value(value)) return "The value of a header has control characters";
    for (const std::string_view ours : framing) {
      if (equal_ignoring_case(name, ours)) return "The framing of a request is not for its headers to say";
    }
  }
  return std::nullopt;
}

void take_header_line(std::string_view line, ClientResponse& response) {
  if (line.starts_with("HTTP/")) {
    response.headers.clear();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view value = line.substr(colon + 1, line.find_last_not_of("\r\n") - colon);
  response.headers.emplace_back(ascii::to_lower(line.substr(0, colon)), ascii::trim(value));
}

}  // namespace detail
}  // namespace bailey::http
