#pragma once

#include <bailey/base/error.hpp>
#include <bailey/base/make_shared_as.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/injection.hpp>
#include <bailey/web/owned.hpp>
#include <bailey/web/results.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

// Dependencies: values that handlers take by their type, made for each request by functions of the app's.
//
//   app.provide([](User user, Header<"x-tenant", Uuid> id) -> Task<Tenant> { … });
//   app.get("/cards", [](const Tenant& tenant) { … });
//
// The function's parameters are a handler's: parts of the request and other dependencies. It runs once a request,
// before whoever asks for the value, and before the body is read unless it asks for that, too. The value lives until
// the answer has been sent; all that ask for it in one request share it, by reference, or get a copy. What it throws is
// answered as what a handler throws; what is wrong with its parameters is told together with everybody else's.
namespace bailey {

// How long what a dependency has opened stays open.
enum class Lifetime : std::uint8_t {
  handler,  // until the handler has answered, before the first byte is sent: what fails then still fails the request
  request,  // until the answer has been sent or the client has gone: what fails then is logged
};

namespace web_detail {

// What a dependency that stays open is open for.
class Opening {
 public:
  // Runs what the value is for; `value` is set meanwhile.
  [[nodiscard]] virtual Task<> run(void* value) = 0;

 protected:
  ~Opening() = default;
};

}  // namespace web_detail

// The last parameter of a function that provides a T and cleans up behind it. Awaiting it hands the value to whoever
// asks for one, and goes on when they are done: an exception of the handler's comes out of it, and locals are destroyed
// in the usual order.
//
//   app.provide([](const pg::Database& database, Yield<Session> yield) -> Task<> {
//     Session session = co_await Session::open(database);
//     co_await yield(session);
//     co_await session.close();
//   });
//
// It is awaited once: not at all is an error, twice throws Error "misuse". With Lifetime::request the function may not
// take a reference to what ends with the request.
template <class T = void, Lifetime life = Lifetime::handler>
class Yield {
 public:
  explicit Yield(web_detail::Opening& opening) noexcept : opening_(&opening) {}
  ~Yield();  // not trivial: see Parameter

  // The value is the caller's, who keeps it until this returns.
  [[nodiscard]] Task<> operator()(T& value) const { return opening_->run(&value); }
  [[nodiscard]] Task<> operator()(T&& value) const { return keep(std::move(value), *opening_); }

 private:
  static Task<> keep(T value, web_detail::Opening& opening) { co_await opening.run(&value); }

  web_detail::Opening* opening_;
};
template <class T, Lifetime life>
Yield<T, life>::~Yield() = default;

// The same for one that provides nothing but what it does before and after.
template <Lifetime life>
class Yield<void, life> {
 public:
  explicit Yield(web_detail::Opening& opening) noexcept : opening_(&opening) {}
  ~Yield();

  [[nodiscard]] Task<> operator()() const { return opening_->run(nullptr); }

 private:
  web_detail::Opening* opening_;
};
template <Lifetime life>
Yield<void, life>::~Yield() = default;

namespace web_detail {

// A function of the app's that makes a dependency, with its types erased.
class Provider {
 public:
  Provider() = default;
  virtual ~Provider() = default;
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  enum class Kind : std::uint8_t { shared, made, open_in_handler, open_in_request };

  [[nodiscard]] virtual Kind kind() const noexcept = 0;
  // What it makes; null: nothing, it is there for what it does.
  [[nodiscard]] virtual TypeKey key() const noexcept = 0;
  [[nodiscard]] virtual std::string_view type() const noexcept = 0;
  virtual void describe(RouteInfo&) const {}
  [[nodiscard]] virtual std::span<const Need> needs() const noexcept { return {}; }
  [[nodiscard]] virtual bool reads_body() const noexcept { return false; }
  [[nodiscard]] virtual bool reads_form() const noexcept { return false; }
  // Of one that is made: whether it may look into what it was made of, and whether that is the request.
  [[nodiscard]] virtual bool may_look_elsewhere() const noexcept { return false; }
  [[nodiscard]] virtual bool is_made_of_request() const noexcept { return false; }

  // Of a shared one: the object, and whether who asks may change it.
  [[nodiscard]] virtual void* object() const noexcept { return nullptr; }
  [[nodiscard]] virtual bool is_mutable() const noexcept { return true; }

