#include "web/redis_address.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bailey::web_detail {

namespace {

[[noreturn]] void refuse(std::string_view what) {
  throw Error("invalid_redis_url", "The URL of Redis " + std::string(what) +
                                       "; it is redis://[[user]:password@]host[:port][/database] or unix:///path");
}

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? ascii::hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) refuse("has a % that begins no escape");
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

template <class N>
N number(std::string_view text, std::string_view what) {
  N value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) refuse(what);
  return value;
}

}  // namespace

RedisAddress RedisAddress::parse(const Secret& url) {
  std::string_view rest = url.reveal();
  RedisAddress address;
  if (rest.starts_with("unix://")) {
    address.host = rest.substr(7);
    if (!address.host.starts_with('/')) refuse("names no absolute path");
    return address;
  }
  if (rest.starts_with("rediss://")) refuse("asks for TLS, which there is not");
  if (!rest.starts_with("redis://")) refuse("has another scheme");
  rest.remove_prefix(8);
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    if (const std::string_view database = rest.substr(slash + 1); !database.empty())
      address.database = number<unsigned>(database, "has a database that is no number");
    rest = rest.substr(0, slash);
  }
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = rest.substr(0, at);
    const std::size_t colon = login.find(':');
    if (colon == std::string_view::npos) refuse("has a user without a password");
    address.user = decoded(login.substr(0, colon));
    address.password = Secret(decoded(login.substr(colon + 1)));
    rest = rest.substr(at + 1);
  }
  if (rest.starts_with('[') && !rest.contains(']')) refuse("has a bracket that does not end");
  const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
  const std::size_t colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  address.port = 6379;
  if (colon != std::string_view::npos)
    address.port = number<std::uint16_t>(rest.substr(colon + 1), "has a port that is none");
  address.host = bracket == std::string_view::npos ? rest.substr(0, colon) : rest.substr(1, bracket - 1);
  if (address.host.empty() || address.port == 0) refuse("names no host and port");
  return address;
}

}  // namespace bailey::web_detail
