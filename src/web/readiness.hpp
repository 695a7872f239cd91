#pragma once

#include <bailey/http/response.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/ready_check.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace bailey::web_detail {

// Whether an app can do its work, by checks of its own, as it is told to whoever asks. However many ask, a loop runs
// each check once a second at most, and never beside itself.
class Readiness {
 public:
  struct Check {
    std::string name;
    std::shared_ptr<const ReadyCheck> check;
    std::chrono::milliseconds timeout;
    std::vector<void*> objects = {};               // by its needs
    mutable std::atomic<bool> has_failed = false;  // as far as the log has been told
  };
  using Checks = std::vector<std::unique_ptr<Check>>;

  Readiness() = default;

  // Before the first `answer`.
  [[nodiscard]] Checks& checks() noexcept { return *checks_; }

  // {"status":"ready"}, or 503 with the names of what has failed: why is in the log alone. On a loop.
  [[nodiscard]] Task<http::Response> answer() const;

 private:
  struct Round;

  [[nodiscard]] std::shared_ptr<Round> current_round() const;
  [[nodiscard]] std::chrono::milliseconds patience() const noexcept;  // of who waits for a round
  static Task<> run_check(std::shared_ptr<const Checks> checks, std::size_t index, std::shared_ptr<Round> round);

  std::shared_ptr<Checks> checks_ = std::make_shared<Checks>();  // shared with the checks that run
  struct Latest {
    std::shared_ptr<Round> round;  // shared with the checks that run
  };
  mutable LoopLocal<Latest> latest_;
};

}  // namespace bailey::web_detail