  // Of one that is made: makes it now, or when the task is awaited. Adds what is wrong with its parameters to the
  // request's errors and makes nothing.
  [[nodiscard]] virtual std::optional<Task<>> make(Request&, SharedObjects) const { return std::nullopt; }
  // Of one that stays open. False: something is wrong with its parameters, nothing was run.
  [[nodiscard]] virtual Task<bool> open(Request&, SharedObjects, Opening&) const { co_return false; }
  // Of one that stays open: where the value is to be looked for.
  virtual void place(Request&, void*) const {}
};

// A value that is there before any request.
template <class T>
class SharedProvider final : public Provider {
 public:
  explicit SharedProvider(T value) : value_(std::move(value)) {}
  [[nodiscard]] Kind kind() const noexcept override { return Kind::shared; }
  [[nodiscard]] TypeKey key() const noexcept override { return type_key<T>; }
  [[nodiscard]] std::string_view type() const noexcept override { return name_of_type<T>(); }
  // To be read only, as `is_mutable` says.
  [[nodiscard]] void* object() const noexcept override { return const_cast<T*>(&value_); }
  [[nodiscard]] bool is_mutable() const noexcept override { return false; }

 private:
  T value_;
};

template <class T>
class ReferenceProvider final : public Provider {
 public:
  explicit ReferenceProvider(T& object) noexcept : object_(&object) {}
  [[nodiscard]] Kind kind() const noexcept override { return Kind::shared; }
  [[nodiscard]] TypeKey key() const noexcept override { return type_key<std::remove_const_t<T>>; }
  [[nodiscard]] std::string_view type() const noexcept override { return name_of_type<std::remove_const_t<T>>(); }
  [[nodiscard]] void* object() const noexcept override { return const_cast<std::remove_const_t<T>*>(object_); }
  [[nodiscard]] bool is_mutable() const noexcept override { return !std::is_const_v<T>; }

 private:
  T* object_;
};

// What a provider's function makes, seen through Task and std::expected.
template <class R>
struct Provided {
  using type = R;
};
template <class R>
  requires TaskResult<R>::is_task
struct Provided<R> : Provided<typename TaskResult<R>::type> {};
template <class R, class E>
struct Provided<std::expected<R, E>> : Provided<R> {};

// Whether every parameter has been made: nothing was wrong with them, and no dependency is missing because something
// was wrong with its own.
template <class Bound>
[[nodiscard]] bool is_complete(Request& request, std::size_t errors_before, const Bound& bound) {
  return request.validation_errors().entries.size() == errors_before &&
         std::apply([](const auto&... held) { return (static_cast<bool>(held) && ...); }, bound);
}

// What is the request's own, by its type.
template <class T>
constexpr bool is_of_request = std::same_as<T, Request> || std::same_as<T, Body>;
template <class T>
  requires requires { Binder<T>::looks_into_request; }
constexpr bool is_of_request<T> = Binder<T>::looks_into_request;

template <class F, class Parameters>
class MakingProvider;

template <class F, class... P>
class MakingProvider<F, std::tuple<std::type_identity<P>...>> final : public Provider {
  using Result = typename Signature<F>::Result;
  using Parameters = Injection<std::tuple<std::type_identity<P>...>>;
  using T = typename Provided<Result>::type;
  static constexpr bool makes_nothing = std::is_void_v<T>;
  static constexpr bool suspends = TaskResult<Result>::is_task;
  static_assert(
      std::is_invocable_v<const F&, P...>,
      "what provides a dependency is shared by all threads, so it must be callable as const: a lambda without "
      "`mutable`");
  static_assert(!Parameters::streams_body && !Parameters::streams_answer,
                "what streams (BodyStream, Multipart, EventStream, JsonLines, Output) is the handler's");

 public:
  explicit MakingProvider(F function) : function_(std::move(function)) {
    Parameters::require();
    if constexpr (!makes_nothing) {
      require_owned<T>();
      static_assert(Providable<T>,
                    "what an app provides is a class of the program's own, which handlers ask for by its type alone: "
                    "put a number, a text or a list into a struct that says what it is");
    }
  }

