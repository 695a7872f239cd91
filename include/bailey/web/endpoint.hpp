#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/web/bind.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/owned.hpp>
#include <bailey/web/results.hpp>

#include <cstddef>
#include <exception>
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
                  "a handler takes its parameters by value or by reference to const");
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
  static_assert(std::is_invocable_v<const F&, P...>,
                "a handler is shared by all threads, so it must be callable as const: a lambda without `mutable`");

 public:
  BoundEndpoint(F handler, RouteOptions options) : handler_(std::move(handler)), options_(options) {
    (require_bindable<P>(), ...);
    if constexpr (suspends) {
      require_owned<typename TaskResult<Result>::type>();
    } else {
      require_owned<Result>();
    }
  }

  void check([[maybe_unused]] const RouteInfo& route) const override { (check_parameter<P>(route), ...); }

  http::Answer call(Request& request, Outlet outlet) const override {
    bool has_body = true;
    if constexpr (takes_body) has_body = request.take_body_now(options_.body_limit_bytes);
    if constexpr (!suspends) {
      if (has_body) return answer_now(request, std::index_sequence_for<P...>{});
    }
    return answer_later(request, outlet, has_body, std::index_sequence_for<P...>{});
  }

 private:
  static constexpr bool suspends = TaskResult<Result>::is_task;
  static constexpr bool takes_body = (reads_body<std::remove_cvref_t<P>> || ...);
  using Bound = std::tuple<BoundParameter<P>...>;

  template <class Q>
  static void check_parameter(const RouteInfo& route) {
    using T = std::remove_cvref_t<Q>;
    if constexpr (requires { Binder<T>::check(route); }) Binder<T>::check(route);
  }

  static Bound bind(Request& request) {
    ValidationErrors errors;
    Bound bound{bind_parameter<P>(request, errors)...};  // braces: left to right
    if (!errors.entries.empty()) fail_validation(std::move(errors));
    return bound;
  }

  // What is bound lives in the frame from which the handler is called, until its answer is encoded.
  template <std::size_t... I>
  Response answer_now(Request& request, std::index_sequence<I...>) const {
    [[maybe_unused]] Bound bound = bind(request);
    if constexpr (std::is_void_v<Result>) {
      handler_(pass_parameter<P>(std::get<I>(bound))...);
      return to_response(NoContent{}, options_.status);
    } else {
      return to_response(handler_(pass_parameter<P>(std::get<I>(bound))...), options_.status);
    }
  }

  // The one coroutine of ours about a handler. It holds what is bound, so that the handler may take it by reference
  // and suspend; and it calls and awaits in one expression, whose end is where a parameter taken by value dies, so that
  // a handler may be a plain function that hands one on to a coroutine.
  template <std::size_t... I>
  Task<Response> answer_later(Request& request, Outlet outlet, [[maybe_unused]] bool has_body,
                              std::index_sequence<I...> indexes) const {
    std::exception_ptr failure;
    try {
      if constexpr (takes_body) {
        if (!has_body) co_await request.read_body(options_.body_limit_bytes);
      }
      if constexpr (!suspends) {
        co_return outlet.succeed(request, answer_now(request, indexes));
      } else {
        [[maybe_unused]] Bound bound = bind(request);
        if constexpr (std::is_void_v<typename TaskResult<Result>::type>) {
          co_await handler_(pass_parameter<P>(std::get<I>(bound))...);
          co_return outlet.succeed(request, to_response(NoContent{}, options_.status));
        } else {
          auto result = co_await handler_(pass_parameter<P>(std::get<I>(bound))...);
          co_return outlet.succeed(request, to_response(std::move(result), options_.status));
        }
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
