#include <bailey/web/background.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/task_group.hpp>
#include "web/background_tasks.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

namespace bailey {
namespace web_detail {
namespace {

// Those of a loop, of all apps that it serves: they are ended with the loop.
TaskGroup& running_here() {
  static LoopLocal<TaskGroup> running;
  return running.get([] { return std::make_unique<TaskGroup>("background"); });
}

// What is cut short is lost, so that is said.
Task<> run(std::string name, std::move_only_function<Task<>()> make) {
  try {
    co_await make();
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted)
      log::warning("a background task was cancelled before its end", {{"task", name}});
    throw;
  }
}

struct Ending {
  explicit Ending(std::size_t loops) : left(loops) {}
  std::atomic<std::size_t> left;  // loops whose tasks have not ended
  Event done;
};

Task<> end_here(std::shared_ptr<Ending> ending, std::chrono::milliseconds patience) {
  const bool have_ended = co_await running_here().drain(patience);
  if (!have_ended) log::warning("background tasks do not end though they were cancelled");
  if (--ending->left == 0) ending->done.set();
}

}  // namespace

void BackgroundQueue::add(std::string name, std::move_only_function<Task<>()> make) {
  if (is_started_) {
    running_here().spawn(name, run(name, std::move(make)));
  } else {
    tasks_.emplace_back(std::move(name), std::move(make));
  }
}

void BackgroundQueue::start() noexcept {
  is_started_ = true;
  for (auto& [name, make] : std::exchange(tasks_, {})) {
    try {
      running_here().spawn(name, run(name, std::move(make)));
    } catch (const std::exception& error) {
      log::error("a background task is not started", {{"task", name}, {"reason", error.what()}});
    }
  }
}

Task<> end_background(Runtime& runtime, std::chrono::milliseconds patience) {
  const auto ending = std::make_shared<Ending>(runtime.size());
  for (std::size_t at = 0; at < runtime.size(); ++at) {
    runtime.loop(at).post(
        [ending, patience] { Loop::current().spawn("end of background tasks", end_here(ending, patience)); });
  }
  co_await ending->done.wait();
}

}  // namespace web_detail

Background::Background(Request& request) {
  auto* tasks = request.state().get<web_detail::BackgroundTasks>();
  if (tasks == nullptr) tasks = &request.state().set(web_detail::BackgroundTasks());
  queue_ = tasks->queue();
}

void Background::add_task(std::string name, std::move_only_function<Task<>()> make) const {
  queue_->add(std::move(name), std::move(make));
}

}  // namespace bailey
