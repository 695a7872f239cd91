#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::mail {

// Whether it is an address that can stand in an envelope and in a header as it is: local@domain in UTF-8, without
// blanks, control characters, quotes, comments and all else that a header's grammar would take for something else.
[[nodiscard]] bool is_address(std::string_view text);

// Whether all of it is ASCII, so that any server takes it.
[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

// One of an address field: "Anna" <anna@example.com>.
struct NamedAddress {
  std::string name;
  std::string address;
};

// The addresses of a From, To, Cc … field of a stranger's, names decoded; groups are taken apart, comments dropped. At
// most `limit` of them.
[[nodiscard]] std::vector<NamedAddress> parse_addresses(std::string_view field, std::size_t limit);

}  // namespace bailey::stack::mail
