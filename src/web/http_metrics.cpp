#include "web/http_metrics.hpp"

#include <algorithm>

namespace bailey::web_detail {
namespace {

constexpr std::string_view unmatched = "unmatched";  // no template: these begin with a slash

std::string_view shown(http::Method method) {
  return method == http::Method::other ? "other" : http::to_string(method);
}

}  // namespace

HttpMetrics::HttpMetrics() : bounds_(Metrics::latency_bounds()), in_flight_(1) {}

HttpMetrics::Series HttpMetrics::make_series() const {
  return std::make_unique<detail::ShardedCells>(bounds_.size() + 1 + 1 + 5);
}

void HttpMetrics::learn(std::span<const RouteInfo> routes) {
  const auto add = [&](std::string_view route, http::Method method) {
    auto place = routes_.find(route);
    if (place == routes_.end()) place = routes_.try_emplace(std::string(route)).first;
    Series& series = place->second[static_cast<std::size_t>(method)];
    if (!series) series = make_series();
  };
  for (const RouteInfo& route : routes) {
    add(route.path, route.method);
    if (route.method == http::Method::get) add(route.path, http::Method::head);
  }
  for (std::size_t method = 0; method < method_count; ++method) add(unmatched, static_cast<http::Method>(method));
}

detail::ShardedCells* HttpMetrics::find(http::Method method, std::string_view route) const noexcept {
  const auto place = routes_.find(route.empty() ? unmatched : route);
  return place == routes_.end() ? nullptr : place->second[static_cast<std::size_t>(method)].get();
}

void HttpMetrics::end(http::Method method, std::string_view route, int status, std::chrono::nanoseconds took) noexcept {
  in_flight_.add(0, static_cast<std::uint64_t>(-1));
  detail::ShardedCells* const series = find(method, route);
  if (series == nullptr) return;
  const double in_seconds = std::chrono::duration<double>(took).count();
  const auto bucket = std::ranges::lower_bound(bounds_, in_seconds) - bounds_.begin();
  series->add(static_cast<std::size_t>(bucket), 1);
  series->add_real(bounds_.size() + 1, in_seconds);
  const int status_class = std::clamp(status / 100, 1, 5);
  series->add(bounds_.size() + 1 + static_cast<std::size_t>(status_class), 1);
}

// What has never occurred is left out where it is not to be expected: HEAD, other statuses than 2xx, no route.
void HttpMetrics::write(MetricWriter& out) const {
  for (const auto& [route, methods] : routes_) {
    for (std::size_t number = 0; number < method_count; ++number) {
      const detail::ShardedCells* const series = methods[number].get();
      if (series == nullptr) continue;
      const auto method = static_cast<http::Method>(number);
      std::vector<std::uint64_t> counts;
      for (std::size_t i = 0; i <= bounds_.size(); ++i) counts.push_back(series->sum(i));
      const bool is_expected = route != unmatched && method != http::Method::head;
      if (!is_expected && std::ranges::all_of(counts, [](std::uint64_t count) { return count == 0; })) continue;

      MetricLabels labels{{"method", std::string(shown(method))}, {"route", route}};
      out.histogram("http_request_duration_seconds", "Time from a request's head to its answer's head, in seconds",
                    bounds_, counts, series->real_sum(bounds_.size() + 1), labels);
      for (std::size_t status_class = 1; status_class <= 5; ++status_class) {
        const std::uint64_t count = series->sum(bounds_.size() + 1 + status_class);
        if (count == 0 && (status_class != 2 || !is_expected)) continue;
        labels.emplace_back("status", std::to_string(status_class) + "xx");
        out.counter("http_requests_total", "Requests that were answered", static_cast<double>(count), labels);
        labels.pop_back();
      }
    }
  }
  out.gauge("http_requests_in_flight", "Requests whose answers are being made",
            static_cast<double>(static_cast<std::int64_t>(in_flight_.sum(0))));
}

Middleware HttpMetrics::middleware(std::shared_ptr<HttpMetrics> metrics) {
  return {.name = "metrics",
          .before = [metrics](Request&) -> Before {
            metrics->begin();
            return Pass{};
          },
          .after =
              [metrics](Request& request, Response& response) {
                metrics->end(request.method(), request.route(), response.status,
                             std::chrono::steady_clock::now() - request.started_at());
              },
          .check = [metrics](std::span<const RouteInfo> routes) { metrics->learn(routes); }};
}

void write_server_metrics(const http::ServerStats& stats, MetricWriter& out) {
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  out.gauge("http_connections", "Connections that are open", number(stats.connections_open));
  out.counter("http_connections_accepted_total", "Connections that were accepted", number(stats.connections_accepted));
  out.counter("http_connections_refused_total", "Connections that were refused: too many are open",
              number(stats.connections_refused));
  out.counter("http_requests_rejected_total", "Requests that were no request, or over a limit of the server's",
              number(stats.rejected));
  out.counter("http_requests_cancelled_total", "Requests whose time was up or whose client had gone",
              number(stats.handlers_cancelled));
  out.counter("http_bodies_refused_total", "Bodies that were refused for want of memory", number(stats.bodies_refused));
  out.gauge("http_body_memory_bytes", "Memory that the bodies of requests take", number(stats.body_memory_bytes));
}

}  // namespace bailey::web_detail
