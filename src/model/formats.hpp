#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

// The formats of rules, each as the normal form of a text or why it has none. Equal to what pydantic's EmailStr and
// HttpUrl take and make of it, but for what docs/validation.md lists.
namespace bailey::detail {

// An address that mail systems take (RFC 5321's dot-atom, RFC 6531's UTF-8), in a domain of the public DNS: the local
// part composed (NFC), the domain in lower case and Unicode, without white space and a display name around it. No
// quoted local parts, no address literals, no names reserved for special use.
std::expected<std::string, std::string_view> normal_email(std::string_view text);

struct UrlFault {
  enum class Kind { parsing, scheme, too_long };
  Kind kind = Kind::parsing;
  std::string_view reason;  // of `parsing`
};
inline constexpr std::size_t url_limit_bytes = 2083;

// An absolute http or https URL as a browser reads it (WHATWG's URL Standard): the scheme and host in lower case, the
// host in ASCII, the default port gone, dot segments resolved, and what a URL may not hold percent-encoded.
std::expected<std::string, UrlFault> normal_url(std::string_view text);

}  // namespace bailey::detail
