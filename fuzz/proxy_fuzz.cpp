// What proxies, and strangers in their name, say of a request: addresses, Forwarded, hosts, traces. Their readers must
// not crash, and what they let through must be what it claims to be wherever it is written next: in a URL, a log, a
// header.
#include <bailey/web/trace_context.hpp>
#include "http/host.hpp"
#include "web/forwarded.hpp"
#include "web/ip_network.hpp"
#include "web/served_document.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace bailey;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

void check_address(std::string_view text) {
  if (const auto address = web_detail::IpAddress::parse_node(text)) {
    const auto again = web_detail::IpAddress::parse(address->to_string());
    require(again && again->bytes() == address->bytes());
  }
  if (const auto network = web_detail::IpNetwork::parse(text)) {
    const auto first = web_detail::IpAddress::parse(text.substr(0, text.find('/')));
    require(first && network->contains(*first));
  }
}

void check_trace(std::string_view text) {
  const auto trace = TraceContext::continued(text.substr(0, 55), text.substr(std::min<std::size_t>(55, text.size())));
  if (!trace) return;
  require(TraceContext::continued(trace->traceparent()).has_value());
  require(trace->tracestate().size() <= 512);
  const auto again = TraceContext::continued(trace->traceparent(), trace->tracestate());
  require(again && again->tracestate() == trace->tracestate());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<web_detail::ForwardedElement> elements;
  if (web_detail::read_forwarded(text, elements))
    for (const auto& element : elements) check_address(element.node);
  check_address(text);
  check_trace(text);
  if (http::is_host(text)) require(is_visible(text) && !text.contains('/') && !text.contains('"'));
  if (web_detail::is_root_path(text)) require(is_visible(text) && text.front() == '/' && !text.contains("//"));
  return 0;
}
