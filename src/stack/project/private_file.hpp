#pragma once

#include <bailey/base/secret.hpp>

#include <filesystem>
#include <optional>
#include <string_view>

namespace bailey::stack {

// Files that hold secrets: readable by their owner alone, written whole or not at all.

// Replaces the file. Throws std::system_error.
void write_private_file(const std::filesystem::path& file, std::string_view content);

// nullopt: there is no such file. Throws std::system_error when it cannot be read.
[[nodiscard]] std::optional<Secret> read_private_file(const std::filesystem::path& file);

}  // namespace bailey::stack
