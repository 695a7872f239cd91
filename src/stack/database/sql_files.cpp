#include "stack/database/sql_files.hpp"

#include <algorithm>
#include <array>

namespace bailey::stack {
namespace {

constexpr auto table = std::to_array<SqlFile>({
#include "sql_table.inc"
});

}  // namespace

std::span<const SqlFile> sql_files() noexcept { return table; }

const SqlFile& sql_file(std::string_view name) noexcept { return *std::ranges::find(table, name, &SqlFile::name); }

}  // namespace bailey::stack
