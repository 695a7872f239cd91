#include "http/negotiation.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::http {

namespace {

constexpr int full_weight = 1000;

// What stands before the separator, or all; quoted strings are passed over whole. Takes it and the separator off.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  bool is_quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (is_quoted || text[at] != separator); ++at) {
    if (text[at] == '"') is_quoted = !is_quoted;
    if (is_quoted && text[at] == '\\') ++at;
  }
  at = std::min(at, text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

// "0.5", "1", "0.", "1.000": three digits at most behind the point, and nothing above one.
std::optional<int> parse_weight(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int weight = (text[0] - '0') * full_weight;
  int unit = full_weight / 10;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!ascii::is_digit(c)) return std::nullopt;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight <= full_weight ? std::optional(weight) : std::nullopt;
}

}  // namespace

std::optional<WeightedMember> next_weighted(std::string_view& list) noexcept {
  while (!list.empty()) {
    std::string_view parameters = take_until(list, ',');
    const std::string_view name = ascii::trim(take_until(parameters, ';'));
    std::optional<int> weight = full_weight;
    while (!parameters.empty()) {
      std::string_view value = ascii::trim(take_until(parameters, ';'));
      const std::string_view key = ascii::trim(take_until(value, '='));
      if (ascii::equal_ignoring_case(key, "q")) weight = parse_weight(ascii::trim(value));
    }
    if (!name.empty() && weight) return WeightedMember{name, *weight};
  }
  return std::nullopt;
}

AcceptedCodings::AcceptedCodings(const Request& request) {
  request.for_each_header([this](std::string_view name, std::string_view value) {
    if (ascii::equal_ignoring_case(name, "accept-encoding")) read(value);
  });
}

void AcceptedCodings::read(std::string_view field) noexcept {
  while (const auto member = next_weighted(field)) {
    const auto is = [&](std::string_view name) { return ascii::equal_ignoring_case(member->name, name); };
    if (is("gzip") || is("x-gzip")) weights_[static_cast<std::size_t>(ContentCoding::gzip)] = member->weight;
    if (is("br")) weights_[static_cast<std::size_t>(ContentCoding::brotli)] = member->weight;
    if (is("zstd")) weights_[static_cast<std::size_t>(ContentCoding::zstd)] = member->weight;
    if (is("*")) others_ = member->weight;
    if (is("identity")) identity_ = member->weight;
  }
}

int AcceptedCodings::weight(ContentCoding coding) const noexcept {
  return weights_[static_cast<std::size_t>(coding)].value_or(others_.value_or(0));
}

std::optional<ContentCoding> AcceptedCodings::best_of(std::span<const ContentCoding> offered) const noexcept {
  std::optional<ContentCoding> best;
  int most = std::max(0, identity_.value_or(0) - 1);  // at the same weight a coding is better than none
  for (const ContentCoding coding : offered) {
    if (weight(coding) <= most) continue;
    best = coding;
    most = weight(coding);
  }
  return best;
}

bool accepts_html(const Request& request) noexcept {
  bool accepts = false;
  request.for_each_header([&](std::string_view name, std::string_view list) {
    if (!ascii::equal_ignoring_case(name, "accept")) return;
    while (const auto member = next_weighted(list)) {
      const bool is_page = ascii::equal_ignoring_case(member->name, "text/html") ||
                           ascii::equal_ignoring_case(member->name, "application/xhtml+xml");
      accepts = accepts || (is_page && member->weight > 0);
    }
  });
  return accepts;
}

}  // namespace bailey::http
