// Cookies of a stranger's, and values that are set: what is read from a Cookie field lies in it, and what a SetCookie
// takes comes back as it was, in one field of one line.
#include <bailey/base/error.hpp>
#include <bailey/http/cookies.hpp>
#include <bailey/http/set_cookie.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace bailey::http;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::size_t taken = 0;
  for_each_cookie(std::string_view(text), [&](std::string_view name, std::string_view value) {
    taken += name.size() + value.size();
    require(name.find_first_of("=;") == std::string_view::npos && value.find(';') == std::string_view::npos);
    require(unquote_cookie(value).size() <= value.size());
  });
  require(taken <= size);

  const std::size_t line = std::min(text.find('\n'), size);
  const std::string name = text.substr(0, line);
  const std::string value = text.substr(std::min(line + 1, size));
  Headers headers;
  try {
    set_cookie(headers, {.name = name, .value = value, .secure = true});
  } catch (const bailey::Error& error) {
    require(error.code() == "invalid_cookie");
    return 0;
  }
  const std::string_view wire = headers.wire();
  require(wire.find('\r') == wire.size() - 2);
  const std::string_view field = *headers.get("Set-Cookie");
  require(field.ends_with("; Path=/; SameSite=lax; Secure"));
  std::optional<std::string> back;
  for_each_cookie(field.substr(0, field.find(';')), [&](std::string_view known, std::string_view sent) {
    require(!back && known == name);
    back = unquote_cookie(sent);
  });
  require(back == value);
  return 0;
}
