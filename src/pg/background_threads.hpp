#pragma once

#include <functional>
#include <memory>

namespace bailey::pg::detail {

// Threads for the calls of libpq that block: name resolution at connect, and cancellation. Started on demand, up to a
// limit, so that one call that hangs holds up no other. Nobody waits for a call either: whoever destroys this drops the
// jobs that have not begun and leaves those that have to themselves. So a job owns all it touches, and what it does
// after its call is worth nothing to a program that is ending.
class BackgroundThreads {
 public:
  explicit BackgroundThreads(unsigned limit);
  ~BackgroundThreads();
  BackgroundThreads(const BackgroundThreads&) = delete;
  BackgroundThreads& operator=(const BackgroundThreads&) = delete;

  // Any thread. Jobs begin in the order they came; `job` does not throw.
  void submit(std::move_only_function<void()> job);

 private:
  struct Shared;
  static void work(Shared& shared);

  std::shared_ptr<Shared> shared_;  // with the threads, which may outlive this
};

}  // namespace bailey::pg::detail
