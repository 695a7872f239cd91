#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/form_limits.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace bailey::http {

struct FormField {
  std::string name;
  std::string value;
};

// The fields of an application/x-www-form-urlencoded body, decoded as queries are (WHATWG URL 5.1), in the order sent;
// blank values are kept. What is not UTF-8 becomes U+FFFD. Error "payload_too_large" (413) over a limit: `fields`,
// `field_bytes` (name and value, decoded), `urlencoded_bytes`.
[[nodiscard]] Expected<std::vector<FormField>> parse_urlencoded(std::string_view body, const FormLimits& limits = {});

}  // namespace bailey::http
