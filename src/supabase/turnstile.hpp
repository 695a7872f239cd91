#pragma once

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task.hpp>

#include "runtime/loop_timer.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>

namespace bailey::detail {

// Lets so many tasks of one loop through at a time; the others wait in line. On that loop's thread.
class Turnstile {
 public:
  class Visit;

  explicit Turnstile(std::size_t places) : free_(places) {}

 private:
  void leave() noexcept;

  std::size_t free_;
  std::list<Visit*> line_;  // they take themselves off it
};

// One task's stay, in the frame of that task: a place in line, then one inside, given up when it is destroyed.
class Turnstile::Visit {
 public:
  Visit(std::shared_ptr<Turnstile> turnstile, Loop& loop);
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  // Whether a place came free in time. Once.
  [[nodiscard]] Task<bool> enter(std::chrono::milliseconds patience);

 private:
  friend class Turnstile;
  enum class State { outside, in_line, inside };

  std::shared_ptr<Turnstile> turnstile_;  // shared: at the end of a loop its tasks' frames may outlive what it keeps
  LoopTimer timer_;
  State state_ = State::outside;
  std::list<Visit*>::iterator place_;
};

}  // namespace bailey::detail
