#pragma once

#include <bailey/pg/database.hpp>
#include <bailey/web/metrics.hpp>

#include <functional>
#include <string>
#include <utility>

// What a database's connections do, among an app's metrics. Who includes this links bailey::pg.
namespace bailey {

inline void write_database_metrics(const pg::Stats& stats, const MetricLabels& labels, MetricWriter& out) {
  const auto number = [](auto count) { return static_cast<double>(count); };
  out.gauge("database_connections", "Connections to the database that are open", number(stats.connections), labels);
  out.gauge("database_groups_in_flight", "Groups of statements that are sent and unanswered", number(stats.in_flight),
            labels);
  out.gauge("database_groups_waiting", "Groups of statements that wait for a place", number(stats.queued), labels);
  out.counter("database_groups_total", "Groups of statements that were answered", number(stats.groups), labels);
  out.counter("database_groups_failed_total", "Groups of statements that were answered with an error",
              number(stats.failed), labels);
  out.counter("database_groups_refused_total", "Groups of statements that were refused: too many waited, or too long",
              number(stats.overloaded), labels);
  out.counter("database_connects_total", "Connections that were made", number(stats.connects), labels);
  out.counter("database_connect_failures_total", "Connections that could not be made", number(stats.connect_failures),
              labels);
}

// For Metrics::collect. `name` tells the database from others, in the label "database".
//   app.metrics().collect(database_metrics(database));
[[nodiscard]] inline std::function<void(MetricWriter&)> database_metrics(pg::Database database,
                                                                         std::string name = "default") {
  return [database = std::move(database), labels = MetricLabels{{"database", std::move(name)}}](MetricWriter& out) {
    write_database_metrics(database.stats(), labels, out);
  };
}

}  // namespace bailey