  [[nodiscard]] Kind kind() const noexcept override { return Kind::made; }
  [[nodiscard]] TypeKey key() const noexcept override {
    if constexpr (makes_nothing) {
      return nullptr;
    } else {
      return type_key<T>;
    }
  }
  [[nodiscard]] std::string_view type() const noexcept override { return name_of_type<T>(); }
  void describe(RouteInfo& route) const override { Parameters::describe(route); }
  [[nodiscard]] std::span<const Need> needs() const noexcept override { return Parameters::needs; }
  [[nodiscard]] bool reads_body() const noexcept override { return Parameters::reads_body; }
  [[nodiscard]] bool reads_form() const noexcept override { return Parameters::reads_form; }
  [[nodiscard]] bool may_look_elsewhere() const noexcept override {
    if constexpr (makes_nothing) {
      return false;
    } else {
      return !is_plain<T>();
    }
  }
  [[nodiscard]] bool is_made_of_request() const noexcept override {
    return (is_of_request<std::remove_cvref_t<P>> || ...);
  }

  [[nodiscard]] std::optional<Task<>> make(Request& request, SharedObjects shared) const override {
    if constexpr (suspends) {
      return make_later(request, shared, std::index_sequence_for<P...>{});
    } else {
      make_now(request, shared, std::index_sequence_for<P...>{});
      return std::nullopt;
    }
  }

 private:
  template <class R>
  static void keep([[maybe_unused]] Request& request, R&& result) {
    if constexpr (IsExpected<std::remove_cvref_t<R>>::value) {
      if (!result) throw std::forward<R>(result).error();
      if constexpr (!makes_nothing) keep(request, *std::forward<R>(result));
    } else {
      request.state().set(Made<T>(std::forward<R>(result)));
    }
  }

  template <std::size_t... I>
  void make_now(Request& request, SharedObjects shared, std::index_sequence<I...>) const {
    const std::size_t before = request.validation_errors().entries.size();
    [[maybe_unused]] auto bound = Parameters::bind(request, shared, request.validation_errors());
    if (!is_complete(request, before, bound)) return;
    if constexpr (std::is_void_v<Result>) {
      function_(pass_parameter<P>(std::get<I>(bound))...);
    } else {
      keep(request, function_(pass_parameter<P>(std::get<I>(bound))...));
    }
  }

  template <std::size_t... I>
  Task<> make_later(Request& request, SharedObjects shared, std::index_sequence<I...>) const {
    const std::size_t before = request.validation_errors().entries.size();
    [[maybe_unused]] auto bound = Parameters::bind(request, shared, request.validation_errors());
    if (!is_complete(request, before, bound)) co_return;
    if constexpr (std::is_void_v<typename TaskResult<Result>::type>) {
      co_await function_(pass_parameter<P>(std::get<I>(bound))...);
    } else {
      keep(request, co_await function_(pass_parameter<P>(std::get<I>(bound))...));
    }
  }

  F function_;
};

template <class T>
struct IsYield : std::false_type {};
template <class T, Lifetime life>
struct IsYield<Yield<T, life>> : std::true_type {
  using type = T;
  static constexpr Lifetime lifetime = life;
};

template <class... P>
struct SplitLast;
template <class Last>
struct SplitLast<Last> {
  using First = std::tuple<>;
  using type = Last;
};
template <class Head, class... Tail>
struct SplitLast<Head, Tail...> {
  using type = typename SplitLast<Tail...>::type;
  using First =
      decltype(std::tuple_cat(std::declval<std::tuple<Head>>(), std::declval<typename SplitLast<Tail...>::First>()));
};

// Whether a function's last parameter is a Yield.
template <class Parameters>
struct Yields : std::false_type {};
template <class... P>
  requires(sizeof...(P) > 0)
struct Yields<std::tuple<P...>> : IsYield<std::remove_cvref_t<typename SplitLast<P...>::type::type>> {};

// Whether they are dependencies, and a Yield<> last.
template <class Parameters>
struct OpensNothingOfARequest : std::false_type {};
template <class... P>
  requires Yields<std::tuple<std::type_identity<P>...>>::value
struct OpensNothingOfARequest<std::tuple<std::type_identity<P>...>> : std::bool_constant<(is_dependency<P> && ...)> {};

template <class F, class First, class T, Lifetime life>
class OpeningProvider;

template <class F, class... P, class T, Lifetime life>
class OpeningProvider<F, std::tuple<std::type_identity<P>...>, T, life> final : public Provider {
  using Parameters = Injection<std::tuple<std::type_identity<P>...>>;
  static constexpr bool makes_nothing = std::is_void_v<T>;
  static_assert(std::same_as<typename Signature<F>::Result, Task<>>,
                "what provides by `yield` is a coroutine that returns Task<>");
  static_assert(
      std::is_invocable_v<const F&, P..., Yield<T, life>>,
      "what provides a dependency is shared by all threads, so it must be callable as const: a lambda without "
      "`mutable`");
  static_assert(
      life == Lifetime::handler || !Parameters::looks_into_request(),
      "what outlives the handler takes nothing that looks into the request (const Request&, Body, Background, "
      "a view), which ends before it: take what is needed of it as Path, Query, Header, User, …, by value");
  static_assert(life == Lifetime::handler || (!Parameters::reads_body && !Parameters::reads_form),
                "what outlives the handler cannot take the request's body, which ends before it");
  static_assert(!Parameters::streams_body && !Parameters::streams_answer,
                "what streams (BodyStream, Multipart, EventStream, JsonLines, Output) is the handler's");

