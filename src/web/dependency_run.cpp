// A dependency that stays open is a coroutine around the rest: it is the rest that its `yield` awaits. So they close in
// reverse order by themselves, and what the handler throws comes by all of them.
//
// One that outlives the handler runs beside the request instead: a task of the loop's, which waits in its `yield` until
// the request has ended. They are closed by one task, the last one first, each when the one before has ended.
#include "web/dependency_run.hpp"

#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include "web/openings.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace bailey::web_detail {
namespace {

// What is done for a request: the steps of its route that are wanted, and then the rest, or else the handler's call.
struct Work {
  const CompiledRoute& route;
  Request& request;
  const std::vector<bool>* wanted = nullptr;  // null: all
  std::move_only_function<Task<>()>* rest = nullptr;
  std::optional<Response> response = {};  // the handler's

  [[nodiscard]] bool wants(std::size_t step) const { return wanted == nullptr || (*wanted)[step]; }
};

// Nothing: all steps are wanted.
const std::vector<bool>* wanted_always(const CompiledRoute& route) { return route.chosen ? &route.always : nullptr; }

Task<> proceed(Work& work, std::size_t at);

// For the rest of the steps and the handler.
class OpeningInHandler final : public Opening {
 public:
  OpeningInHandler(Work& work, std::size_t at) : work_(work), at_(at) {}

  Task<> run(void* value) override {
    if (std::exchange(used_, true)) fail_given_twice();
    const Provider& provider = *work_.route.steps[at_].provider;
    provider.place(work_.request, value);
    std::exception_ptr failure;
    try {
      co_await proceed(work_, at_ + 1);
    } catch (...) {
      failure = std::current_exception();
    }
    provider.place(work_.request, nullptr);
    failure_ = failure;
    if (failure) std::rethrow_exception(failure);
  }

  [[nodiscard]] bool used() const noexcept { return used_; }
  // Of what came behind it: it is answered, unless the dependency throws something in its place.
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

 private:
  Work& work_;
  std::size_t at_;
  bool used_ = false;
  std::exception_ptr failure_;
};

Task<> open_in_handler(Work& work, std::size_t at) {
  const Step& step = work.route.steps[at];
  OpeningInHandler opening(work, at);
  const bool was_run = co_await step.provider->open(work.request, step.shared, opening);
  if (opening.failure()) std::rethrow_exception(opening.failure());
  if (!was_run) co_return co_await proceed(work, at + 1);
  if (!opening.used()) fail_not_given(*step.provider);
}

// In the request's state: its end is the request's.
class OpenInRequest {
 public:
  OpenInRequest() = default;
  OpenInRequest(OpenInRequest&&) noexcept = default;
  OpenInRequest& operator=(OpenInRequest&&) = delete;
  ~OpenInRequest() {
    if (openings_.empty()) return;
    openings_.back()->end();  // now: nothing is to begin for a request that has ended
    Loop* const loop = Loop::current_or_null();
    try {
      if (loop != nullptr) {
        loop->spawn("dependency", close_all(openings_));
        return;
      }
    } catch (const std::exception& error) {
      log::error("dependencies are closed without order", {{"reason", error.what()}});
    }
    for (const auto& each : openings_) each->end();
  }
  void add(std::shared_ptr<HeldInRequest> opening) { openings_.push_back(std::move(opening)); }

 private:
  HeldOpenings openings_;
};

Task<> open_in_request(const Step& step, Request& request) {
  auto opening = std::make_shared<HeldOpening>();
  hold_in_request(request, opening);
  Loop::current().spawn("dependency", hold_open(opening, step.provider, request, step.shared));
  if (co_await opening->opened()) step.provider->place(request, opening->value());
}

Task<> proceed(Work& work, std::size_t at) {
  const CompiledRoute& route = work.route;
  Request& request = work.request;
  for (;; ++at) {
    if (at == route.steps_before_body && at < route.steps.size()) {
      if (route.reads_form)
        co_await request.read_form(*route.call.spool, route.call.form_limits);
      else if (!request.take_body_now(route.call.body_limit_bytes))
        co_await request.read_body(route.call.body_limit_bytes);
    }
    if (at == route.steps.size()) break;
    if (!work.wants(at)) continue;
    const Step& step = route.steps[at];
    switch (step.provider->kind()) {
      case Provider::Kind::shared: break;
      case Provider::Kind::made:
        if (auto later = step.provider->make(request, step.shared)) co_await std::move(*later);
        break;
      case Provider::Kind::open_in_handler: co_return co_await open_in_handler(work, at);
      case Provider::Kind::open_in_request: co_await open_in_request(step, request); break;
    }
  }
  if (work.rest != nullptr)
    co_await (*work.rest)();
  else
    work.response = co_await route.endpoint->invoke(request, route.call);
}

Task<Response> answer_later(const CompiledRoute& route, Request& request, Outlet outlet, std::size_t at,
                            std::optional<Task<>> making) {
  std::exception_ptr failure;
  try {
    if (making) co_await std::move(*making);
    Work work{.route = route, .request = request, .wanted = wanted_always(route)};
    co_await proceed(work, at);
    co_return outlet.succeed(request, std::move(*work.response));
  } catch (...) {
    failure = std::current_exception();
  }
  co_return outlet.fail(request, failure);
}

}  // namespace

void hold_in_request(Request& request, std::shared_ptr<HeldInRequest> held) {
  OpenInRequest* open = request.state().get<OpenInRequest>();
  if (open == nullptr) open = &request.state().set(OpenInRequest());
  open->add(std::move(held));
}

http::Answer call_with_dependencies(const CompiledRoute& route, Request& request, Outlet outlet) {
  const std::vector<bool>* const wanted = wanted_always(route);
  for (std::size_t at = 0; at < route.steps.size(); ++at) {
    if (wanted != nullptr && !(*wanted)[at]) continue;
    const Step& step = route.steps[at];
    if (at >= route.steps_before_body && (route.reads_form || !request.take_body_now(route.call.body_limit_bytes)))
      return answer_later(route, request, outlet, at, std::nullopt);
    if (step.provider->kind() != Provider::Kind::made) return answer_later(route, request, outlet, at, std::nullopt);
    if (auto later = step.provider->make(request, step.shared))
      return answer_later(route, request, outlet, at + 1, std::move(later));
  }
  return route.endpoint->call(request, route.call, outlet);
}

Task<Response> invoke_with_dependencies(const CompiledRoute& route, Request& request) {
  Work work{.route = route, .request = request, .wanted = wanted_always(route)};
  co_await proceed(work, 0);
  co_return *std::move(work.response);
}

bool ChosenSteps::are_shared(std::span<const std::size_t> needs) const noexcept {
  return std::ranges::all_of(needs, [&](std::size_t need) {
    return std::ranges::none_of(route_.steps_of_needs[need], [](bool is_wanted) { return is_wanted; });
  });
}

Task<> ChosenSteps::run(Request& request, std::span<const std::size_t> needs,
                        std::move_only_function<Task<>()> rest) const {
  std::vector<bool> wanted(route_.steps.size(), false);
  for (const std::size_t need : needs)
    for (std::size_t step = 0; step < wanted.size(); ++step)
      if (route_.steps_of_needs[need][step] && !route_.always[step]) wanted[step] = true;
  Work work{.route = route_, .request = request, .wanted = &wanted, .rest = &rest};
  co_await proceed(work, 0);
}

}  // namespace bailey::web_detail
