#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/injection.hpp>
#include <bailey/web/owned.hpp>
#include <bailey/web/results.hpp>
#include <bailey/web/streamed_answer.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace bailey::http {
class WebSocket;
}

namespace bailey::web_detail {

class Pipeline;

class Attempts;

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

// The dependencies of an endpoint that chooses, request by request, which of them are made.
class ChosenDependencies {
 public:
  ChosenDependencies() = default;
  ChosenDependencies(const ChosenDependencies&) = delete;
  ChosenDependencies& operator=(const ChosenDependencies&) = delete;

  // Whether all requests share what these needs of the endpoint's, by their places, ask for: nothing is to be made.
  [[nodiscard]] virtual bool are_shared(std::span<const std::size_t> needs) const noexcept = 0;
  // Makes it, with what that is made of in turn, then awaits the rest, and closes what was opened. Once a request. What
  // is wrong with their parameters is among the request's errors then, and what could not be made for it is not there.
  [[nodiscard]] virtual Task<> run(Request& request, std::span<const std::size_t> needs,
                                   std::move_only_function<Task<>()> rest) const = 0;

 protected:
  ~ChosenDependencies() = default;
};

// How a handler is called for a route: what of its options counts there, and the dependencies that all share.
struct CallOptions {
  int status = 0;
  std::size_t body_limit_bytes = 0;
  http::FormLimits form_limits = {};
  const http::Spool* spool = nullptr;  // where a form's files go; set where one is read
  SharedObjects shared = {};
  const ChosenDependencies* chosen = nullptr;  // of an endpoint that chooses
  // Of a page (Route::is_page): signs somebody in with its route's guard, which does not stand before it. Null: nobody
  // can be.
  const std::function<Task<SignedIn>(std::string email, Secret password)>* sign_in = nullptr;
  Attempts* attempts = nullptr;  // to do so, of all of the app's pages; set for each
  bool is_page_guarded = false;  // whether it is not for everybody: AppOptions::docs_guard
};

// A handler with its types erased: it says what it needs, and is called when that is there.
class Endpoint : public std::enable_shared_from_this<Endpoint> {
 public:
  Endpoint() = default;
  virtual ~Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // Adds to the route's description what the handler's types say. Throws Error "invalid_route" when the route cannot
  // work.
  virtual void describe(RouteInfo& route) const = 0;
  [[nodiscard]] virtual std::span<const Need> needs() const noexcept = 0;
  [[nodiscard]] virtual bool reads_form() const noexcept = 0;
  // Whether it is called before its dependencies are made, and has those made that it wants: CallOptions::chosen.
  [[nodiscard]] virtual bool chooses_dependencies() const noexcept { return false; }
  // Of a WebSocket whose first message brings the credentials (admit_by_first_message): what of it the guard is given.
  [[nodiscard]] virtual std::string credentials_in(Request&, std::string first_message) const { return first_message; }
  // Whether it goes on after its answer has begun.
  [[nodiscard]] virtual bool streams_answer() const noexcept { return false; }
  // See Request::may_last.
  [[nodiscard]] virtual bool may_last() const noexcept { return streams_answer(); }

  // With its dependencies made. A response, or what it throws, is the handler's own; a task's response has been through
  // the outlet already.
  [[nodiscard]] virtual http::Answer call(Request& request, const CallOptions& options, Outlet outlet) const = 0;
  // The same for a caller who takes what it throws.
  [[nodiscard]] virtual Task<Response> invoke(Request& request, const CallOptions& options) const = 0;
};

template <class F, class Parameters = typename Signature<F>::Parameters>
class BoundEndpoint;

template <class F, class... P>
class BoundEndpoint<F, std::tuple<std::type_identity<P>...>> final : public Endpoint {
  using Result = typename Signature<F>::Result;
  using Parameters = Injection<std::tuple<std::type_identity<P>...>>;
  static_assert(std::is_invocable_v<const F&, P...>,
                "a handler is shared by all threads, so it must be callable as const: a lambda without `mutable`");
  static_assert((!std::is_same_v<std::remove_cvref_t<P>, http::WebSocket> && ...),
                "a WebSocket has a route of its own: app.ws(path, handler)");

 public:
  explicit BoundEndpoint(F handler) : handler_(std::move(handler)) {
    Parameters::require();
    if constexpr (streams) {
      static_assert(!Parameters::looks_into_request(),
                    "a handler that streams its answer may outlive the request, so it takes nothing that looks into it "
                    "(const Request&, Body, Background, BodyStream, Multipart): take what is needed as Path, Query, "
                    "Header, Json, User, …");
    }
    if constexpr (suspends) {
      require_owned<typename TaskResult<Result>::type>();
    } else {
      require_owned<Result>();
    }
  }

