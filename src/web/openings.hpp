#pragma once

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/dependency.hpp>

#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace bailey::web_detail {

// What is open for a request and is closed when that has ended.
class HeldInRequest {
 public:
  HeldInRequest() = default;
  virtual ~HeldInRequest() = default;
  HeldInRequest(const HeldInRequest&) = delete;
  HeldInRequest& operator=(const HeldInRequest&) = delete;

  // Says that the request has ended.
  virtual void end() noexcept = 0;
  // The same; goes on when it has closed.
  [[nodiscard]] virtual Task<> close() = 0;
};

// A provider's coroutine that runs beside what it is for, as a task of the loop's, and waits in its `yield` until that
// has ended: a request, or the app.
class HeldOpening final : public Opening, public HeldInRequest {
 public:
  Task<> run(void* value) override;

  // Goes on when there is a value, or when there will be none; then throws what the provider has thrown. False:
  // something is wrong with the provider's parameters, and it was not run.
  [[nodiscard]] Task<bool> opened();
  [[nodiscard]] void* value() const noexcept { return value_; }
  // Goes on when the provider has cleaned up.
  [[nodiscard]] Task<> close() override;
  void end() noexcept override { ended_.set(); }

 private:
  friend Task<> hold_open(std::shared_ptr<HeldOpening>, std::shared_ptr<const Provider>, Request&,
                          const std::vector<void*>&);

  Event settled_;
  Event ended_;
  Event closed_;
  bool was_run_ = false;
  bool used_ = false;
  void* value_ = nullptr;
  std::exception_ptr failure_;  // before there was a value
  std::shared_ptr<const Provider> provider_;
};
using HeldOpenings = std::vector<std::shared_ptr<HeldInRequest>>;

// Runs the provider to its end. The request is looked at before the first suspension alone, and only while it lasts.
// What the provider throws behind its `yield` is thrown.
[[nodiscard]] Task<> hold_open(std::shared_ptr<HeldOpening> opening, std::shared_ptr<const Provider> provider,
                               Request& request, const std::vector<void*>& shared);

// Closes all, the last one first, each when the one behind it has closed.
[[nodiscard]] Task<> close_all(HeldOpenings openings);

[[noreturn]] void fail_given_twice();
[[noreturn]] void fail_not_given(const Provider& provider);

}  // namespace bailey::web_detail
