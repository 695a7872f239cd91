#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/web/guard.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {

namespace detail {
class ShardedCells;
}
namespace web_detail {
class Exposition;
}

// The name and the value of each label, in the order in which they are shown. A value is one of few: each that ever
// occurs is a series that is kept for ever, so no id, no path, nothing a client chooses.
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// Takes the figures of a MetricSource. Two of one name and equal labels are added up.
class MetricWriter {
 public:
  explicit MetricWriter(web_detail::Exposition& out) noexcept : out_(&out) {}

  // A sum since the program's start: it only grows. Its name ends in _total.
  void counter(std::string_view name, std::string_view help, double value, const MetricLabels& labels = {});
  // What is so at this moment.
  void gauge(std::string_view name, std::string_view help, double value, const MetricLabels& labels = {});
  // How often values were of which size: `counts` are those up to each bound that are over the bound before it, and at
  // last those over all bounds.
  void histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                 std::span<const std::uint64_t> counts, double sum, const MetricLabels& labels = {});

 private:
  web_detail::Exposition* out_;
};

// An app's metrics, as Prometheus reads them: those of HTTP, which AppOptions::metrics_path turns on, and the program's
// own. A handle: copies share all. Any thread.
//
//   App app({.metrics_path = "/metrics"});
//   auto made = app.metrics().counter("cards_made_total", "Business cards that were made");
//   app.post("/cards", [made](User user, Json<NewCard> card) -> Task<Created<Card>> { …  made.add(); … });
//
// A name is letters, digits, _ and :, and a label's name letters, digits and _, neither with a digit first; the same
// name has the same kind, help and names of labels everywhere. Else Error "invalid_metric" is thrown.
class Metrics {
 public:
  // A sum that grows. A value: copies count together, and it may outlive the app. It takes no lock and allocates
  // nothing.
  class Counter {
   public:
    void add(std::uint64_t amount = 1) const noexcept;

   private:
    friend class Metrics;
    explicit Counter(std::shared_ptr<detail::ShardedCells> cells) noexcept;
    std::shared_ptr<detail::ShardedCells> cells_;  // shared with the metrics, and its copies
  };

  // How often values were of which size: the observations up to each bound, their number and their sum. As Counter.
  class Histogram {
   public:
    void observe(double value) const noexcept;                   // NaN is dropped
    void observe(std::chrono::nanoseconds took) const noexcept;  // in seconds

   private:
    friend class Metrics;
    struct State;
    explicit Histogram(std::shared_ptr<State> state) noexcept;
    std::shared_ptr<State> state_;  // shared with the metrics, and its copies
  };

  Metrics();

  // The counter of that name and those labels: asked for again it is the same one. It is shown from now on.
  [[nodiscard]] Counter counter(std::string_view name, std::string_view help, const MetricLabels& labels = {}) const;
  // The same for a histogram. `bounds` ascend; one for infinity is added. "le" is no label's name.
  [[nodiscard]] Histogram histogram(std::string_view name, std::string_view help,
                                    std::vector<double> bounds = latency_bounds(),
                                    const MetricLabels& labels = {}) const;
  // Calls `value` each time somebody asks, on their thread: it must not wait. What it throws is logged.
  void gauge(std::string_view name, std::string_view help, std::function<double()> value,
             const MetricLabels& labels = {}) const;
  // The same for several figures together, whatever there is of them at the moment.
  void collect(std::function<void(MetricWriter&)> write) const;
  // The same for as long as the source lives. Of several with one subject the first is asked.
  void collect(const std::shared_ptr<const MetricSource>& source) const;

  // All of it in Prometheus's text format 0.0.4, families in the order of their names.
  [[nodiscard]] std::string text() const;

  // Half a millisecond to ten seconds.
  [[nodiscard]] static std::vector<double> latency_bounds();

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared by copies
};

// Admits who sends this token as `Authorization: Bearer …`, which Prometheus does with `authorization: {credentials:
// …}`:
//   App app({.metrics_path = "/metrics", .metrics_guard = scrape_token(settings.scrape_token)});
// Throws Error "invalid_setting" for an empty token.
[[nodiscard]] Guard scrape_token(Secret token);

}  // namespace bailey
