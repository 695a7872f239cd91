#pragma once

#include <bailey/model/validation.hpp>
#include <bailey/web/request.hpp>

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bailey {

// Whether a route's requests have an identity: none does without a guard; with one, some may pass without (exempt and
// optional paths, OPTIONS) or each has one.
enum class Guarded { never, sometimes, always };

// What a route looks like to the parameters of its handler, at start.
class RouteInfo {
 public:
  RouteInfo(std::string_view method, std::string_view path, std::span<const std::string> parameters, Guarded guarded)
      : method_(method), path_(path), parameters_(parameters), guarded_(guarded) {}

  [[nodiscard]] std::string_view method() const noexcept { return method_; }
  [[nodiscard]] std::string_view path() const noexcept { return path_; }
  [[nodiscard]] bool has_parameter(std::string_view name) const noexcept;
  [[nodiscard]] Guarded guarded() const noexcept { return guarded_; }

  // Ends the start with an Error "invalid_route" whose message names the route.
  [[noreturn]] void refuse(std::string_view reason) const;

 private:
  std::string_view method_;
  std::string_view path_;
  std::span<const std::string> parameters_;
  Guarded guarded_;
};

// How a handler's parameter of type T is made from a request. Specialise it for a type of your own:
//
//   template <> struct bailey::Binder<Tenant> {
//     static Tenant bind(const Request& request);                 // throw HttpError to refuse
//     static void check(const RouteInfo& route);                  // optional: throws when a route cannot work
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
concept ThrowingBinder = requires(const Request& request) {
  { Binder<T>::bind(request) } -> std::convertible_to<T>;
};
template <class T>
concept CollectingBinder = requires(const Request& request, ValidationErrors& errors) {
  { Binder<T>::bind(request, errors) } -> std::same_as<std::optional<T>>;
};
template <class T>
concept Bindable = ThrowingBinder<T> || CollectingBinder<T>;

template <class T>
constexpr bool reads_body = false;
template <class T>
  requires requires { Binder<T>::reads_body; }
constexpr bool reads_body<T> = Binder<T>::reads_body;

}  // namespace web_detail
}  // namespace bailey
