#pragma once

#include <bailey/web/endpoint.hpp>
#include <bailey/web/middleware.hpp>
#include <bailey/web/route_info.hpp>
#include <bailey/web/router.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bailey::web_detail {

// A dependency that a route has made for each request, after those that it needs itself.
struct Step {
  std::shared_ptr<const Provider> provider;
  std::vector<void*> shared;  // SharedObjects, by the provider's needs
};

struct CompiledRoute;

// Makes of a route's steps those that a request wants.
class ChosenSteps final : public ChosenDependencies {
 public:
  explicit ChosenSteps(const CompiledRoute& route) noexcept : route_(route) {}
  [[nodiscard]] bool are_shared(std::span<const std::size_t> needs) const noexcept override;
  [[nodiscard]] Task<> run(Request& request, std::span<const std::size_t> needs,
                           std::move_only_function<Task<>()> rest) const override;

 private:
  const CompiledRoute& route_;
};

// A route as it is used while serving.
struct CompiledRoute {
  RouteInfo info;
  std::string activity;  // "GET /cards/{id}": what the loop runs meanwhile
  std::shared_ptr<const Endpoint> endpoint;
  std::vector<std::shared_ptr<const Provider>> providers;  // that its needs are looked up in, the innermost first
  std::vector<const Middleware*> layers;                   // outermost first; its guard is one

  std::unique_ptr<const WebSocketOptions> web_socket;     // of one that is a WebSocket
  const CompiledRoute* web_socket_beside = nullptr;       // of a GET: the WebSocket of the same path
  const CompiledRoute* page_beside = nullptr;             // and the page
  bool (*is_for_page)(const Request& request) = nullptr;  // of a page beside a GET
  std::shared_ptr<const Guard> page_guard;                // of a page: the one that signs people in
  std::vector<Step> steps;                                // those that need no body first
  std::size_t steps_before_body = 0;
  bool reads_form = false;  // it, or a step
  bool may_last = false;    // Request::may_last
  // Of an endpoint that chooses its dependencies: the steps that are done for each request all the same, and those that
  // each of its needs leads to, by place.
  std::vector<bool> always;
  std::vector<std::vector<bool>> steps_of_needs;
  std::unique_ptr<const ChosenSteps> chosen;
  std::vector<void*> shared;  // SharedObjects, by the endpoint's needs
  CallOptions call;
};

}  // namespace bailey::web_detail
