#pragma once

#include <bailey/pg/database.hpp>

#include <span>
#include <vector>

namespace bailey::pg::detail {

// Database::run_group for a caller whose own frame keeps the statements and the options until the task has ended, so
// that it can send them again.
struct KeptGroup {
  [[nodiscard]] static Task<std::vector<Rows>> run(const Database& database, std::span<const Statement> statements,
                                                   const RunOptions& options);
};

}  // namespace bailey::pg::detail
