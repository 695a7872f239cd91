#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::query {

// An HTTP request as plain values: what `parse` reads and `print` writes.
struct RequestParts {
  std::string method = "GET";
  std::string path;   // below the API's root, still percent-encoded: "/cards"
  std::string query;  // as in the URL, without the "?"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // The first header of this name, compared without case; nullopt when there is none. Valid as long as these parts.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// What SQL may read of a request, for pg::RlsScope::settings: request.method, request.path, request.headers (a JSON
// object, names in lower case, without `cookie`; of a repeated header the last) and request.cookies (a JSON object).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> request_settings(const RequestParts& request);

}  // namespace bailey::query
