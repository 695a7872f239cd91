#pragma once

#include <bailey/runtime/task.hpp>

#include <utility>

namespace bailey {

// A Task that compilers warn of when it is dropped, or only named as in `auto done = auth.sign_out(token);`: it starts
// when it is awaited, so its work would never be done. In all else it is a Task.
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
