// The loop owns three kinds of things and lets them go in this order: spawned tasks (cancelled and awaited by `stop`),
// the frames of whatever else is still suspended (destroyed by the io_context's shutdown), and the locals, which those
// frames may point to. The wheel goes last: frames and locals hold its entries.
#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/waiter.hpp>

#include "runtime/loop_address.hpp"
#include "runtime/loop_timer.hpp"
#include "runtime/spawned.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <list>
#include <optional>
#include <utility>

namespace bailey {

namespace {

namespace asio = boost::asio;

thread_local Loop* current_loop = nullptr;

// Its sockets are used by the loop's thread alone, so the reactor needs no lock for them; posting stays thread-safe.
class Context : public asio::io_context {
 public:
  Context() : asio::io_context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO) {}
  using asio::execution_context::shutdown;
};

class CurrentLoop {
 public:
  explicit CurrentLoop(Loop* loop) : before_(std::exchange(current_loop, loop)) {}
  ~CurrentLoop() { current_loop = before_; }
  CurrentLoop(const CurrentLoop&) = delete;
  CurrentLoop& operator=(const CurrentLoop&) = delete;

 private:
  Loop* before_;
};

bool is_cancellation(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

void log_failure(std::string_view what, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    log::error("task failed", {{"task", what}, {"code", error.code()}, {"error", error.message()}});
  } catch (const std::exception& error) {
    log::error("task failed", {{"task", what}, {"error", error.what()}});
  } catch (...) {
    log::error("task failed", {{"task", what}});
  }
}

}  // namespace

struct Loop::State {
  State(TimerWheel& wheel, std::atomic<std::uint64_t>& counter, std::atomic<const std::string*>& name)
      : timers(wheel), ticks(counter), activity(name), ticker(io.get_executor()), patience_over([this] {
          io.stop();
        }) {}

  void wait_for_tick() {
    ticker.expires_at(ticker.expiry() + TimerWheel::resolution);
    ticker.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      const auto now = std::chrono::steady_clock::now();
      // A stall of the loop must not look like silence of its peers: what they sent meanwhile is still to be read.
      const auto passed = std::min<std::chrono::steady_clock::duration>(now - latest_tick, TimerWheel::resolution * 2);
      latest_tick = now;
      if (ticker.expiry() + TimerWheel::resolution < now) ticker.expires_at(now);
      wait_for_tick();
      ticks.fetch_add(1, std::memory_order_relaxed);
      activity.store(nullptr, std::memory_order_relaxed);  // of what ran; what stalls the loop begins after a tick
      elapsed += passed;
      timers.tick(std::chrono::duration_cast<TimerWheel::Duration>(elapsed));
    });
  }

  void stop(std::chrono::milliseconds patience) {
    if (std::exchange(stopping, true)) return;
    // Cancelling resumes nothing at once: what it ends is posted, so the list holds still meanwhile.
    for (detail::Spawned& task : spawned) task.cancel.emit(asio::cancellation_type::terminal);
    if (spawned.empty())
      io.stop();
    else
      timers.arm(patience_over, patience);
  }

  TimerWheel& timers;
  std::atomic<std::uint64_t>& ticks;
  std::atomic<const std::string*>& activity;
  Context io;
  std::list<detail::Spawned> spawned;
  LoopTimer ticker;
  std::chrono::steady_clock::time_point latest_tick{};
  std::chrono::steady_clock::duration elapsed{};
  TimerWheel::Entry patience_over;
  bool stopping = false;
};

Loop::Loop()
    : address_(std::make_shared<detail::LoopAddress>(this)),
      state_(std::make_unique<State>(timers_, ticks_, activity_)) {}

Loop::~Loop() {
  CurrentLoop current(this);
  address_->forget();
  ending_ = true;
  state_->ticker.cancel();
  for (detail::Spawned& task : state_->spawned) std::exchange(task.on_end, {})();
  state_->io.shutdown();
  while (waiting_ != nullptr) waiting_->drop();
  state_->io.shutdown();  // what the frames that went have left to it
  while (!locals_.empty()) {
    const Local gone = std::move(locals_.back());
    locals_.pop_back();
  }
}

Loop& Loop::current() {
  if (!current_loop) throw Error("no_loop", "this thread runs no event loop");
  return *current_loop;
}

Loop* Loop::current_or_null() noexcept { return current_loop; }

LoopExecutor Loop::executor() noexcept { return state_->io.get_executor(); }
asio::io_context& Loop::io() noexcept { return state_->io; }

void Loop::post(std::move_only_function<void()> work) { asio::post(state_->io, std::move(work)); }

LoopHandle Loop::handle() const { return LoopHandle(address_); }

bool LoopHandle::post(std::move_only_function<void()> work) const {
  const std::lock_guard lock(address_->mutex);
  if (address_->loop == nullptr) return false;
  address_->loop->post(std::move(work));
  return true;
}

bool LoopHandle::is_current() const noexcept { return current_loop != nullptr && current_loop->address_ == address_; }

void Loop::broadcast(const std::function<void()>& work) {
  if (!peers_) return post(work);
  for (const LoopHandle& loop : *peers_) loop.post(work);
}

void Loop::spawn(std::string name, Task<> task) {
  detail::Spawned* place = nullptr;
  start(std::move(name), std::move(task), place, [] {});
}

void detail::spawn(Loop& loop, std::string name, Task<> task, Spawned*& place, std::function<void()> on_end) {
  loop.start(std::move(name), std::move(task), place, std::move(on_end));
}

void Loop::start(std::string name, Task<> task, detail::Spawned*& place, std::function<void()> on_end) {
  const auto entry = state_->spawned.emplace(state_->spawned.end());
  entry->name = std::move(name);
  entry->on_end = std::move(on_end);
  place = &*entry;
  auto ended = [this, entry](const std::exception_ptr& failure) {
    State& state = *state_;
    if (failure && !is_cancellation(failure)) log_failure(entry->name, failure);
    const std::function<void()> then = std::move(entry->on_end);
    state.spawned.erase(entry);
    then();
    if (state.stopping && state.spawned.empty()) state.io.stop();
  };
  asio::co_spawn(executor(), std::move(task), asio::bind_cancellation_slot(entry->cancel.slot(), std::move(ended)));
  if (state_->stopping) entry->cancel.emit(asio::cancellation_type::terminal);
}

void Loop::drop_local(std::uint64_t key) noexcept {
  const auto found = std::ranges::find(locals_, key, &Local::key);
  if (found == locals_.end()) return;
  const Local gone = std::move(*found);  // may itself be the last user of another: the list is in order before it goes
  locals_.erase(found);
}

void Loop::run() {
  CurrentLoop current(this);
  const auto work = asio::make_work_guard(state_->io);
  state_->latest_tick = std::chrono::steady_clock::now();
  state_->ticker.expires_at(state_->latest_tick);
  state_->wait_for_tick();
  ticks_.store(1, std::memory_order_relaxed);  // it runs: a stall may begin before the first tick
  for (;;) {
    try {
      state_->io.run();
      ticks_.store(0, std::memory_order_relaxed);  // runs no more, which is no stall
      return;
    } catch (...) {  // of posted work; a task's own exceptions go to its owner
      log_failure("posted work", std::current_exception());
    }
  }
}

void Loop::stop(std::chrono::milliseconds patience) {
  post([this, patience] { state_->stop(patience); });
}

void Loop::advance_timers(std::chrono::milliseconds by) {
  state_->elapsed += by;
  timers_.tick(std::chrono::duration_cast<TimerWheel::Duration>(state_->elapsed));
}

}  // namespace bailey
