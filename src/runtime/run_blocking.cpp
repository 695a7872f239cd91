#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include <boost/asio/co_spawn.hpp>

namespace bailey::detail {

std::exception_ptr run_to_end(Task<> task) {
  if (Loop::current_or_null())
    throw Error("nested_loop", "run_blocking was called on an event loop; await the task instead");
  std::exception_ptr outcome;
  Loop loop;
  boost::asio::co_spawn(loop.executor(), std::move(task), [&](std::exception_ptr error) {
    outcome = std::move(error);
    loop.stop();
  });
  loop.run();
  return outcome;
}

}  // namespace bailey::detail
