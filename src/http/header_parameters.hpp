#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

// A header field's value with parameters (RFC 9110 5.6.6): `form-data; name="a"; filename=b`.
struct HeaderParameters {
  std::string_view type;                                          // before the first semicolon, trimmed
  std::vector<std::pair<std::string_view, std::string>> entries;  // names as sent

  // The only parameter of this name, in any case; nothing when there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
};

// Views into `text`. Nothing when it is malformed, has a parameter twice, or more than 16. In a quoted value a
// backslash escapes a quotation mark or a backslash and stands for itself otherwise, since file names of Windows have
// been sent so. A value that is not quoted may have all but blanks and quotation marks: boundaries are sent so.
[[nodiscard]] std::optional<HeaderParameters> parse_header_parameters(std::string_view text);

}  // namespace bailey::http
