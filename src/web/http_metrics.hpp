#pragma once

#include <bailey/http/method.hpp>
#include <bailey/http/server.hpp>
#include <bailey/web/metrics.hpp>
#include <bailey/web/middleware.hpp>
#include "base/sharded_cells.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bailey::web_detail {

// What is counted of an app's requests:
//
//   http_requests_total{method, route, status}              status: "2xx", …
//   http_request_duration_seconds{method, route}            from the complete head to the answer's head
//   http_requests_in_flight
//
// `route` is the template, never what a client has sent, so there are as many series as the program has routes; what no
// route matches is "unmatched". All series are made before the first request: counting one takes no lock and allocates
// nothing.
class HttpMetrics {
 public:
  HttpMetrics();

  // Once, before the first request; what is known already is left as it is. Until then nothing is counted.
  void learn(std::span<const RouteInfo> routes);

  void begin() noexcept { in_flight_.add(0, 1); }
  void end(http::Method method, std::string_view route, int status, std::chrono::nanoseconds took) noexcept;

  void write(MetricWriter& out) const;

  // The two hooks of it, which share it.
  [[nodiscard]] static Middleware middleware(std::shared_ptr<HttpMetrics> metrics);

 private:
  static constexpr std::size_t method_count = static_cast<std::size_t>(http::Method::other) + 1;
  // Of one route and method: counts between the bounds, then their sum, then answers by class of status.
  using Series = std::unique_ptr<detail::ShardedCells>;
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  [[nodiscard]] Series make_series() const;
  [[nodiscard]] detail::ShardedCells* find(http::Method method, std::string_view route) const noexcept;

  std::vector<double> bounds_;
  std::unordered_map<std::string, std::array<Series, method_count>, TextHash, std::equal_to<>> routes_;
  detail::ShardedCells in_flight_;
};

// What a server tells of itself.
void write_server_metrics(const http::ServerStats& stats, MetricWriter& out);

}  // namespace bailey::web_detail
