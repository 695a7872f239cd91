#include <bailey/http/bearer.hpp>

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::http {

std::optional<std::string_view> credentials_of(std::string_view authorization, std::string_view scheme) noexcept {
  if (!ascii::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  std::string_view rest = authorization.substr(scheme.size());
  if (!rest.empty() && rest.front() != ' ') return std::nullopt;
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

std::optional<std::string_view> bearer_credentials(std::string_view authorization) noexcept {
  return credentials_of(authorization, "Bearer");
}

}  // namespace bailey::http
