// What a policy or a function may read of the request through current_setting('request.…'). Bytes of a header beyond
// ASCII are opaque (RFC 9110 section 5.5), while PostgreSQL takes text only: what is not UTF-8 becomes U+FFFD. No name
// or punctuation of the JSON can be part of a broken sequence, so its whole text is mended at once.
#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

#include "query/request_headers.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace bailey::query {
namespace {

namespace json = boost::json;

void read_cookies(std::string_view header, json::object& cookies) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = ascii::trim(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos) cookies[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> request_settings(const RequestParts& request) {
  json::object headers;
  json::object cookies;
  for (const auto& [name, value] : request.headers) {
    const std::string key = ascii::to_lower(name);
    if (key == "cookie") {
      read_cookies(value, cookies);
    } else {
      headers[key] = value;
    }
  }
  return {{"request.method", request.method},
          {"request.path", request.path},
          {"request.headers", bailey::detail::to_utf8(json::serialize(headers))},
          {"request.cookies", bailey::detail::to_utf8(json::serialize(cookies))}};
}

}  // namespace bailey::query
