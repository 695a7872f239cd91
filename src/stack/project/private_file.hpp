#pragma once

#include <bailey/base/secret.hpp>

#include <unistd.h>
#include <filesystem>
#include <optional>
#include <string_view>

#include "stack/descriptor.hpp"

namespace bailey::stack {

// The files below `.bailey`. A project may be somebody else's work, and so may a `.bailey` that came with it: no link
// in it is followed, and nothing but a plain file of ours is read or written.

// Opens a file; `flags` as open(2) takes them, O_CREAT makes it readable by its owner alone (no
// O_TRUNC: it would come before the checks). Throws Error "unsafe_file"
// for a link, a file with another name besides, one of another user's than `owner`, or none that is plain;
// std::system_error when it cannot be opened.
[[nodiscard]] Descriptor open_own_file(const std::filesystem::path& file, int flags, uid_t owner = geteuid());

// Throws Error "unsafe_file" where something else than a folder has that name, a link to one included.
void require_real_folder(const std::filesystem::path& folder);

// Files that hold secrets: readable by their owner alone, written whole or not at all.

// Replaces the file. Throws std::system_error.
void write_private_file(const std::filesystem::path& file, std::string_view content);

// nullopt: there is no such file. Throws as open_own_file.
[[nodiscard]] std::optional<Secret> read_private_file(const std::filesystem::path& file);

}  // namespace bailey::stack
