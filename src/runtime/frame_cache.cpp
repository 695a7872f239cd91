// Where the frames of tasks come from. A request makes the same few frames as the one before it, so a thread keeps the
// memory of those that have ended, one list for each size, and after its first requests asks malloc for none.
//
// What is kept is bounded in bytes. When that much is kept and another frame ends, half of each list is freed: sizes
// that are used fill theirs again at once, those of a burst long ago shrink to nothing. So no frame that is in use now
// is locked out by others, and freeing costs less than one free for each frame that ends.
//
// A frame may end on another thread than it was made on, where it is kept then: a block belongs to nobody but who has
// it. A frame that ends after its thread's cache does, in the destructor of a thread_local object, is freed.
#include "runtime/frame_cache.hpp"

#include <bailey/runtime/task.hpp>

#include <new>

// Of each sanitizer that stands in for malloc: address, thread, memory, leak. It is theirs to say who uses a frame that
// has ended, so nothing is kept from them. Found when the program is linked: a sanitized program may use a library that
// is not.
extern "C" [[gnu::weak]] std::size_t __sanitizer_get_current_allocated_bytes();

namespace bailey::detail {

void* FrameCache::take(std::size_t size) {
  if (size > longest) return ::operator new(size);
  const std::size_t number = class_of(size);
  Kept*& latest = kept_[number];
  if (latest == nullptr) return ::operator new(bytes_of(number));
  kept_bytes_ -= bytes_of(number);
  Kept* const taken = latest;
  latest = taken->next;
  return taken;
}

void FrameCache::give_back(void* frame, std::size_t size) noexcept {
  if (size > longest) return free(frame, size);
  const std::size_t number = class_of(size);
  if (kept_bytes_ + bytes_of(number) > limit_bytes) release_half();
  kept_bytes_ += bytes_of(number);
  kept_[number] = ::new (frame) Kept{kept_[number]};
}

void FrameCache::free(void* frame, std::size_t size) noexcept { ::operator delete(frame, block_bytes(size)); }

void FrameCache::release() noexcept {
  while (kept_bytes_ > 0) release_half();
}

// Every second frame, beginning with the first: a size of which one is left loses it, too.
void FrameCache::release_half() noexcept {
  for (std::size_t number = 0; number < classes; ++number) {
    for (Kept** link = &kept_[number]; *link != nullptr;) {
      Kept* const gone = *link;
      *link = gone->next;
      free(gone, bytes_of(number));
      kept_bytes_ -= bytes_of(number);
      if (*link != nullptr) link = &(*link)->next;
    }
  }
}

namespace {

enum class Stage { unused, used, ended };

// Neither has a destructor, so both may be used after all those of the thread have run.
constinit thread_local FrameCache cache;
constinit thread_local Stage stage = Stage::unused;

struct End {
  ~End() {
    stage = Stage::ended;
    cache.release();
  }
};

// Whether the thread keeps frames: from its first one until it ends.
bool is_keeping() noexcept {
  if (stage == Stage::unused) {
    static thread_local End end;
    stage = Stage::used;
  }
  return stage == Stage::used;
}

bool is_sanitized() noexcept { return &__sanitizer_get_current_allocated_bytes != nullptr; }

}  // namespace

void* take_frame(std::size_t size) { return is_sanitized() ? ::operator new(size) : cache.take(size); }

void give_back_frame(void* frame, std::size_t size) noexcept {
  if (is_sanitized()) return ::operator delete(frame, size);
  if (!is_keeping()) return FrameCache::free(frame, size);
  cache.give_back(frame, size);
}

}  // namespace bailey::detail
