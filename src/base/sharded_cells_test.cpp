#include "base/sharded_cells.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace bailey::detail {
namespace {

TEST(ShardedCells, lose_nothing_with_more_threads_than_rows) {
  constexpr std::size_t cells = 19;  // three lines of memory
  ShardedCells numbers(cells);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 150; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        for (std::size_t cell = 0; cell + 1 < cells; ++cell) numbers.add(cell, cell);
        numbers.add_real(cells - 1, 0.5);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t cell = 0; cell + 1 < cells; ++cell) EXPECT_EQ(numbers.sum(cell), 150U * 200U * cell);
  EXPECT_EQ(numbers.real_sum(cells - 1), 150 * 200 * 0.5);
}

TEST(ShardedCells, take_back_what_was_added_on_another_thread) {
  ShardedCells numbers(1);
  numbers.add(0, 3);
  std::thread([&] { numbers.add(0, static_cast<std::uint64_t>(-1)); }).join();
  EXPECT_EQ(numbers.sum(0), 2U);
}

}  // namespace
}  // namespace bailey::detail
