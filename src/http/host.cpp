#include "http/host.hpp"

#include "http/characters.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <cstddef>

namespace bailey::http {

namespace {

// "host:port" without the port that goes without saying.
std::string_view without_default_port(std::string_view host, bool is_secure) noexcept {
  const std::string_view port = is_secure ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return host;
}

}  // namespace

bool is_host(std::string_view value) noexcept {
  std::size_t end = 0;
  if (value.starts_with('[')) {
    const std::size_t close = value.find(']');
    if (close == std::string_view::npos || close < 3) return false;
    for (char c : value.substr(1, close - 1))
      if (ascii::hex_value(c) < 0 && c != ':' && c != '.') return false;
    end = close + 1;
  } else {
    end = std::min(value.find(':'), value.size());
    if (end == 0 || !all_are(value.substr(0, end), host_character)) return false;
  }
  if (end == value.size()) return true;
  if (value[end] != ':') return false;
  for (char c : value.substr(end + 1))
    if (c < '0' || c > '9') return false;
  return value.size() - end <= 6;
}

bool is_own_origin(std::string_view origin, std::string_view scheme, std::string_view host) noexcept {
  const std::size_t end = origin.find("://");
  if (end == std::string_view::npos) return false;
  const bool is_secure = ascii::equal_ignoring_case(origin.substr(0, end), "https");
  if (!is_secure && (scheme != "http" || !ascii::equal_ignoring_case(origin.substr(0, end), "http"))) return false;
  const std::string_view page_host = without_default_port(origin.substr(end + 3), is_secure);
  return !page_host.empty() && ascii::equal_ignoring_case(page_host, without_default_port(host, is_secure));
}

}  // namespace bailey::http
