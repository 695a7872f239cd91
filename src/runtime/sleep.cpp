#include <bailey/runtime/sleep.hpp>

#include "runtime/loop_timer.hpp"

#include <boost/asio/this_coro.hpp>

namespace bailey {

Task<> sleep_for(std::chrono::milliseconds duration) {
  LoopTimer timer(co_await boost::asio::this_coro::executor, duration);
  co_await timer.async_wait(use_task);
}

}  // namespace bailey
