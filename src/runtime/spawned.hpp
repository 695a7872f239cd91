#pragma once

#include <bailey/runtime/task.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <functional>
#include <string>

namespace bailey {

class Loop;

namespace detail {

// A task that a loop owns, until it has ended.
struct Spawned {
  std::string name;
  boost::asio::cancellation_signal cancel;
  std::function<void()> on_end;
};

// Loop::spawn, for who wants to know more: `place` is where the task is known from before it starts, and `on_end` is
// called when it has ended.
void spawn(Loop& loop, std::string name, Task<> task, Spawned*& place, std::function<void()> on_end);

}  // namespace detail
}  // namespace bailey