  void describe(RouteInfo& route) const override {
    Parameters::describe(route);
    if constexpr (streams) {  // its parameter has said it
    } else if constexpr (suspends) {
      describe_result<typename TaskResult<Result>::type>(route);
    } else {
      describe_result<Result>(route);
    }
  }
  [[nodiscard]] std::span<const Need> needs() const noexcept override { return Parameters::needs; }
  [[nodiscard]] bool reads_form() const noexcept override { return Parameters::reads_form; }
  [[nodiscard]] bool streams_answer() const noexcept override { return streams; }

  http::Answer call(Request& request, const CallOptions& options, Outlet outlet) const override {
    if constexpr (Parameters::reads_body || Parameters::reads_form) Parameters::admit(request);
    bool has_body = true;
    if constexpr (Parameters::reads_body) has_body = request.take_body_now(options.body_limit_bytes);
    if constexpr (!suspends && !Parameters::reads_form) {
      if (has_body) return answer_now(request, options, std::index_sequence_for<P...>{});
    }
    return answer_later(request, options, outlet, has_body, std::index_sequence_for<P...>{});
  }

  Task<Response> invoke(Request& request, const CallOptions& options) const override {
    if constexpr (Parameters::reads_body || Parameters::reads_form) Parameters::admit(request);
    bool has_body = true;
    if constexpr (Parameters::reads_body) has_body = request.take_body_now(options.body_limit_bytes);
    return answer_later(request, options, std::nullopt, has_body, std::index_sequence_for<P...>{});
  }

 private:
  static constexpr bool suspends = TaskResult<Result>::is_task;
  static constexpr bool streams = Parameters::streams_answer;
  static_assert(
      !streams || std::same_as<Result, Task<>>,
      "a handler that streams its answer (EventStream, JsonLines, Output) is a coroutine that returns Task<>: "
      "what it sends is its answer");

  // What was wrong with the dependencies' own parameters is in the errors already.
  static typename Parameters::Bound bind(Request& request, const CallOptions& options) {
    ValidationErrors& errors = request.validation_errors();
    auto bound = Parameters::bind(request, options.shared, errors);
    if (!errors.entries.empty()) fail_validation(std::move(errors));
    return bound;
  }

  // What is bound lives in the frame from which the handler is called, until its answer is encoded.
  template <std::size_t... I>
  Response answer_now(Request& request, const CallOptions& options, std::index_sequence<I...>) const {
    [[maybe_unused]] auto bound = bind(request, options);
    if constexpr (std::is_void_v<Result>) {
      handler_(pass_parameter<P>(std::get<I>(bound))...);
      return to_response(NoContent{}, options.status);
    } else {
      return to_response(handler_(pass_parameter<P>(std::get<I>(bound))...), options.status);
    }
  }

  // The one coroutine of ours about a handler. It holds what is bound, so that the handler may take it by reference
  // and suspend; and it calls and awaits in one expression, whose end is where a parameter taken by value dies, so that
  // a handler may be a plain function that hands one on to a coroutine. Without an outlet it throws. The options are
  // the route's and outlive it.
  template <std::size_t... I>
  Task<Response> answer_later(Request& request, const CallOptions& options, std::optional<Outlet> outlet,
                              [[maybe_unused]] bool has_body, std::index_sequence<I...> indexes) const {
    std::exception_ptr failure;
    try {
      if constexpr (Parameters::reads_body) {
        if (!has_body) co_await request.read_body(options.body_limit_bytes);
      }
      if constexpr (Parameters::reads_form) co_await request.read_form(*options.spool, options.form_limits);
      std::optional<Response> response;
      if constexpr (!suspends) {
        response = answer_now(request, options, indexes);
      } else if constexpr (streams) {
        auto self = std::static_pointer_cast<const BoundEndpoint>(shared_from_this());
        Task<> handler = call_streaming(std::move(self), bind(request, options), indexes);
        response = co_await stream_answer(request, options.status, std::move(handler));
      } else {
        [[maybe_unused]] auto bound = bind(request, options);
        if constexpr (std::is_void_v<typename TaskResult<Result>::type>) {
          co_await handler_(pass_parameter<P>(std::get<I>(bound))...);
          response = to_response(NoContent{}, options.status);
        } else {
          auto result = co_await handler_(pass_parameter<P>(std::get<I>(bound))...);
          response = to_response(std::move(result), options.status);
        }
      }
      if (!outlet) co_return std::move(*response);
      co_return outlet->succeed(request, std::move(*response));
    } catch (...) {
      failure = std::current_exception();
    }
    if (!outlet) std::rethrow_exception(failure);
    co_return outlet->fail(request, failure);
  }

  // The handler of a streamed answer, which may go on when this pipeline has gone.
  template <std::size_t... I>
  static Task<> call_streaming(std::shared_ptr<const BoundEndpoint> self,
                               [[maybe_unused]] typename Parameters::Bound bound, std::index_sequence<I...>) {
    co_await self->handler_(pass_parameter<P>(std::get<I>(bound))...);
  }

  F handler_;
};

}  // namespace bailey::web_detail
