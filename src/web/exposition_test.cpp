#include "web/exposition.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace bailey::web_detail {
namespace {

TEST(Exposition, is_prometheus_text_sorted_and_each_series_once) {
  Exposition out;
  MetricWriter writer(out);
  writer.gauge("b_size", "How large", 1.5);
  writer.counter("a_total", "How many", 3, {{"kind", "x"}});
  writer.counter("a_total", "How many", 1, {{"kind", "a"}});
  writer.counter("a_total", "How many", 4, {{"kind", "x"}});
  const std::array bounds{0.5, 1.0};
  const std::array<std::uint64_t, 3> counts{1, 2, 3};
  writer.histogram("c_seconds", "How long", bounds, counts, 7.25, {{"route", "/x"}});
  EXPECT_EQ(out.text(),
            "# HELP a_total How many\n# TYPE a_total counter\n"
            "a_total{kind=\"a\"} 1\na_total{kind=\"x\"} 7\n"
            "# HELP b_size How large\n# TYPE b_size gauge\nb_size 1.5\n"
            "# HELP c_seconds How long\n# TYPE c_seconds histogram\n"
            "c_seconds_bucket{route=\"/x\",le=\"0.5\"} 1\n"
            "c_seconds_bucket{route=\"/x\",le=\"1\"} 3\n"
            "c_seconds_bucket{route=\"/x\",le=\"+Inf\"} 6\n"
            "c_seconds_sum{route=\"/x\"} 7.25\n"
            "c_seconds_count{route=\"/x\"} 6\n");
}

TEST(Exposition, escapes_what_could_end_a_line_or_a_value) {
  Exposition out;
  MetricWriter(out).gauge("a", "two\nlines \\ \"quoted\"", 1, {{"x", "\"}\n\\"}});
  EXPECT_EQ(out.text(), "# HELP a two\\nlines \\\\ \"quoted\"\n# TYPE a gauge\na{x=\"\\\"}\\n\\\\\"} 1\n");
}

TEST(Exposition, has_prometheus_words_for_what_is_no_number) {
  Exposition out;
  MetricWriter writer(out);
  writer.gauge("a", "", NAN);
  writer.gauge("b", "", INFINITY);
  writer.gauge("c", "", -INFINITY);
  EXPECT_NE(out.text().find("\na NaN\n"), std::string::npos);
  EXPECT_NE(out.text().find("\nb +Inf\n"), std::string::npos);
  EXPECT_NE(out.text().find("\nc -Inf\n"), std::string::npos);
}

TEST(Exposition, leaves_out_what_would_spoil_the_rest) {
  Exposition out;
  MetricWriter writer(out);
  writer.gauge("a", "", 1);
  writer.counter("a", "", 2);
  writer.gauge("no name", "", 3);
  writer.gauge("", "", 4);
  writer.gauge("9", "", 5);
  EXPECT_EQ(out.text(), "# HELP a \n# TYPE a gauge\na 1\n");
}

}  // namespace
}  // namespace bailey::web_detail
