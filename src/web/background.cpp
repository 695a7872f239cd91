#include <bailey/web/background.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include "web/background_tasks.hpp"

#include <utility>

namespace bailey {
namespace web_detail {
namespace {

Task<> run(std::move_only_function<Task<>()> make) { co_await make(); }

}  // namespace

BackgroundTasks::~BackgroundTasks() {
  Loop* const loop = Loop::current_or_null();
  for (auto& [name, make] : tasks_) {
    try {
      if (loop == nullptr) throw Error("no_loop", "the loop has ended");
      loop->spawn(name, run(std::move(make)));
    } catch (const std::exception& error) {
      log::error("a background task is not started", {{"task", name}, {"reason", error.what()}});
    }
  }
}

}  // namespace web_detail

void Background::add_task(std::string name, std::move_only_function<Task<>()> make) const {
  auto* tasks = request_->state().get<web_detail::BackgroundTasks>();
  if (tasks == nullptr) tasks = &request_->state().set(web_detail::BackgroundTasks());
  tasks->add(std::move(name), std::move(make));
}

}  // namespace bailey
