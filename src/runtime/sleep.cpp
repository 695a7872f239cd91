#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>

#include "runtime/loop_timer.hpp"

#include <boost/asio/this_coro.hpp>

namespace bailey {

Task<> sleep_for(std::chrono::milliseconds duration) {
  LoopTimer timer(co_await boost::asio::this_coro::executor, duration);
  Loop* const loop = Loop::current_or_null();
  const std::string* const activity = loop != nullptr ? loop->activity() : nullptr;
  co_await timer.async_wait(use_task);
  if (loop != nullptr) loop->set_activity(activity);
}

}  // namespace bailey
