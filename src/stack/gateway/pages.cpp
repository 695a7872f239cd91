// An origin is scheme://host[:port], as browsers write it: in lower case, without the scheme's usual port.
#include "stack/gateway/pages.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/log.hpp>

#include <algorithm>

#include "stack/gateway/private_host.hpp"

namespace bailey::stack::gateway {
namespace {

constexpr std::string_view setting = "[auth] additional_redirect_urls";
constexpr std::size_t logged_limit = 100;
constexpr std::size_t name_limit_bytes = 300;  // a host has 253 at most

std::string_view without_usual_port(std::string_view origin) {
  if (origin.starts_with("http://") && origin.ends_with(":80")) origin.remove_suffix(3);
  if (origin.starts_with("https://") && origin.ends_with(":443")) origin.remove_suffix(4);
  return origin;
}

// The origin part of a URL or of a pattern for URLs.
std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path = scheme == std::string_view::npos ? url.size() : url.find('/', scheme + 3);
  return std::string(without_usual_port(ascii::to_lower(url.substr(0, path))));
}

// Without its port: the host of "host[:port]". "" when it is none.
std::string_view host_of(std::string_view authority) {
  const std::size_t close = authority.starts_with('[') ? authority.find(']') : 0;
  if (close == std::string_view::npos) return {};
  const std::size_t colon = authority.find(':', close);
  const std::string_view port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
  return std::ranges::all_of(port, ascii::is_digit) ? authority.substr(0, colon) : std::string_view();
}

}  // namespace

Pages::Pattern::Pattern(std::string lower_case) : text(std::move(lower_case)) {
  if (Expected<Glob> parsed = Glob::parse(text)) glob = *std::move(parsed);
}

// Also to the letter: an IPv6 address in brackets is as good a pattern, of another meaning.
bool Pages::Pattern::matches(std::string_view lower_case) const {
  return lower_case == text || (glob && glob->matches(lower_case));
}

Pages::Pages(const std::vector<std::string>& urls) {
  const auto add = [](std::vector<Pattern>& patterns, std::string text) {
    if (!text.empty()) patterns.emplace_back(std::move(text));
  };
  for (const std::string& url : urls) {
    std::string origin = origin_of(url);
    add(origins_, origin);
    // Any port is the scheme's usual one as well, which browsers do not write.
    if (origin.ends_with(":*")) {
      origin.resize(origin.size() - 2);
      add(origins_, origin);
    }
    const std::size_t scheme = origin.find("://");
    const std::string_view authority = std::string_view(origin).substr(scheme == std::string::npos ? 0 : scheme + 3);
    add(hosts_, std::string(host_of(authority)));
  }
}

bool Pages::matches_one(const std::vector<Pattern>& patterns, std::string_view text) {
  if (text.size() > name_limit_bytes) return false;
  const std::string lower = ascii::to_lower(text);
  return std::ranges::any_of(patterns, [&](const Pattern& pattern) { return pattern.matches(lower); });
}

bool Pages::admits_origin(std::string_view origin) const {
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string_view::npos) {
    const std::string_view host = host_of(origin.substr(scheme + 3));
    // What an app's shell calls its own page: capacitor://localhost. An extension's has no name of ours.
    const bool web = ascii::equal_ignoring_case(origin.substr(0, scheme), "http") ||
                     ascii::equal_ignoring_case(origin.substr(0, scheme), "https");
    if (web ? is_private_host(host) : ascii::equal_ignoring_case(host, "localhost")) return true;
  }
  if (matches_one(origins_, origin)) return true;
  log_once("a web page of a foreign origin was kept out", origin);
  return false;
}

bool Pages::lists_pages_without_origin() const { return matches_one(origins_, "null"); }

bool Pages::admits_host(std::string_view host) const {
  const std::string_view name = host_of(host);
  if (is_private_host(name) || is_address(name) || matches_one(hosts_, name)) return true;
  log_once("a request for a foreign host was kept out", host);
  return false;
}

void Pages::log_once(std::string_view what, std::string_view name) const {
  const std::lock_guard lock(mutex_);
  if (logged_.size() >= logged_limit) return;
  if (!logged_.emplace(std::string(what).append(name.substr(0, name_limit_bytes))).second) return;
  log::warning(what, {{"name", name.substr(0, name_limit_bytes)}, {"setting_that_opens", setting}});
}

}  // namespace bailey::stack::gateway
