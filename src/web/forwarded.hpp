#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// What one proxy has said of the request as it reached it (RFC 7239 section 4), without quotes. Empty: nothing.
struct ForwardedElement {
  std::string node;  // for=
  std::string proto;
  std::string host;
};

// Reads the value of one Forwarded field and appends its elements, in their order. False when it is malformed: then a
// stranger's quote may have swallowed what a proxy has written.
[[nodiscard]] bool read_forwarded(std::string_view value, std::vector<ForwardedElement>& elements);

}  // namespace bailey::web_detail
