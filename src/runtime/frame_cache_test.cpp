#include "runtime/frame_cache.hpp"

#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/task.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using detail::FrameCache;

struct Cache : FrameCache {
  ~Cache() { release(); }
};

std::vector<void*> taken(FrameCache& cache, std::size_t size, std::size_t count) {
  std::vector<void*> frames(count);
  for (void*& frame : frames) frame = cache.take(size);
  return frames;
}

void give_back(FrameCache& cache, const std::vector<void*>& frames, std::size_t size) {
  for (void* const frame : frames) cache.give_back(frame, size);
}

TEST(FrameCache, gives_the_next_frame_of_a_size_the_memory_of_the_last) {
  for (const std::size_t size : {1UZ, 16UZ, 200UZ, 1020UZ, 1040UZ, 3000UZ, 4096UZ, 4097UZ, FrameCache::longest}) {
    Cache cache;
    void* const first = cache.take(size);
    void* const second = cache.take(size);
    EXPECT_NE(first, second) << size;
    cache.give_back(first, size);
    cache.give_back(second, size);
    EXPECT_EQ(cache.kept_bytes(), 2 * FrameCache::block_bytes(size)) << size;
    EXPECT_EQ(cache.take(size), second) << size;
    EXPECT_EQ(cache.take(size), first) << size;
    EXPECT_EQ(cache.kept_bytes(), 0U) << size;
    FrameCache::free(first, size);
    FrameCache::free(second, size);
  }
}

TEST(FrameCache, gives_no_frame_less_memory_than_it_needs_and_wastes_an_eighth_at_most) {
  for (std::size_t size = 1; size <= FrameCache::longest + 100; ++size) {
    const std::size_t block = FrameCache::block_bytes(size);
    ASSERT_GE(block, size);
    ASSERT_LE(block - size, size <= 4096 ? 15 : size / 8) << size;
  }
}

TEST(FrameCache, keeps_none_that_is_too_long) {
  Cache cache;
  cache.give_back(cache.take(FrameCache::longest + 1), FrameCache::longest + 1);
  EXPECT_EQ(cache.kept_bytes(), 0U);
}

TEST(FrameCache, keeps_no_more_than_its_limit_whatever_the_sizes) {
  Cache cache;
  std::vector<std::pair<void*, std::size_t>> frames;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::size_t size = 16 + i * 7919 % (FrameCache::longest - 16);
    frames.emplace_back(cache.take(size), size);
  }
  std::size_t most = 0;
  for (const auto& [frame, size] : frames) {
    cache.give_back(frame, size);
    ASSERT_LE(cache.kept_bytes(), FrameCache::limit_bytes);
    most = std::max(most, cache.kept_bytes());
  }
  EXPECT_GT(most, FrameCache::limit_bytes - FrameCache::longest);
}

TEST(FrameCache, full_of_frames_that_nobody_needs_keeps_those_in_use) {
  Cache cache;
  constexpr std::size_t old_size = 512, size = 1040;
  give_back(cache, taken(cache, old_size, FrameCache::limit_bytes / old_size), old_size);
  ASSERT_EQ(cache.kept_bytes(), FrameCache::limit_bytes);
  const std::vector<void*> frames = taken(cache, size, 20);
  give_back(cache, frames, size);
  EXPECT_EQ(taken(cache, size, 20), std::vector<void*>(frames.rbegin(), frames.rend()));
  give_back(cache, frames, size);
}

TEST(FrameCache, forgets_a_burst_when_others_need_the_room) {
  Cache cache;
  constexpr std::size_t old_size = 512, size = 1040;
  give_back(cache, taken(cache, old_size, FrameCache::limit_bytes / old_size), old_size);
  for (int burst = 0; burst < 30; ++burst)
    give_back(cache, taken(cache, size, 2 * FrameCache::limit_bytes / size), size);
  const std::size_t before = cache.kept_bytes();
  void* const frame = cache.take(old_size);
  EXPECT_EQ(cache.kept_bytes(), before) << "one of the burst is kept still";
  FrameCache::free(frame, old_size);
}

TEST(FrameCache, keeps_frames_that_another_has_made) {
  Cache first, second;
  const std::vector<void*> frames = taken(first, 1040, 10);
  std::thread([&] { give_back(second, frames, 1040); }).join();
  EXPECT_EQ(first.kept_bytes(), 0U);
  EXPECT_EQ(taken(second, 1040, 1).front(), frames.back());
  FrameCache::free(frames.back(), 1040);
}

// What the compiler makes of it is longer than Asio's own cache takes.
constexpr std::size_t many = 3000;

Task<> set(std::array<unsigned char, many>& bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i);
  co_return;
}

Task<std::size_t> sum_of_many() {
  std::array<unsigned char, many> bytes{};
  co_await set(bytes);
  std::size_t sum = 0;
  for (const unsigned char byte : bytes) sum += byte;
  co_return sum;
}

constexpr std::size_t sum_of = 11 * 32640 + 184 * 183 / 2;

TEST(TaskFrame, may_be_of_any_length) {
  run_blocking([]() -> Task<> {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(co_await sum_of_many(), sum_of);
  });
}

TEST(TaskFrame, may_end_on_another_thread_than_it_was_made_on) {
  std::vector<Task<std::size_t>> never_started;
  for (int i = 0; i < 1000; ++i) never_started.push_back(sum_of_many());
  std::thread([tasks = std::move(never_started)]() mutable { tasks.clear(); }).join();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([task = sum_of_many()]() mutable {
      std::size_t sum = 0;
      run_blocking([&]() -> Task<> { sum = co_await std::move(task); });
      EXPECT_EQ(sum, sum_of);
    });
  }
}

// The first thread_local object of a thread is the last to go: after the thread's cache, and after the frames in that.
TEST(TaskFrame, may_end_when_its_thread_has_ended_all_but_that) {
  std::thread([] {
    thread_local std::optional<Task<std::size_t>> kept_until_the_end;
    kept_until_the_end.emplace(sum_of_many());
    thread_local std::optional<Task<std::size_t>> another;
    another.emplace(sum_of_many());
    static_cast<void>(sum_of_many());
  }).join();
}

}  // namespace
}  // namespace bailey
