#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace bailey::detail {

// Numbers that many threads add to and seldom somebody reads. Each thread adds to a row of its own, which no other
// thread's row shares a cache line with, and reading adds the rows up: an addition costs a few nanoseconds whatever the
// others do. With more threads than rows some share one; the sums stay right. Any thread.
class ShardedCells {
 public:
  // So many numbers, all 0.
  explicit ShardedCells(std::size_t cells);

  void add(std::size_t cell, std::uint64_t amount) noexcept {
    at(own_row(), cell).fetch_add(amount, std::memory_order_relaxed);
  }
  // A cell is a whole or a real number, always the same.
  void add_real(std::size_t cell, double amount) noexcept;

  [[nodiscard]] std::uint64_t sum(std::size_t cell) const noexcept;
  [[nodiscard]] double real_sum(std::size_t cell) const noexcept;

 private:
  static constexpr std::size_t cells_of_line = 8;
  struct alignas(64) Line {
    std::atomic<std::uint64_t> cells[cells_of_line]{};
  };

  [[nodiscard]] static std::size_t own_row() noexcept;
  [[nodiscard]] std::atomic<std::uint64_t>& at(std::size_t row, std::size_t cell) const noexcept {
    return lines_[row * lines_of_row_ + cell / cells_of_line].cells[cell % cells_of_line];
  }

  std::size_t lines_of_row_;
  std::unique_ptr<Line[]> lines_;
};

}  // namespace bailey::detail
