#pragma once

#include <bailey/runtime/loop.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace bailey {

struct RuntimeOptions {
  unsigned threads = 0;  // event loops, each on its own thread; 0: one for each core this process may use
  // SIGINT and SIGTERM end `run`, in order; a SIGINT that comes a second or more after the first of them ends the
  // process at once. SIGPIPE is ignored.
  bool handle_signals = true;
  // A loop that does nothing but run one handler for so long is logged, with the name of what it runs (a route):
  // whatever else waits on that loop is late by as much. 0: never.
  std::chrono::milliseconds stall_after{1000};
};

// The event loops of a program, one for each core. It owns them.
class Runtime {
 public:
  explicit Runtime(RuntimeOptions options = {});
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] Loop& loop(std::size_t index) noexcept;

  // Runs all loops, the first on the calling thread. Returns when they have stopped after `request_stop`. Once only.
  void run();

  // Begins the orderly end: the hooks of `on_stop` run on loop 0, the latest registered first, one after the other;
  // then the loops stop. Any thread; more than once is as good as once; may be called before `run`.
  void request_stop();

  // Registers what is to be done before the loops stop. A hook that throws is logged and passed over. Before `run`, or
  // on loop 0.
  void on_stop(std::function<Task<>()> hook);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bailey
