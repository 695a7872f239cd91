#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::query {

// An HTTP request of the dialect, without a transport.
struct RequestParts {
  std::string method = "GET";
  std::string path;   // below the API's root, still percent-encoded: "/cards"
  std::string query;  // as in the URL, without the "?"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // The first header of this name, whatever its case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// What SQL may read of a request, for pg::RlsScope::settings: request.method, request.path, request.headers (a JSON
// object, names in lower case, without `cookie`; of a repeated header the last) and request.cookies (a JSON object).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> request_settings(const RequestParts& request);

}  // namespace bailey::query
