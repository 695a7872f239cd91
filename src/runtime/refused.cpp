// Must not compile without a warning, which is one of -Wall, each case with its own sentence; see CMakeLists.txt.
#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/semaphore.hpp>
#include <bailey/runtime/task_group.hpp>
#include <bailey/runtime/when.hpp>

#include <string_view>

#pragma GCC diagnostic error "-Wunused-result"

using namespace bailey;

Task<> use(Semaphore places, Channel<int> numbers, Event event, TaskGroup& group) {
#if REFUSED == 1
  co_await places.acquire();  // given back at once
#elif REFUSED == 2
  numbers.close_at_end();  // closes it at once
#elif REFUSED == 3
  event.wait();  // does not wait
#elif REFUSED == 4
  group.drain(std::chrono::seconds(1));  // waits for nobody
#elif REFUSED == 5
  when_all(event.wait(), event.wait());  // starts nothing
#elif REFUSED == 6
  Semaphore::Permit permit = co_await places.acquire();
  Semaphore::Permit again = permit;
#elif REFUSED == 7
  with_task_group("all", std::chrono::seconds(1), [](TaskGroup&) -> Task<> { co_return; });  // starts nothing
#elif REFUSED == 8
  static_cast<void>(Channel<std::string_view>(1));
#endif
  co_return;
}
