// A dependency that stays open is a coroutine around the rest: it is the rest that its `yield` awaits. So they close in
// reverse order by themselves, and what the handler throws comes by all of them.
//
// One that outlives the handler runs beside the request instead: a task of the loop's, which waits in its `yield` until
// the request has ended. They are closed by one task, the last one first, each when the one before has ended.
#include "web/dependency_run.hpp"

#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include "web/openings.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace bailey::web_detail {
namespace {

Task<> proceed(const CompiledRoute& route, Request& request, std::size_t at, std::optional<Response>& response);

// For the rest of the steps and the handler.
class OpeningInHandler final : public Opening {
 public:
  OpeningInHandler(const CompiledRoute& route, Request& request, std::size_t at, std::optional<Response>& response)
      : route_(route), request_(request), at_(at), response_(response) {}

  Task<> run(void* value) override {
    if (std::exchange(used_, true)) fail_given_twice();
    const Provider& provider = *route_.steps[at_].provider;
    provider.place(request_, value);
    std::exception_ptr failure;
    try {
      co_await proceed(route_, request_, at_ + 1, response_);
    } catch (...) {
      failure = std::current_exception();
    }
    provider.place(request_, nullptr);
    failure_ = failure;
    if (failure) std::rethrow_exception(failure);
  }

  [[nodiscard]] bool used() const noexcept { return used_; }
  // Of what came behind it: it is answered, unless the dependency throws something in its place.
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

 private:
  const CompiledRoute& route_;
  Request& request_;
  std::size_t at_;
  std::optional<Response>& response_;
  bool used_ = false;
  std::exception_ptr failure_;
};

Task<> open_in_handler(const CompiledRoute& route, Request& request, std::size_t at,
                       std::optional<Response>& response) {
  const Step& step = route.steps[at];
  OpeningInHandler opening(route, request, at, response);
  const bool was_run = co_await step.provider->open(request, step.shared, opening);
  if (opening.failure()) std::rethrow_exception(opening.failure());
  if (!was_run) co_return co_await proceed(route, request, at + 1, response);
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

Task<> proceed(const CompiledRoute& route, Request& request, std::size_t at, std::optional<Response>& response) {
  for (;; ++at) {
    if (at == route.steps_before_body && at < route.steps.size()) {
      if (route.reads_form)
        co_await request.read_form(*route.call.spool, route.call.form_limits);
      else if (!request.take_body_now(route.call.body_limit_bytes))
        co_await request.read_body(route.call.body_limit_bytes);
    }
    if (at == route.steps.size()) break;
    const Step& step = route.steps[at];
    switch (step.provider->kind()) {
      case Provider::Kind::shared: break;
      case Provider::Kind::made:
        if (auto later = step.provider->make(request, step.shared)) co_await std::move(*later);
        break;
      case Provider::Kind::open_in_handler: co_return co_await open_in_handler(route, request, at, response);
      case Provider::Kind::open_in_request: co_await open_in_request(step, request); break;
    }
  }
  response = co_await route.endpoint->invoke(request, route.call);
}

Task<Response> answer_later(const CompiledRoute& route, Request& request, Outlet outlet, std::size_t at,
                            std::optional<Task<>> making) {
  std::exception_ptr failure;
  try {
    if (making) co_await std::move(*making);
    std::optional<Response> response;
    co_await proceed(route, request, at, response);
    co_return outlet.succeed(request, std::move(*response));
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
  for (std::size_t at = 0; at < route.steps.size(); ++at) {
    const Step& step = route.steps[at];
    if (at == route.steps_before_body && (route.reads_form || !request.take_body_now(route.call.body_limit_bytes)))
      return answer_later(route, request, outlet, at, std::nullopt);
    if (step.provider->kind() != Provider::Kind::made) return answer_later(route, request, outlet, at, std::nullopt);
    if (auto later = step.provider->make(request, step.shared))
      return answer_later(route, request, outlet, at + 1, std::move(later));
  }
  return route.endpoint->call(request, route.call, outlet);
}

Task<Response> invoke_with_dependencies(const CompiledRoute& route, Request& request) {
  std::optional<Response> response;
  co_await proceed(route, request, 0, response);
  co_return *std::move(response);
}

}  // namespace bailey::web_detail
