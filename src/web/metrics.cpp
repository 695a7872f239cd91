// Counting goes to cells that each thread has to itself (ShardedCells) and asks nobody; the mutex is for who registers
// and who reads. Reading asks the sources with the mutex held by nobody: they are the program's own code.
#include <bailey/web/metrics.hpp>

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/web/error.hpp>
#include "base/sharded_cells.hpp"
#include "web/exposition.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace bailey {

using detail::ShardedCells;
using web_detail::Exposition;
using web_detail::MetricKind;

namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view why) {
  throw Error("invalid_metric", "The metric \"" + std::string(name) + "\" " + std::string(why));
}

}  // namespace

void MetricWriter::counter(std::string_view name, std::string_view help, double value, const MetricLabels& labels) {
  out_->add(MetricKind::counter, name, help, web_detail::labels_text(labels), value);
}
void MetricWriter::gauge(std::string_view name, std::string_view help, double value, const MetricLabels& labels) {
  out_->add(MetricKind::gauge, name, help, web_detail::labels_text(labels), value);
}
void MetricWriter::histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                             std::span<const std::uint64_t> counts, double sum, const MetricLabels& labels) {
  out_->add_histogram(name, help, web_detail::labels_text(labels), bounds, counts, sum);
}

// The counts between the bounds, one more than there are bounds, and behind them the sum.
struct Metrics::Histogram::State {
  explicit State(std::vector<double> upper) : bounds(std::move(upper)), cells(bounds.size() + 2) {}
  std::vector<double> bounds;
  ShardedCells cells;
};

struct Metrics::State {
  struct Family {
    MetricKind kind;
    std::string help;
    std::vector<std::string> label_names;
    std::map<std::string, std::shared_ptr<ShardedCells>> counters;  // by labels
    std::map<std::string, std::shared_ptr<Histogram::State>> histograms;
    std::map<std::string, std::function<double()>> gauges;
  };

  std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;
  std::vector<std::weak_ptr<const MetricSource>> sources;
  std::vector<std::shared_ptr<const MetricSource>> kept;  // of these, the program's own

  // With the mutex held.
  Family& family(MetricKind kind, std::string_view name, std::string_view help, const MetricLabels& labels) {
    if (!web_detail::is_metric_name(name)) refuse(name, "has a name that Prometheus does not take");
    std::vector<std::string> names;
    for (const auto& [label, value] : labels) {
      const bool is_reserved = kind == MetricKind::histogram && label == "le";
      if (!web_detail::is_label_name(label) || is_reserved || std::ranges::find(names, label) != names.end())
        refuse(name, "has a label \"" + label + "\" whose name Prometheus does not take");
      names.push_back(label);
    }
    auto place = families.find(name);
    if (place == families.end()) {
      place = families.emplace(std::string(name), Family{kind, std::string(help), std::move(names), {}, {}, {}}).first;
    } else if (place->second.kind != kind || place->second.help != help || place->second.label_names != names) {
      refuse(name, "is there already, as another kind or with other words or labels");
    }
    return place->second;
  }
};

Metrics::Metrics() : state_(std::make_shared<State>()) {}

Metrics::Counter::Counter(std::shared_ptr<ShardedCells> cells) noexcept : cells_(std::move(cells)) {}
void Metrics::Counter::add(std::uint64_t amount) const noexcept { cells_->add(0, amount); }

Metrics::Histogram::Histogram(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

void Metrics::Histogram::observe(double value) const noexcept {
  if (std::isnan(value)) return;
  const auto bucket = std::ranges::lower_bound(state_->bounds, value) - state_->bounds.begin();
  state_->cells.add(static_cast<std::size_t>(bucket), 1);
  state_->cells.add_real(state_->bounds.size() + 1, value);
}
void Metrics::Histogram::observe(std::chrono::nanoseconds took) const noexcept {
  observe(std::chrono::duration<double>(took).count());
}

Metrics::Counter Metrics::counter(std::string_view name, std::string_view help, const MetricLabels& labels) const {
  const std::lock_guard lock(state_->mutex);
  auto& cells = state_->family(MetricKind::counter, name, help, labels).counters[web_detail::labels_text(labels)];
  if (!cells) cells = std::make_shared<ShardedCells>(1);
  return Counter(cells);
}

Metrics::Histogram Metrics::histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                                      const MetricLabels& labels) const {
  const bool ascends = std::ranges::adjacent_find(bounds, std::ranges::greater_equal{}) == bounds.end();
  if (!ascends || std::ranges::any_of(bounds, [](double bound) { return !std::isfinite(bound); }))
    refuse(name, "has bounds that do not ascend, or one that is no number");
  const std::lock_guard lock(state_->mutex);
  auto& family = state_->family(MetricKind::histogram, name, help, labels);
  const bool has_others = !family.histograms.empty() && family.histograms.begin()->second->bounds != bounds;
  if (has_others) refuse(name, "is there already, with other bounds");
  auto& state = family.histograms[web_detail::labels_text(labels)];
  if (!state) state = std::make_shared<Histogram::State>(std::move(bounds));
  return Histogram(state);
}

