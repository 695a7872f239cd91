// The text format is small: a line # HELP, a line # TYPE, then a line for each series. Families must stand together and
// a series may occur once, so figures are sorted and summed before anything is written.
#include "web/exposition.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/log.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bailey::web_detail {
namespace {

std::string_view to_text(MetricKind kind) noexcept {
  switch (kind) {
    case MetricKind::counter: return "counter";
    case MetricKind::gauge: return "gauge";
    case MetricKind::histogram: break;
  }
  return "histogram";
}

void append_number(std::string& out, double number) {
  if (std::isnan(number)) {
    out += "NaN";
  } else if (std::isinf(number)) {
    out += number > 0 ? "+Inf" : "-Inf";
  } else {
    std::array<char, 32> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
  }
}

// Backslashes and line ends, and in a label's value quotes.
void append_escaped(std::string& out, std::string_view text, bool is_quoted) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && is_quoted) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

void append_line(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels,
                 std::string_view more, double value) {
  out.append(name).append(suffix);
  if (!labels.empty() || !more.empty()) {
    out += '{';
    out.append(labels).append(!labels.empty() && !more.empty() ? "," : "").append(more);
    out += '}';
  }
  out += ' ';
  append_number(out, value);
  out += '\n';
}

bool is_name(std::string_view name, std::string_view others) noexcept {
  return !name.empty() && !ascii::is_digit(name.front()) && std::ranges::all_of(name, [&](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || others.contains(c);
  });
}

}  // namespace

bool is_metric_name(std::string_view name) noexcept { return is_name(name, "_:"); }
bool is_label_name(std::string_view name) noexcept { return is_name(name, "_") && !name.starts_with("__"); }

std::string labels_text(const MetricLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text.append(name).append("=\"");
    append_escaped(text, value, true);
    text += '"';
  }
  return text;
}

Exposition::Values* Exposition::series(MetricKind kind, std::string_view name, std::string_view help,
                                       std::string_view labels) {
  auto family = families_.find(name);
  if (family == families_.end())
    family = families_.emplace(std::string(name), Family{kind, std::string(help), {}}).first;
  if (family->second.kind != kind || !is_metric_name(name)) {
    log::warning("a metric was left out: its name is none, or another kind's", {{"metric", name}});
    if (family->second.series.empty()) families_.erase(family);
    return nullptr;
  }
  auto& known = family->second.series;
  auto place = known.find(labels);
  if (place == known.end()) place = known.emplace(std::string(labels), Values{}).first;
  return &place->second;
}

void Exposition::add(MetricKind kind, std::string_view name, std::string_view help, std::string_view labels,
                     double value) {
  if (Values* const values = series(kind, name, help, labels)) values->value += value;
}

void Exposition::add_histogram(std::string_view name, std::string_view help, std::string_view labels,
                               std::span<const double> bounds, std::span<const std::uint64_t> counts, double sum) {
  Values* const values = series(MetricKind::histogram, name, help, labels);
  if (values == nullptr) return;
  if (values->counts.empty()) {
    values->bounds.assign(bounds.begin(), bounds.end());
    values->counts.resize(counts.size());
  }
  values->value += sum;
  for (std::size_t i = 0; i < std::min(values->counts.size(), counts.size()); ++i) values->counts[i] += counts[i];
}

std::string Exposition::text() const {
  std::string out;
  for (const auto& [name, family] : families_) {
    out.append("# HELP ").append(name).append(" ");
    append_escaped(out, family.help, false);
    out.append("\n# TYPE ").append(name).append(" ").append(to_text(family.kind)).append("\n");
    for (const auto& [labels, values] : family.series) {
      if (family.kind != MetricKind::histogram) {
        append_line(out, name, "", labels, "", values.value);
        continue;
      }
      double so_far = 0;
      for (std::size_t i = 0; i < values.counts.size(); ++i) {
        so_far += static_cast<double>(values.counts[i]);
        std::string bound = "le=\"";
        append_number(bound, i < values.bounds.size() ? values.bounds[i] : INFINITY);
        append_line(out, name, "_bucket", labels, bound + '"', so_far);
      }
      append_line(out, name, "_sum", labels, "", values.value);
      append_line(out, name, "_count", labels, "", so_far);
    }
  }
  return out;
}

}  // namespace bailey::web_detail
