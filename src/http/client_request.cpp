// What goes out is checked here, since curl sends method and headers as it is given them: a line break in one would be
// another header, or another request.
#include "http/client_request.hpp"

#include <bailey/http/headers.hpp>

#include <algorithm>
#include <array>

namespace bailey::http {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) noexcept {
  return std::ranges::none_of(text, [](char c) { return c == '\x7f' || (c >= 0 && c < ' ' && c != '\t'); });
}

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
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  if (line.starts_with("HTTP/")) {
    response.headers.clear();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), lower);
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && is_space(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
  response.headers.emplace_back(std::move(name), value);
}

}  // namespace detail
}  // namespace bailey::http
