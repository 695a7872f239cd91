#pragma once

#include <bailey/model/owned.hpp>
#include <bailey/model/validation.hpp>
#include <bailey/web/request.hpp>
#include <bailey/web/route_info.hpp>

#include <concepts>
#include <optional>

namespace bailey {

// How a handler's parameter of type T is made from a request. Specialise it for a type of your own:
//
//   template <> struct bailey::Binder<Tenant> {
//     static Tenant bind(const Request& request);  // throw HttpError to refuse
//     static void describe(RouteInfo& route);   // optional: adds what it reads; refuses a route that cannot work
//   };
//
// A binder that reads untrusted values has `static std::optional<T> bind(const Request&, ValidationErrors&)` instead:
// it adds what is wrong to the errors and returns nullopt. One that needs the body says
// `static constexpr bool reads_body = true;`: then `request.body()` is complete when it runs. One whose value looks
// into the request, which ends before a handler that streams its answer may, or a dependency of Lifetime::request, says
// `static constexpr bool looks_into_request = true;`. Binders run after all middleware. One that can refuse a request
// for what its head lacks has `static void admit(const Request&);`, which is called before the body is read, and throws
// HttpError.
template <class T>
struct Binder;

namespace web_detail {

template <class T>
concept ThrowingBinder = requires(Request& request) {
  { Binder<T>::bind(request) } -> std::convertible_to<T>;
};
template <class T>
concept CollectingBinder = requires(Request& request, ValidationErrors& errors) {
  { Binder<T>::bind(request, errors) } -> std::same_as<std::optional<T>>;
};
template <class T>
concept Bindable = ThrowingBinder<T> || CollectingBinder<T>;

template <class T>
constexpr bool reads_body = false;
template <class T>
  requires requires { Binder<T>::reads_body; }
constexpr bool reads_body<T> = Binder<T>::reads_body;

template <class T>
constexpr bool reads_form = false;
template <class T>
  requires requires { Binder<T>::reads_form; }
constexpr bool reads_form<T> = Binder<T>::reads_form;

// It reads the body itself, as it arrives.
template <class T>
constexpr bool streams_body = false;
template <class T>
  requires requires { Binder<T>::streams_body; }
constexpr bool streams_body<T> = Binder<T>::streams_body;

// It is the way out of a handler that streams its answer.
template <class T>
constexpr bool streams_answer = false;
template <class T>
  requires requires { Binder<T>::streams_answer; }
constexpr bool streams_answer<T> = Binder<T>::streams_answer;

template <class T>
constexpr bool looks_into_request = detail::holds_view<T>();
template <class T>
  requires requires { Binder<T>::looks_into_request; }
constexpr bool looks_into_request<T> = Binder<T>::looks_into_request;

}  // namespace web_detail
}  // namespace bailey
