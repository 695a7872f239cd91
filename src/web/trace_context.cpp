// W3C Trace Context, level 1 and what of level 2 changes what is sent on. A header that is nearly right is wrong: a
// trace that two services read differently is none.
#include <bailey/web/trace_context.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/base/random.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>

namespace bailey {

namespace {

constexpr std::size_t traceparent_size = 55;  // of version 00
constexpr std::size_t member_limit = 32;
constexpr std::size_t tracestate_limit_bytes = 512;  // what everybody passes on
constexpr std::uint8_t known_flags = 3;              // sampled, random

// Lower case alone, as the specification has it.
bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return ascii::is_digit(c) || (c >= 'a' && c <= 'f'); });
}
bool is_id(std::string_view text) { return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos; }

std::uint8_t hex_byte(std::string_view text) {
  return static_cast<std::uint8_t>(ascii::hex_value(text[0]) * 16 + ascii::hex_value(text[1]));
}

template <std::size_t size>
void fill_at_random(std::array<char, size>& digits) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::array<std::byte, size / 2> bytes;
  do {
    random_bytes(bytes);
  } while (std::ranges::all_of(bytes, [](std::byte each) { return each == std::byte{0}; }));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto value = std::to_integer<unsigned>(bytes[i]);
    digits[2 * i] = hex[value >> 4U];
    digits[2 * i + 1] = hex[value & 15U];
  }
}

bool is_key(std::string_view key) {
  const auto is_of_key = [](char c) {
    return ascii::is_digit(c) || (c >= 'a' && c <= 'z') || std::string_view("_-*/@").contains(c);
  };
  return !key.empty() && key.size() <= 256 &&
         (ascii::is_digit(key.front()) || (key.front() >= 'a' && key.front() <= 'z')) &&
         std::ranges::count(key, '@') <= 1 && std::ranges::all_of(key, is_of_key);
}
bool is_value(std::string_view value) {
  return !value.empty() && value.size() <= 256 &&
         std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

// The members as they came, without empty ones; "" when one is malformed or a key occurs twice. What is too long loses
// its end, where the oldest stand.
std::string cleaned_state(std::string_view text) {
  std::string state;
  std::set<std::string_view> keys;
  bool has_room = true;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(',');
    const std::string_view member = ascii::trim(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
    if (member.empty()) continue;
    const std::size_t equals = member.find('=');
    if (equals == std::string_view::npos || !is_key(member.substr(0, equals)) || !is_value(member.substr(equals + 1)) ||
        !keys.insert(member.substr(0, equals)).second || keys.size() > member_limit)
      return {};
    has_room = has_room && state.size() + 1 + member.size() <= tracestate_limit_bytes;
    if (has_room) state.append(state.empty() ? "" : ",").append(member);
  }
  return state;
}

// All fields of that name as one list.
std::string joined(const Request& request, std::string_view name) {
  std::string list;
  request.http().for_each_header([&](std::string_view field, std::string_view value) {
    if (http::equal_ignoring_case(field, name)) list.append(list.empty() ? "" : ",").append(value);
  });
  return list;
}

}  // namespace

std::optional<TraceContext> TraceContext::continued(std::string_view traceparent, std::string_view tracestate) {
  if (traceparent.size() < traceparent_size) return std::nullopt;
  const std::string_view version = traceparent.substr(0, 2);
  const std::string_view trace = traceparent.substr(3, 32);
  const std::string_view parent = traceparent.substr(36, 16);
  const std::string_view flags = traceparent.substr(53, 2);
  const bool has_dashes = traceparent[2] == '-' && traceparent[35] == '-' && traceparent[52] == '-';
  if (!has_dashes || !is_hex(version) || version == "ff" || !is_id(trace) || !is_id(parent) || !is_hex(flags))
    return std::nullopt;
  // Later versions may add to it, behind another dash.
  const std::string_view more = traceparent.substr(traceparent_size);
  if (!more.empty() && (version == "00" || !more.starts_with('-'))) return std::nullopt;

  TraceContext context;
  trace.copy(context.trace_id_.data(), trace.size());
  parent.copy(context.parent_id_.data(), parent.size());
  context.has_parent_ = true;
  context.flags_ = hex_byte(flags) & known_flags;
  context.tracestate_ = cleaned_state(tracestate);
  fill_at_random(context.span_id_);
  return context;
}

TraceContext TraceContext::begun(bool is_sampled) {
  TraceContext context;
  fill_at_random(context.trace_id_);
  fill_at_random(context.span_id_);
  context.flags_ = is_sampled ? 1 : 0;
  return context;
}

std::string_view TraceContext::parent_id() const noexcept {
  return has_parent_ ? std::string_view(parent_id_.data(), parent_id_.size()) : std::string_view();
}

std::string TraceContext::traceparent() const {
  std::string text("00-");
  text.append(trace_id()).append("-").append(span_id()).append("-0").append(1, static_cast<char>('0' + flags_));
  return text;
}

std::vector<std::pair<std::string, std::string>> TraceContext::headers() const {
  std::vector<std::pair<std::string, std::string>> list{{"traceparent", traceparent()}};
  if (!tracestate_.empty()) list.emplace_back("tracestate", tracestate_);
  return list;
}

Middleware trace_context(TraceOptions options) {
  return {.name = "trace_context", .before = [options](Request& request) -> Before {
            std::optional<TraceContext> context;
            const std::optional<std::string_view> sent = request.header("traceparent");
            if (options.from_client && sent && request.http().header_count("traceparent") == 1)
              context = TraceContext::continued(*sent, joined(request, "tracestate"));
            if (!context) context = TraceContext::begun(options.sampled);
            request.state().set(*std::move(context));
            return Pass{};
          }};
}

const TraceContext* trace_of(const Request& request) noexcept { return request.state().get<TraceContext>(); }

TraceContext Binder<TraceContext>::bind(const Request& request) {
  if (const TraceContext* const context = trace_of(request)) return *context;
  throw Error("no_trace_context", "A handler takes a TraceContext: app.use(trace_context())", 500);
}

}  // namespace bailey
