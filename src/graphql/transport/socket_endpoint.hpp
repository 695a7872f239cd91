// A schema as a WebSocket: queries, mutations and subscriptions over graphql-transport-ws, or what was before it.
#pragma once

#include <bailey/graphql/mount.hpp>
#include <bailey/web/endpoint.hpp>
#include <graphql/engine/engine.hpp>

#include <memory>
#include <span>
#include <string>

namespace bailey::graphql {

class SocketEndpoint final : public web_detail::Endpoint {
 public:
  SocketEndpoint(std::shared_ptr<Engine> engine, SocketOptions options);

  void describe(RouteInfo& route) const override;
  [[nodiscard]] std::span<const web_detail::Need> needs() const noexcept override { return engine_->schema().needs; }
  [[nodiscard]] bool reads_form() const noexcept override { return false; }
  [[nodiscard]] std::string credentials_in(Request& request, std::string first_message) const override;
  [[nodiscard]] http::Answer call(Request& request, const web_detail::CallOptions& options,
                                  web_detail::Outlet) const override {
    return invoke(request, options);
  }
  [[nodiscard]] Task<Response> invoke(Request& request, const web_detail::CallOptions& options) const override;

 private:
  std::shared_ptr<Engine> engine_;
  SocketOptions options_;
};

}  // namespace bailey::graphql
