#pragma once

#include <string>
#include <string_view>

namespace bailey::web_detail {

// The OpenAPI document as it is served below a prefix that only the request knows of: with {"url": prefix} before its
// other servers, so that what is tried out on a docs page goes there.
[[nodiscard]] std::string document_below(std::string_view prefix, std::string_view document);

// Whether it is a prefix that URLs may begin with: "/api/v1". It starts with a slash, does not end with one, and needs
// no escaping in a URL, a header, JSON or HTML.
[[nodiscard]] bool is_root_path(std::string_view text) noexcept;

}  // namespace bailey::web_detail
