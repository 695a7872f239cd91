// A URL is looked at as the browser that is sent there looks at it (the URL standard of WHATWG), and as GoTrue does
// with Go's net/url. Where the two differ the URL is refused: what one of them takes for a path is the other one's
// host.
#include "stack/auth/redirect_urls.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/base/utf8.hpp>

#include <arpa/inet.h>
#include <algorithm>
#include <array>
#include <optional>

namespace bailey::stack::auth {
namespace {

constexpr std::size_t url_limit_bytes = 8192;

// What a browser does something of its own with, whoever sends it there.
constexpr std::array<std::string_view, 10> refused_schemes{"javascript", "vbscript", "data",        "file", "blob",
                                                           "filesystem", "about",    "view-source", "jar",  "mailto"};

// A URL up to what follows its authority.
struct UrlHead {
  std::string scheme;  // in lower case
  std::string host;    // without the brackets of IPv6; "" where there is no authority
  std::string port;
  std::size_t authority_end = 0;

  [[nodiscard]] bool is_web() const { return scheme == "http" || scheme == "https"; }
};

bool is_scheme_character(char c) {
  return ascii::is_letter(c) || ascii::is_digit(c) || c == '+' || c == '-' || c == '.';
}

bool is_host_character(char c) {
  return static_cast<unsigned char>(c) > ' ' && !std::string_view("\"<>\\^`{|}%@:[]").contains(c);
}

// Whether each % begins a byte in hexadecimal. In a query it may be anything.
bool is_well_escaped(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3)) {
    if (at + 2 >= text.size() || ascii::hex_value(text[at + 1]) < 0 || ascii::hex_value(text[at + 2]) < 0) return false;
  }
  return true;
}

bool is_ipv6(const std::string& text) {
  std::array<unsigned char, 16> address{};
  return inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

// Reads `user@host:port`. Whether everybody reads it alike.
bool read_authority(std::string_view authority, UrlHead& head) {
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    if (head.is_web()) return false;  // a name before the host is there to be taken for the host
    const auto is_in_name = [](char c) { return c == ':' || c == '%' || is_host_character(c); };
    if (!std::ranges::all_of(authority.substr(0, at), is_in_name)) return false;
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.starts_with('[') ? 1 : 0;
  const std::size_t end = bracket == 1 ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) return false;
  head.host = authority.substr(bracket, end - bracket);
  if (bracket == 1 ? !is_ipv6(head.host) : !std::ranges::all_of(head.host, is_host_character)) return false;
  const std::string_view port = authority.substr(end + bracket);
  if (port.empty()) return true;
  head.port = port.substr(1);
  return port.front() == ':' && std::ranges::all_of(head.port, ascii::is_digit);
}

// nullopt: it is none that everybody reads alike.
std::optional<UrlHead> read_head(std::string_view url) {
  const auto is_refused = [](char c) {
    return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) == 0x7F || c == '\\';
  };
  if (url.size() > url_limit_bytes || !detail::is_utf8(url)) return std::nullopt;
  if (std::ranges::any_of(url, is_refused)) return std::nullopt;
  const std::size_t fragment = std::min(url.find('#'), url.size());
  const std::string_view before_query = url.substr(0, std::min(url.find('?'), fragment));
  if (!is_well_escaped(before_query) || !is_well_escaped(url.substr(fragment))) return std::nullopt;

  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || !ascii::is_letter(url.front())) return std::nullopt;
  if (!std::ranges::all_of(url.substr(0, colon), is_scheme_character)) return std::nullopt;
  UrlHead head{.scheme = ascii::to_lower(url.substr(0, colon)), .authority_end = colon + 1};
  if (!url.substr(colon + 1).starts_with("//")) return head;
  const std::size_t start = colon + 3;
  head.authority_end = std::min(url.find_first_of("/?#", start), url.size());
  if (!read_authority(url.substr(start, head.authority_end - start), head)) return std::nullopt;
  return head;
}

// nullopt: it is no address. Whether it is one of this machine.
std::optional<bool> is_loopback_address(const std::string& host) {
  std::array<unsigned char, 16> address{};
  if (inet_pton(AF_INET, host.c_str(), address.data()) == 1) return address[0] == 127;
  if (inet_pton(AF_INET6, host.c_str(), address.data()) != 1) return std::nullopt;
  constexpr std::array<unsigned char, 13> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127};
  constexpr std::array<unsigned char, 16> loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address == loopback || std::equal(mapped.begin(), mapped.end(), address.begin());
}

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Whose port may be any: a program on the user's machine gets it from the system (RFC 8252 section 7.3).
bool is_loopback_name(std::string_view host) {
  const std::string name = ascii::to_lower(host);
  constexpr std::array<std::string_view, 5> names{"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"};
  return is_one_of(names, name) || name.ends_with(".localhost");
}

bool is_plain_name(std::string_view host) {
  const auto is_alphanumeric = [](char c) { return ascii::is_letter(c) || ascii::is_digit(c); };
  return !host.empty() && is_alphanumeric(host.front()) && is_alphanumeric(host.back()) &&
         std::ranges::all_of(host, [&](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; });
}

}  // namespace

RedirectUrls::RedirectUrls(std::string site_url, const std::vector<std::string>& allowed)
    : site_url_(std::move(site_url)) {
  if (const auto head = read_head(site_url_)) {
    site_scheme_ = head->scheme;
    site_host_ = head->host;
    site_port_ = head->port;
  }
  for (const std::string& pattern : allowed) {
    Expected<Glob> glob = Glob::parse(pattern);
    if (!glob) {
      throw Error("invalid_config",
                  "additional_redirect_urls: \"" + pattern + "\" is no pattern for URLs: " + glob.error().message());
    }
    allowed_.push_back(*std::move(glob));
  }
}

bool RedirectUrls::admits(std::string_view url) const {
  const std::optional<UrlHead> head = read_head(url);
  if (!head || is_one_of(refused_schemes, head->scheme)) return false;
  const bool is_site = !site_scheme_.empty() && head->scheme == site_scheme_ && head->host == site_host_;
  if (is_site && (head->port == site_port_ || is_loopback_name(head->host))) return true;

  if (!head->host.empty() && std::ranges::all_of(head->host, ascii::is_digit)) return false;  // an address as a number
  const std::optional<bool> is_loopback = is_loopback_address(head->host);
  // GoTrue takes any scheme here. A program that has registered one may be started only by who lists it.
  if (is_loopback && (!*is_loopback || head->is_web())) return *is_loopback;
  if (head->is_web() && !is_plain_name(head->host)) return false;

  std::string normal(url.substr(0, url.find('#')));
  // `https://evil?.example.com` is of the host `evil`, and reads as if it were of https://*.example.com.
  if (head->is_web() && normal.substr(head->authority_end).starts_with('?') && !head->host.contains('.')) {
    normal.insert(head->authority_end, "/");
  }
  return std::ranges::any_of(allowed_, [&](const Glob& glob) { return glob.matches(normal); });
}

std::string RedirectUrls::choose(std::string_view requested, std::string_view referer) const {
  for (const std::string_view url : {requested, referer}) {
    if (admits(url)) return std::string(url);
  }
  return site_url_;
}

}  // namespace bailey::stack::auth
