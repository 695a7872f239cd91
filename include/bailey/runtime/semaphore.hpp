#pragma once

#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace bailey {

// Lets so many tasks in at a time; the others wait in line, first come, first served. A place that becomes free goes to
// the first in line, so nobody overtakes. With one place it is a mutex that may be held across `co_await`. Tasks of any
// loop may wait, and a permit may be given back by any thread. Copies share it; it lives as long as a copy, a permit or
// a task that waits.
class Semaphore {
  struct State;

 public:
  // A place, held until it is destroyed.
  class [[nodiscard]] Permit {
   public:
    Permit(Permit&&) noexcept = default;
    Permit& operator=(Permit&& other) noexcept {
      Permit(std::move(other)).state_.swap(state_);
      return *this;
    }
    ~Permit();

   private:
    friend class Semaphore;
    explicit Permit(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };

  explicit Semaphore(std::size_t places);

  // Waits for a place. Cancelling the task ends it with boost::system::system_error (operation_aborted).
  [[nodiscard]] Task<Permit> acquire() const;
  // The same, `patience` at most (to the tick of the loop's wheel, 100 ms); nothing when it is over.
  [[nodiscard]] Task<std::optional<Permit>> acquire_for(std::chrono::milliseconds patience) const;
  // A place if one is free, at once. Any thread.
  [[nodiscard]] std::optional<Permit> try_acquire() const;

  [[nodiscard]] std::size_t free_places() const noexcept;
  [[nodiscard]] std::size_t waiting() const noexcept;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace bailey
