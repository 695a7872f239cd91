#pragma once

#include <bailey/base/error.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace bailey::stack {

// A script may be as long as a statement may be to PostgreSQL; nobody writes the others longer by hand.
inline constexpr std::size_t script_limit_bytes = std::size_t{1} << 30;
inline constexpr std::size_t settings_limit_bytes = std::size_t{1} << 20;

// The content of a file of the project, which may be somebody else's work: a link is followed, but to a plain file
// alone, so that neither a pipe nor a device keeps us. Error "unreadable_file": "cannot read <file>: <why>".
[[nodiscard]] Expected<std::string> read_project_file(const std::filesystem::path& file, std::size_t limit_bytes);

}  // namespace bailey::stack
