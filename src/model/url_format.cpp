// URLs as browsers read them, for pydantic's HttpUrl is read by an implementation of WHATWG's URL Standard. What that
// standard forgives (tabs, backslashes, any number of slashes, characters that want encoding, domains in Unicode) is
// made plain here; the plain URL is then taken apart, judged and put together by libcurl's parser.
#include <arpa/inet.h>
#include <curl/urlapi.h>  // the parser alone: no transfer is made

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>
#include "model/formats.hpp"
#include "model/unicode.hpp"

namespace bailey::detail {
namespace {

std::unexpected<UrlFault> refuse(std::string_view reason) {
  return std::unexpected(UrlFault{UrlFault::Kind::parsing, reason});
}

struct Freed {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
  void operator()(char* text) const noexcept { curl_free(text); }
};

// Without control characters and blanks around it, and without tabs and line ends in it.
std::string without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  std::string result(text);
  std::erase_if(result, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return result;
}

// "https" of "HTTPS:…"; nothing where no scheme stands.
std::optional<std::string> scheme_of(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0 || !ascii::is_letter(url.front())) return std::nullopt;
  for (const char c : url.substr(0, colon)) {
    if (!ascii::is_letter(c) && !ascii::is_digit(c) && c != '+' && c != '-' && c != '.') return std::nullopt;
  }
  return ascii::to_lower(url.substr(0, colon));
}

// The standard's sets of what is percent-encoded in each part, beside controls and all beyond ASCII.
constexpr std::string_view in_fragment = " \"<>`";
constexpr std::string_view in_query = " \"#<>'";
constexpr std::string_view in_path = " \"#<>?`{}";
constexpr std::string_view in_user = " \"#<>?^`{}/:;=@[\\]|";

void append_encoded(std::string& out, std::string_view part, std::string_view set) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x1F && byte < 0x7F && set.find(c) == std::string_view::npos) {
      out.push_back(c);
    } else {
      out.append({'%', digits[byte >> 4], digits[byte & 0x0F]});
    }
  }
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? ascii::hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? ascii::hex_value(text[i + 2]) : -1;
    result.push_back(low >= 0 ? static_cast<char>(high * 16 + low) : text[i]);
    if (low >= 0) i += 2;
  }
  return result;
}

// A name in lower case and ASCII; nothing if it holds what no host's name does.
std::optional<std::string> normal_name(std::string_view text) {
  std::string name = ascii::to_lower(percent_decoded(text));
  if (!is_utf8(name)) return std::nullopt;
  if (name.find('\0') != std::string::npos) return std::nullopt;
  if (!is_ascii(name) || name.starts_with("xn--") || name.find(".xn--") != std::string::npos) {
    auto made = to_ascii_domain(name);
    if (!made) return std::nullopt;
    name = *std::move(made);
  }
  for (const char c : name) {
    if (!ascii::is_letter(c) && !ascii::is_digit(c) && std::string_view("-._~").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  return name;
}

// A host that ends in a number must be an IPv4 address.
bool ends_in_number(std::string_view host) {
  std::string_view label = host.substr(host.rfind('.') + 1);
  if (label.starts_with("0x")) return label.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
  return !label.empty() && label.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::string> normal_ipv6(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']') || text.size() < 2) return std::nullopt;
  const std::string address(text.substr(1, text.size() - 2));
  in6_addr parsed{};
  std::array<char, INET6_ADDRSTRLEN> normal{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return std::nullopt;
  if (inet_ntop(AF_INET6, &parsed, normal.data(), normal.size()) == nullptr) return std::nullopt;
  return std::string("[").append(normal.data()).append("]");
}

// "%2e" is a dot where it makes a dot segment.
std::string path_with_plain_dots(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find_first_of("/\\", 1));
    std::string dots = ascii::to_lower(segment.substr(1));
    for (std::size_t at = 0; (at = dots.find("%2e", at)) != std::string::npos;) dots.replace(at, 3, ".");
    result.append("/").append(dots == "." || dots == ".." ? dots : segment.substr(1));
    path.remove_prefix(segment.size());
  }
  return result.empty() ? "/" : result;
}

