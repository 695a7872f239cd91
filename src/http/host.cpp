#include "http/host.hpp"

#include "http/characters.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <cstddef>

namespace bailey::http {

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

}  // namespace bailey::http
