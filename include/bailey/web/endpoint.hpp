#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/web/bind.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/results.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace bailey {

struct RouteOptions {
  int status = 0;  // of a success; 0: 200, 201 for Created, 204 without a value
  std::size_t body_limit_bytes = std::size_t{1024} * 1024;  // of a body that is bound as Json or Body; more is a 413
};

namespace web_detail {

class Pipeline;

// Where a handler that suspended delivers its response, so that the layers around it see it.
class Outlet {
 public:
  Outlet(const Pipeline& pipeline, std::size_t first) noexcept : pipeline_(&pipeline), first_(first) {}
  [[nodiscard]] Response succeed(Request& request, Response response) const noexcept;
  [[nodiscard]] Response fail(Request& request, const std::exception_ptr& failure) const noexcept;

 private:
  const Pipeline* pipeline_;
  std::size_t first_;
};

// A handler with its types erased.
class Endpoint {
 public:
  Endpoint() = default;
  virtual ~Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // Throws Error "invalid_route" when the route cannot work.
  virtual void check(const RouteInfo& route) const = 0;
  // A response, or what it throws, is the handler's own; a task's response has been through the outlet already.
  [[nodiscard]] virtual http::Answer call(Request& request, Outlet outlet) const = 0;
};

// The return type and parameters of a callable.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class... P>
struct Signature<R (*)(P...)> {
  using Result = R;
  using Parameters = std::tuple<std::type_identity<P>...>;
};
template <class R, class... P>
struct Signature<R (*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...)> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const noexcept> : Signature<R (*)(P...)> {};

template <class F>
concept PlainCallable = requires { typename Signature<F>::Result; };

template <class P>
constexpr void require_bindable() {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::same_as<T, Request>) {
    static_assert(std::same_as<P, const Request&>, "a handler takes the request as `const Request&`");
  } else {
    static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                  "a handler takes its parameters by value");
    static_assert(Bindable<T>,
                  "no way to make this parameter from a request: use const Request&, Path, Query, Header, Json, Body, "
                  "User, Supabase, or specialise bailey::Binder for the type");
  }
}

template <class F, class Parameters = typename Signature<F>::Parameters>
class BoundEndpoint;

template <class F, class... P>
class BoundEndpoint<F, std::tuple<std::type_identity<P>...>> final : public Endpoint {
  using Result = typename Signature<F>::Result;
  static constexpr bool suspends = TaskResult<Result>::is_task;
  static_assert(std::is_invocable_v<const F&, P...>,
                "a handler is shared by all threads, so it must be callable as const: a lambda without `mutable`");

 public:
  BoundEndpoint(F handler, RouteOptions options) : handler_(std::move(handler)), options_(options) {
    (require_bindable<P>(), ...);
  }

  void check([[maybe_unused]] const RouteInfo& route) const override { (check_parameter<P>(route), ...); }

  http::Answer call(Request& request, Outlet outlet) const override {
    if constexpr ((reads_body<std::remove_cvref_t<P>> || ...)) {
      if (!request.take_body_now(options_.body_limit_bytes)) return await_body(request, outlet);
    }
    if constexpr (suspends) {
      return finish<typename TaskResult<Result>::type>(invoke(request), request, outlet);
    } else {
      return invoke_for_response(request);
    }
  }

 private:
  template <class Q>
  static void check_parameter(const RouteInfo& route) {
    using T = std::remove_cvref_t<Q>;
    if constexpr (requires { Binder<T>::check(route); }) Binder<T>::check(route);
  }

  Result invoke(Request& request) const { return invoke_with(request, std::index_sequence_for<P...>{}); }

  template <std::size_t... I>
  Result invoke_with(Request& request, std::index_sequence<I...>) const {
    ValidationErrors errors;
    // Braces: left to right.
    std::tuple<decltype(bind_parameter<P>(request, errors))...> bound{bind_parameter<P>(request, errors)...};
    if (!errors.entries.empty()) fail_validation(std::move(errors));
    return std::invoke(handler_, pass_parameter<P>(std::get<I>(bound))...);
  }

  Response invoke_for_response(Request& request) const {
    if constexpr (std::is_void_v<Result>) {
      invoke(request);
      return to_response(NoContent{}, options_.status);
    } else {
      return to_response(invoke(request), options_.status);
    }
  }

  // The handler's task and the one coroutine of ours about it: what it returns or throws becomes the response.
  template <class X>
  Task<Response> finish(Task<X> task, Request& request, Outlet outlet) const {
    std::exception_ptr failure;
    try {
      if constexpr (std::is_void_v<X>) {
        co_await std::move(task);
        co_return outlet.succeed(request, to_response(NoContent{}, options_.status));
      } else {
        auto result = co_await std::move(task);
        co_return outlet.succeed(request, to_response(std::move(result), options_.status));
      }
    } catch (...) {
      failure = std::current_exception();
    }
    co_return outlet.fail(request, failure);
  }

  Task<Response> await_body(Request& request, Outlet outlet) const {
    std::exception_ptr failure;
    try {
      co_await request.read_body(options_.body_limit_bytes);
      if constexpr (!suspends) {
        co_return outlet.succeed(request, invoke_for_response(request));
      } else if constexpr (std::is_void_v<typename TaskResult<Result>::type>) {
        co_await invoke(request);
        co_return outlet.succeed(request, to_response(NoContent{}, options_.status));
      } else {
        auto result = co_await invoke(request);
        co_return outlet.succeed(request, to_response(std::move(result), options_.status));
      }
    } catch (...) {
      failure = std::current_exception();
    }
    co_return outlet.fail(request, failure);
  }

  F handler_;
  RouteOptions options_;
};

}  // namespace web_detail
}  // namespace bailey
