#pragma once

#include <bailey/runtime/task.hpp>

#include <utility>

namespace bailey {

// A Task whose work nobody should forget to await, `auto done = auth.sign_out(token);`: as it starts when awaited, it
// would never be done. Compilers warn of one that is dropped or only named. Everywhere else it is a Task.
template <class R = void>
class [[nodiscard, gnu::warn_unused]] Deferred : public Task<R> {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a coroutine's Task is what is returned as one
  Deferred(Task<R> task) noexcept : Task<R>(std::move(task)) {}
  Deferred(Deferred&&) noexcept = default;
  Deferred& operator=(Deferred&&) noexcept = default;
  ~Deferred() = default;
};

}  // namespace bailey