 public:
  explicit OpeningProvider(F function) : function_(std::move(function)) {
    Parameters::require();
    if constexpr (!makes_nothing) {
      static_assert(Providable<T>,
                    "what an app provides is a class of the program's own, which handlers ask for by its type alone: "
                    "put a number, a text or a list into a struct that says what it is");
    }
  }

  [[nodiscard]] Kind kind() const noexcept override {
    return life == Lifetime::handler ? Kind::open_in_handler : Kind::open_in_request;
  }
  [[nodiscard]] TypeKey key() const noexcept override {
    if constexpr (makes_nothing) {
      return nullptr;
    } else {
      return type_key<T>;
    }
  }
  [[nodiscard]] std::string_view type() const noexcept override { return name_of_type<T>(); }
  void describe(RouteInfo& route) const override { Parameters::describe(route); }
  [[nodiscard]] std::span<const Need> needs() const noexcept override { return Parameters::needs; }
  [[nodiscard]] bool reads_body() const noexcept override { return Parameters::reads_body; }
  [[nodiscard]] bool reads_form() const noexcept override { return Parameters::reads_form; }

  [[nodiscard]] Task<bool> open(Request& request, SharedObjects shared, Opening& opening) const override {
    return open_with(request, shared, opening, std::index_sequence_for<P...>{});
  }
  void place([[maybe_unused]] Request& request, [[maybe_unused]] void* value) const override {
    if constexpr (!makes_nothing) request.state().set(Made<T>(static_cast<T*>(value)));
  }

 private:
  template <std::size_t... I>
  Task<bool> open_with(Request& request, SharedObjects shared, Opening& opening, std::index_sequence<I...>) const {
    const std::size_t before = request.validation_errors().entries.size();
    [[maybe_unused]] auto bound = Parameters::bind(request, shared, request.validation_errors());
    if (!is_complete(request, before, bound)) co_return false;
    co_await function_(pass_parameter<P>(std::get<I>(bound))..., Yield<T, life>(opening));
    co_return true;
  }

  F function_;
};

template <class F>
[[nodiscard]] std::shared_ptr<const Provider> provider_of(F function) {
  using Parameters = typename Signature<F>::Parameters;
  if constexpr (Yields<Parameters>::value) {
    using Yielded = Yields<Parameters>;
    return [&]<class... P>(std::type_identity<std::tuple<P...>>) -> std::shared_ptr<const Provider> {
      using First = typename SplitLast<P...>::First;
      return make_shared_as<const Provider, OpeningProvider<F, First, typename Yielded::type, Yielded::lifetime>>(
          std::move(function));
    }(std::type_identity<Parameters>{});
  } else {
    return make_shared_as<const Provider, MakingProvider<F, Parameters>>(std::move(function));
  }
}

}  // namespace web_detail

// Something that is done for each request of a route, a router or the app before the handler, without giving it a
// value: a check that throws, a count. See `depends`.
class Dependency {
 public:
  explicit Dependency(std::shared_ptr<const web_detail::Provider> provider) noexcept : provider_(std::move(provider)) {}
  [[nodiscard]] const std::shared_ptr<const web_detail::Provider>& provider() const noexcept { return provider_; }

 private:
  std::shared_ptr<const web_detail::Provider> provider_;
};

// A function with a handler's parameters that returns nothing, at once or as a Task<>, or awaits a Yield<> in its
// midst.
//   app.post("/cards", create, {.dependencies = {depends([](Header<"x-key"> key) { … })}});
template <web_detail::PlainCallable F>
[[nodiscard]] Dependency depends(F function) {
  auto provider = web_detail::provider_of(std::move(function));
  return Dependency(std::move(provider));
}

}  // namespace bailey
