#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bailey {

// Whether a route's requests have an identity.
enum class Guarded {
  by_none,    // no guard stands in the app
  exempt,     // none has one: the guard lets them pass and looks at no token (exempt paths, the health check, OPTIONS)
  sometimes,  // those that bring a token (optional paths)
  always,
};

// What a route looks like at start, to the parameters of its handler and to middleware.
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

}  // namespace bailey
