#pragma once

#include <cstdint>
#include <string_view>

namespace bailey::web_detail {

enum class Dotfiles : std::uint8_t { hidden, served };

// Whether a path, decoded once, may name something below a directory: one name behind the other, each of which says
// something. It may be empty or end with a slash, and means a directory then. All the rest that finds a file somewhere,
// or means another file to another program, is refused: "..", ".", two slashes, one in front, backslashes, NUL. And
// names that begin with a dot: ".env" and ".git" get where they were not meant to be. Only .well-known (RFC 8615) is
// meant to be seen.
[[nodiscard]] bool is_static_path(std::string_view path, Dotfiles dotfiles) noexcept;

}  // namespace bailey::web_detail