// What stands behind the scheme, in plain characters and taken apart as far as the parser would not.
struct Parts {
  std::string authority_and_path;
  std::string query_and_fragment;  // with their marks
};

std::expected<Parts, UrlFault> plain_parts(std::string_view url) {
  url.remove_prefix(std::min(url.find_first_not_of("/\\"), url.size()));
  const std::string_view authority = url.substr(0, url.find_first_of("/\\?#"));
  url.remove_prefix(authority.size());
  const std::string_view path = url.substr(0, url.find_first_of("?#"));
  url.remove_prefix(path.size());
  const std::string_view query = url.substr(0, url.find('#'));
  const std::string_view fragment = url.substr(query.size());

  Parts parts;
  std::string& plain = parts.authority_and_path;
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    const std::string_view name = user.substr(0, user.find(':'));
    const std::string_view password = user.substr(std::min(name.size() + 1, user.size()));
    append_encoded(plain, name, in_user);
    if (!password.empty()) append_encoded(plain.append(":"), password, in_user);
    if (!plain.empty()) plain.append("@");
  }

  std::string_view host = authority.substr(at == std::string_view::npos ? 0 : at + 1);
  const std::size_t colon = host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
  const std::string_view port = colon == std::string_view::npos ? std::string_view{} : host.substr(colon + 1);
  host = host.substr(0, colon);
  if (host.empty()) return refuse("empty host");
  const bool bracketed = host.starts_with('[');
  auto name = bracketed ? normal_ipv6(host) : normal_name(host);
  if (!name) return refuse(bracketed ? "invalid IPv6 address" : "invalid international domain name");
  if (name->ends_with('.') && ends_in_number(std::string_view(*name).substr(0, name->size() - 1))) name->pop_back();
  if (name->empty()) return refuse("empty host");
  plain.append(*name);
  if (port.find_first_not_of("0123456789") != std::string_view::npos) return refuse("invalid port number");
  if (!port.empty()) plain.append(":").append(port);

  append_encoded(plain, path_with_plain_dots(path), in_path);
  if (!query.empty()) append_encoded(parts.query_and_fragment.append("?"), query.substr(1), in_query);
  if (!fragment.empty()) append_encoded(parts.query_and_fragment.append("#"), fragment.substr(1), in_fragment);
  return parts;
}

}  // namespace

std::expected<std::string, UrlFault> normal_url(std::string_view text) {
  if (text.size() > url_limit_bytes) return std::unexpected(UrlFault{UrlFault::Kind::too_long, {}});
  if (text.empty()) return refuse("input is empty");
  const std::string url = without_blanks(text);
  const auto scheme = scheme_of(url);
  if (!scheme) return refuse("relative URL without a base");
  if (*scheme != "http" && *scheme != "https") return std::unexpected(UrlFault{UrlFault::Kind::scheme, {}});
  const auto parts = plain_parts(std::string_view(url).substr(scheme->size() + 1));
  if (!parts) return std::unexpected(parts.error());

  const std::unique_ptr<CURLU, Freed> parser(curl_url());
  switch (curl_url_set(parser.get(), CURLUPART_URL, (*scheme + "://" + parts->authority_and_path).c_str(), 0)) {
    case CURLUE_OK: break;
    case CURLUE_BAD_PORT_NUMBER: return refuse("invalid port number");
    default: return refuse("invalid host");
  }
  char* made = nullptr;
  if (curl_url_get(parser.get(), CURLUPART_HOST, &made, 0) != CURLUE_OK) return refuse("empty host");
  const std::unique_ptr<char, Freed> host(made);
  in_addr address{};
  if (ends_in_number(host.get()) && inet_pton(AF_INET, host.get(), &address) != 1) {
    return refuse("invalid IPv4 address");
  }
  if (curl_url_get(parser.get(), CURLUPART_URL, &made, CURLU_NO_DEFAULT_PORT) != CURLUE_OK) {
    return refuse("invalid host");
  }
  const std::unique_ptr<char, Freed> normal(made);
  return normal.get() + parts->query_and_fragment;
}

}  // namespace bailey::detail
