#pragma once

#include <bailey/runtime/task.hpp>

#include <boost/asio/basic_waitable_timer.hpp>

#include <chrono>

namespace bailey {

// One exact wait on a loop, or an event that others end by cancelling it. Timeouts, which are many and coarse, belong
// on the loop's TimerWheel.
using LoopTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>, LoopExecutor>;

}  // namespace bailey
