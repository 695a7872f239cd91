#pragma once

#include <span>
#include <string_view>

namespace bailey::stack {

// A file of src/stack/sql, built into the program; README.md there says what belongs into one.
struct SqlFile {
  int version;     // of 001_roles.sql: 1; 0 for files without a number
  bool is_always;  // run at every start, 013_event_triggers_always.sql for one
  std::string_view name;
  std::string_view text;
};

// All of them, by name.
[[nodiscard]] std::span<const SqlFile> sql_files() noexcept;

// The one of this name; it must exist.
[[nodiscard]] const SqlFile& sql_file(std::string_view name) noexcept;

}  // namespace bailey::stack
