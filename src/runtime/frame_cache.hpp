#pragma once

#include <array>
#include <cstddef>

namespace bailey::detail {

// Memory of coroutine frames that have ended, kept for the next ones of the same size. Each thread has one; used by one
// thread at a time, it may be given frames that another has made. Not for frames of more than the alignment of operator
// new, which no compiler makes of a Task.
class FrameCache {
 public:
  // What it keeps at most, and the longest frame of which it keeps any.
  static constexpr std::size_t limit_bytes = 256 * 1024;
  static constexpr std::size_t longest = 32 * 1024;

  // How much memory a frame of `size` bytes takes.
  static constexpr std::size_t block_bytes(std::size_t size) noexcept {
    return size > longest ? size : bytes_of(class_of(size));
  }

  // Memory for a frame: kept, or made. Throws std::bad_alloc.
  [[nodiscard]] void* take(std::size_t size);
  // Takes back what `take(size)` of any cache has returned: keeps it, or frees it.
  void give_back(void* frame, std::size_t size) noexcept;
  // Frees a frame as `give_back` does that keeps none.
  static void free(void* frame, std::size_t size) noexcept;
  // Frees what is kept. A cache does not do so by itself: it may be needed until the very end of its thread.
  void release() noexcept;

  [[nodiscard]] std::size_t kept_bytes() const noexcept { return kept_bytes_; }

 private:
  // What a kept frame consists of.
  struct Kept {
    Kept* next;
  };

  // Classes are as fine as malloc's blocks where frames usually are, and coarser beyond: at most an eighth is wasted.
  static constexpr std::size_t fine = 16, fine_until = 4096, coarse = 512;
  static constexpr std::size_t class_of(std::size_t size) noexcept {
    return size <= fine_until ? (size + fine - 1) / fine
                              : fine_until / fine + (size - fine_until + coarse - 1) / coarse;
  }
  static constexpr std::size_t bytes_of(std::size_t number) noexcept {
    return number <= fine_until / fine ? number * fine : fine_until + (number - fine_until / fine) * coarse;
  }
  static constexpr std::size_t classes = fine_until / fine + (longest - fine_until) / coarse + 1;

  void release_half() noexcept;

  std::array<Kept*, classes> kept_{};  // the latest first: it is the likeliest to be in the processor's cache
  std::size_t kept_bytes_ = 0;
};

}  // namespace bailey::detail
