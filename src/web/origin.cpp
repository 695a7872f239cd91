#include "web/origin.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace bailey::web_detail {

namespace {

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && (text == "0" || !text.starts_with('0'));
}

}  // namespace

std::optional<std::string> origin_as_sent(std::string_view origin) {
  if (origin == "*" || origin == "null") return std::string(origin);
  constexpr std::string_view separator = "://";
  const std::size_t end = origin.find(separator);
  if (end == 0 || end == std::string_view::npos) return std::nullopt;
  const std::string_view scheme = origin.substr(0, end);
  const std::string_view authority = origin.substr(end + separator.size());
  const auto is_never_sent = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f || (c >= 'A' && c <= 'Z') ||
           std::string_view("/\\?#@*%").contains(c);
  };
  if (std::ranges::any_of(scheme, is_never_sent) || std::ranges::any_of(authority, is_never_sent)) return std::nullopt;

  const std::size_t bracket = authority.find(']');  // of an IPv6 address, whose colons begin no port
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (authority.empty() || colon == 0) return std::nullopt;
  if (colon == std::string_view::npos) return std::string(origin);
  const std::string_view port = authority.substr(colon + 1);
  if (!is_port(port)) return std::nullopt;
  const bool is_default = (scheme == "https" && port == "443") || (scheme == "http" && port == "80");
  return std::string(origin.substr(0, origin.size() - (is_default ? port.size() + 1 : 0)));
}

}  // namespace bailey::web_detail
