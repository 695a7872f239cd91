#pragma once

#include <bailey/http/multipart.hpp>

#include <expected>
#include <string_view>

namespace bailey::http {

// Reads the header lines of a part, each with its CRLF, without the empty line after them. Else what is wrong: a
// sentence for the client, a literal.
[[nodiscard]] std::expected<PartHead, std::string_view> parse_part_head(std::string_view lines);

}  // namespace bailey::http
