#include <bailey/runtime/sleep.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace bailey {

Task<> sleep_for(std::chrono::milliseconds duration) {
  namespace asio = boost::asio;
  using Clock = std::chrono::steady_clock;
  const LoopExecutor executor = co_await asio::this_coro::executor;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, LoopExecutor> timer(executor, duration);
  co_await timer.async_wait(use_task);
}

}  // namespace bailey
