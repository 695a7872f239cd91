#pragma once

#include <bailey/web/metrics.hpp>

namespace bailey::web_detail {

// What Prometheus's own clients tell of their process, under the same names: CPU time, memory, descriptors, start.
void write_process_metrics(MetricWriter& out);

}  // namespace bailey::web_detail
