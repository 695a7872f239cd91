#pragma once

#include <bailey/web/metrics.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

enum class MetricKind : std::uint8_t { counter, gauge, histogram };

// Figures on their way to Prometheus's text format 0.0.4. What is added under one name and equal labels is added up.
// One thread.
class Exposition {
 public:
  // `labels` as `labels_text` makes them. What does not fit what is known of the name is left out, and logged.
  void add(MetricKind kind, std::string_view name, std::string_view help, std::string_view labels, double value);
  // `counts`: the observations between the bounds, one more than there are bounds.
  void add_histogram(std::string_view name, std::string_view help, std::string_view labels,
                     std::span<const double> bounds, std::span<const std::uint64_t> counts, double sum);

  [[nodiscard]] std::string text() const;

 private:
  struct Values {
    double value = 0;  // of a histogram: the sum
    std::vector<double> bounds;
    std::vector<std::uint64_t> counts;
  };
  struct Family {
    MetricKind kind;
    std::string help;
    std::map<std::string, Values, std::less<>> series;  // by their labels
  };
  [[nodiscard]] Values* series(MetricKind kind, std::string_view name, std::string_view help, std::string_view labels);

  std::map<std::string, Family, std::less<>> families_;
};

[[nodiscard]] bool is_metric_name(std::string_view name) noexcept;
[[nodiscard]] bool is_label_name(std::string_view name) noexcept;

// `method="GET",route="/cards/{id}"`, values escaped; "" without labels.
[[nodiscard]] std::string labels_text(const MetricLabels& labels);

}  // namespace bailey::web_detail
