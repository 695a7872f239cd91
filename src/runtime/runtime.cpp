#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/runtime.hpp>

#include "runtime/stall_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>
#include <vector>

namespace bailey {

namespace {

namespace asio = boost::asio;
using Signals = asio::basic_signal_set<LoopExecutor>;

constexpr std::chrono::seconds again_after{1};

unsigned usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

struct Runtime::State {
  explicit State(RuntimeOptions given) : options(given) {
    const unsigned count = options.threads ? options.threads : usable_cores();
    for (unsigned i = 0; i < count; ++i) loops.push_back(std::make_unique<Loop>());
    auto peers = std::make_shared<std::vector<LoopHandle>>();
    for (const auto& loop : loops) peers->push_back(loop->handle());
    for (const auto& loop : loops) loop->peers_ = peers;
  }

  // Latest registered first, each alone: what was started last is ended first, while what it stands on still runs.
  Task<> run_hooks() {
    while (!hooks.empty()) {
      const auto hook = std::move(hooks.back());
      hooks.pop_back();
      try {
        Task<> task = hook();
        co_await std::move(task);
      } catch (const std::exception& error) {
        log::error("a stop hook failed", {{"error", error.what()}});
      }
    }
  }

  void begin_stop() {
    asio::co_spawn(loops.front()->executor(), run_hooks(), [this](const std::exception_ptr&) {
      if (signals) signals->cancel();
      for (auto& loop : loops) loop->stop();
    });
  }

  // One Ctrl-C may come as several signals: the terminal interrupts us and the script that started us, and the script
  // passes its own signal on, at once or when it has ended others. Only a person interrupts again a second later.
  void wait_for_signal(Runtime& runtime) {
    signals->async_wait([this, &runtime](const boost::system::error_code& error, int number) {
      if (error) return;
      const TimerWheel::Duration now = loops.front()->timers().now();
      if (!signalled_at) {
        signalled_at = now;
        log::info("stopping", {{"signal", number}});
        runtime.request_stop();
      } else if (number == SIGINT && now - *signalled_at >= again_after) {
        std::_Exit(128 + number);  // no more waiting for anything
      }
      wait_for_signal(runtime);
    });
  }

  RuntimeOptions options;
  std::vector<std::function<Task<>()>> hooks;
  std::vector<std::unique_ptr<Loop>> loops;
  std::optional<Signals> signals;
  std::optional<TimerWheel::Duration> signalled_at;  // the first one, on loop 0
  std::atomic<bool> requested = false;
};

Runtime::Runtime(RuntimeOptions options) : state_(std::make_unique<State>(options)) {}
Runtime::~Runtime() = default;

std::size_t Runtime::size() const noexcept { return state_->loops.size(); }
Loop& Runtime::loop(std::size_t index) noexcept { return *state_->loops[index]; }

void Runtime::run() {
  State& state = *state_;
  if (state.options.handle_signals) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader of our output who goes must not take the service along
    state.signals.emplace(state.loops.front()->executor(), SIGINT, SIGTERM);
    state.wait_for_signal(*this);
  }
  std::vector<const Loop*> watched;
  for (const auto& loop : state.loops) watched.push_back(loop.get());
  const detail::StallWatch watch(std::move(watched), state.options.stall_after);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < state.loops.size(); ++i) threads.emplace_back([&loop = *state.loops[i]] { loop.run(); });
  state.loops.front()->run();
  threads.clear();
  state.signals.reset();
}

void Runtime::request_stop() {
  if (state_->requested.exchange(true)) return;
  state_->loops.front()->post([state = state_.get()] { state->begin_stop(); });
}

void Runtime::on_stop(std::function<Task<>()> hook) { state_->hooks.push_back(std::move(hook)); }

}  // namespace bailey
