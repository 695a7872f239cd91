#pragma once

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
// `static constexpr bool reads_body = true;`: then `request.body()` is complete when it runs.
// Binders run after all middleware.
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

}  // namespace web_detail
}  // namespace bailey