void Metrics::gauge(std::string_view name, std::string_view help, std::function<double()> value,
                    const MetricLabels& labels) const {
  const std::lock_guard lock(state_->mutex);
  auto& gauges = state_->family(MetricKind::gauge, name, help, labels).gauges;
  if (!gauges.emplace(web_detail::labels_text(labels), std::move(value)).second)
    refuse(name, "is there already, with these labels");
}

void Metrics::collect(std::function<void(MetricWriter&)> write) const {
  auto source = std::make_shared<const MetricSource>(MetricSource{.write = std::move(write)});
  const std::lock_guard lock(state_->mutex);
  state_->sources.emplace_back(source);
  state_->kept.push_back(std::move(source));
}

void Metrics::collect(const std::shared_ptr<const MetricSource>& source) const {
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->sources, [](const auto& each) { return each.expired(); });
  const bool is_known = std::ranges::any_of(state_->sources, [&](const auto& each) { return each.lock() == source; });
  if (!is_known) state_->sources.emplace_back(source);
}

std::string Metrics::text() const {
  Exposition out;
  std::vector<std::shared_ptr<const MetricSource>> sources;
  struct Gauge {
    std::string name;
    std::string help;
    std::string labels;
    std::function<double()> value;
  };
  std::vector<Gauge> gauges;
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& [name, family] : state_->families) {
      for (const auto& [labels, cells] : family.counters)
        out.add(MetricKind::counter, name, family.help, labels, static_cast<double>(cells->sum(0)));
      for (const auto& [labels, histogram] : family.histograms) {
        std::vector<std::uint64_t> counts;
        for (std::size_t i = 0; i <= histogram->bounds.size(); ++i) counts.push_back(histogram->cells.sum(i));
        out.add_histogram(name, family.help, labels, histogram->bounds, counts,
                          histogram->cells.real_sum(histogram->bounds.size() + 1));
      }
      for (const auto& [labels, value] : family.gauges) gauges.push_back({name, family.help, labels, value});
    }
    for (const auto& source : state_->sources)
      if (auto alive = source.lock()) sources.push_back(std::move(alive));
  }
  const auto ask = [](auto&& function) {
    try {
      function();
    } catch (const std::exception& error) {
      log::warning("metrics are incomplete", {{"error", error.what()}});
    }
  };
  for (const Gauge& gauge : gauges)
    ask([&] { out.add(MetricKind::gauge, gauge.name, gauge.help, gauge.labels, gauge.value()); });
  MetricWriter writer(out);
  std::set<const void*> asked;
  for (const auto& source : sources) {
    if (source->subject != nullptr && !asked.insert(source->subject).second) continue;
    ask([&] { source->write(writer); });
  }
  return out.text();
}

std::vector<double> Metrics::latency_bounds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

Guard scrape_token(Secret token) {
  if (token.empty()) throw Error("invalid_setting", "The token that metrics are read with is empty");
  return {.name = "scrape_token", .admit = [token = std::move(token)](Request& request) -> Before {
            constexpr std::string_view scheme = "Bearer ";
            const std::string_view given = request.header("authorization").value_or(std::string_view{});
            const bool is_bearer = given.starts_with(scheme) && request.http().header_count("authorization") == 1;
            if (!is_bearer || !token.equals(given.substr(scheme.size()))) throw HttpError(401, "Not authenticated");
            request.state().set_identity(std::nullopt);  // somebody who is no user
            return Pass{};
          }};
}

}  // namespace bailey
