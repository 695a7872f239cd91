#pragma once

#include <bailey/web/endpoint.hpp>
#include <bailey/web/route_info.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bailey::web_detail {

class AppHandler;
class Pipeline;

// Hands requests to the pipeline of another app, which answers them as if it were served by itself at a prefix.
class MountEndpoint final : public Endpoint {
 public:
  // Throws Error "invalid_route" for a prefix that is none.
  explicit MountEndpoint(std::string prefix);

  // Once, before the first request: what answers. It outlives this.
  void connect(const AppHandler& handler) noexcept;
  [[nodiscard]] const AppHandler& handler() const noexcept { return *handler_; }
  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

  // What of a target is below the prefix, "/user?x=1" of "/auth/v1/user?x=1"; nullopt: it is not below.
  [[nodiscard]] std::optional<std::string_view> below(std::string_view target) const noexcept;

  void describe(RouteInfo& route) const override { route.set_success(200, {}, "*/*"); }
  [[nodiscard]] std::span<const Need> needs() const noexcept override { return {}; }
  [[nodiscard]] bool reads_form() const noexcept override { return false; }
  [[nodiscard]] bool may_last() const noexcept override { return true; }
  [[nodiscard]] http::Answer call(Request& request, const CallOptions& options, Outlet outlet) const override;
  [[nodiscard]] Task<Response> invoke(Request& request, const CallOptions& options) const override;

 private:
  [[nodiscard]] http::Answer ask(Request& request) const;
  [[nodiscard]] static Task<Response> deliver(Request& request, Task<Response> answer, std::optional<Outlet> outlet);

  std::string prefix_;
  const AppHandler* handler_ = nullptr;
  const Pipeline* pipeline_ = nullptr;
};

}  // namespace bailey::web_detail
