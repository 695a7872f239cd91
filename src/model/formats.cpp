#include "model/formats.hpp"

#include <cstddef>

namespace bailey::detail {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_atom_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
}

std::optional<std::string_view> local_part_fault(std::string_view local) {
  if (local.empty()) return "There must be something before the @-sign.";
  if (local.size() > 64) return "The part before the @-sign is too long.";
  if (local.front() == '.') return "An email address cannot start with a period.";
  if (local.back() == '.') return "An email address cannot have a period immediately before the @-sign.";
  if (local.find("..") != std::string_view::npos) return "An email address cannot have two periods in a row.";
  for (const char c : local) {
    if (c != '.' && !is_atom_character(c)) return "The part before the @-sign contains invalid characters.";
  }
  return std::nullopt;
}

// Letters, digits and hyphens between dots, no label empty, longer than 63 or with a hyphen at an end.
bool is_host_name(std::string_view host) {
  while (true) {
    const std::size_t dot = host.find('.');
    const std::string_view label = host.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label) {
      if (c != '-' && !is_letter_or_digit(c)) return false;
    }
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

}  // namespace

std::optional<std::string_view> email_fault(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return "An email address must have an @-sign.";
  if (text.size() > 254) return "The email address is too long.";
  if (const auto fault = local_part_fault(text.substr(0, at))) return fault;
  const std::string_view domain = text.substr(at + 1);
  if (domain.empty()) return "There must be something after the @-sign.";
  if (domain.find('.') == std::string_view::npos) {
    return "The part after the @-sign is not valid. It should have a period.";
  }
  if (!is_host_name(domain)) return "The part after the @-sign is not valid.";
  return std::nullopt;
}

std::optional<std::string_view> url_fault(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c == 0x7F || static_cast<unsigned char>(c) >= 0x80 || c == '\\' || c == '"' || c == '<' ||
        c == '>') {
      return "invalid character";
    }
  }
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return "it must begin with http:// or https://";
  }
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) return "user names are not allowed";
  std::string_view host = authority;
  std::size_t colon = authority.rfind(':');
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos ||
        host.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) {
      return "invalid IPv6 address";
    }
    if (end + 1 == authority.size()) return std::nullopt;
    if (authority[end + 1] != ':') return "invalid IPv6 address";
    colon = end + 1;
  } else {
    host = authority.substr(0, colon);
    if (host.empty()) return "empty host";
    if (!is_host_name(host)) return "invalid host";
  }
  if (colon != std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) {
      return "invalid port number";
    }
  }
  return std::nullopt;
}

}  // namespace bailey::detail
