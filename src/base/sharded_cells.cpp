#include "base/sharded_cells.hpp"

#include <algorithm>
#include <bit>
#include <thread>

namespace bailey::detail {
namespace {

std::size_t row_count() noexcept {
  static const std::size_t rows =
      std::clamp<std::size_t>(std::bit_ceil(std::size_t{std::thread::hardware_concurrency()}), 2, 64);
  return rows;
}

}  // namespace

ShardedCells::ShardedCells(std::size_t cells)
    : lines_of_row_((cells + cells_of_line - 1) / cells_of_line),
      lines_(std::make_unique<Line[]>(row_count() * lines_of_row_)) {}

// Threads are numbered as they come, so that those that count all day, the loops, have neighbouring rows.
std::size_t ShardedCells::own_row() noexcept {
  static std::atomic<std::size_t> next = 0;
  thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
  return number & (row_count() - 1);
}

void ShardedCells::add_real(std::size_t cell, double amount) noexcept {
  std::atomic<std::uint64_t>& place = at(own_row(), cell);
  std::uint64_t before = place.load(std::memory_order_relaxed);
  while (!place.compare_exchange_weak(before, std::bit_cast<std::uint64_t>(std::bit_cast<double>(before) + amount),
                                      std::memory_order_relaxed)) {
  }
}

std::uint64_t ShardedCells::sum(std::size_t cell) const noexcept {
  std::uint64_t total = 0;
  for (std::size_t row = 0; row < row_count(); ++row) total += at(row, cell).load(std::memory_order_relaxed);
  return total;
}

double ShardedCells::real_sum(std::size_t cell) const noexcept {
  double total = 0;
  for (std::size_t row = 0; row < row_count(); ++row)
    total += std::bit_cast<double>(at(row, cell).load(std::memory_order_relaxed));
  return total;
}

}  // namespace bailey::detail
