#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace bailey::stack {

// A server's log is cut at this length, also while the server writes it, and goes on with the last `log_kept_bytes`.
inline constexpr std::uintmax_t log_limit_bytes = std::uintmax_t{8} * 1024 * 1024;
inline constexpr std::size_t log_kept_bytes = std::size_t{1} * 1024 * 1024;

// Cuts a log that is longer than the limit. Whoever has it open for appending goes on in it; a line written meanwhile
// may be lost. A failure is told in a debug line.
void cut_log(const std::filesystem::path& log) noexcept;

// How long the log is; 0 where there is none.
[[nodiscard]] std::uintmax_t log_size(const std::filesystem::path& log) noexcept;

// As much as is told of a log's end.
inline constexpr std::size_t log_tail_bytes = 8192;

// The last lines of what has been written since the log had that length, each after "\n  ", for the one who has to find
// out why a program did not start; or that there are none. A line may be megabytes long (a statement that failed): of
// all of them together these are the last `log_tail_bytes`.
[[nodiscard]] std::string log_tail(const std::filesystem::path& log, std::uintmax_t since);

}  // namespace bailey::stack
