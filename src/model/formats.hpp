#pragma once

#include <optional>
#include <string_view>

namespace bailey::detail {

// Why a text is no e-mail address that mail systems take (RFC 5321's dot-atom and limits, RFC 6531's UTF-8; no quoted
// local parts, no address literals, a domain with a dot). Nothing if it is one.
std::optional<std::string_view> email_fault(std::string_view text);

// Why a text is no absolute http or https URL of plain ASCII with a host. Nothing if it is one.
std::optional<std::string_view> url_fault(std::string_view text);

}  // namespace bailey::detail
