// E-mail addresses: what pydantic's EmailStr takes, which is email-validator's idea of an address that can be delivered
// to from anywhere. What a character is and what a domain is called is asked of Unicode and IDNA (unicode.hpp).
#include <algorithm>
#include <array>

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>
#include "model/formats.hpp"
#include "model/unicode.hpp"

namespace bailey::detail {
namespace {

using Fault = std::unexpected<std::string_view>;

constexpr std::size_t text_limit = 2048;  // characters, with a display name
constexpr std::size_t address_limit_bytes = 254;
constexpr std::size_t domain_limit_bytes = 253;
constexpr std::size_t label_limit_bytes = 63;

bool is_atom_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
  return ascii::is_letter(c) || ascii::is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         others.find(c) != std::string_view::npos;
}

// Words of a name that needs no quotes.
bool is_plain_name(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const char c = name[at];
    const char32_t point = next_code_point(name, at);
    if (point < 0x80 ? c != '.' && !is_white_space(point) && !is_atom_character(c)
                     : !is_white_space(point) && !is_letter_or_number(point)) {
      return false;
    }
  }
  return true;
}

// Of "Ada <ada@example.com>" what is between the brackets; anything else as it is.
std::string_view without_display_name(std::string_view text) {
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return text;
  const std::string_view name = trim_white_space(text.substr(0, open));
  const bool quoted = name.size() > 2 && name.starts_with('"') && name.ends_with('"');
  if (!quoted && !is_plain_name(name)) return text;
  return trim_white_space(text.substr(open + 1, text.size() - open - 2));
}

std::optional<std::string_view> local_part_fault(std::string_view local) {
  if (local.empty()) return "There must be something before the @-sign.";
  if (local.starts_with('"')) return "Quoting the part before the @-sign is not allowed here.";
  for (const char c : local) {
    if (c != '.' && !is_atom_character(c)) return "The email address contains invalid characters before the @-sign.";
  }
  if (local.ends_with('.')) return "An email address cannot have a period immediately before the @-sign.";
  if (local.starts_with('.')) return "An email address cannot start with a period.";
  if (local.find("..") != std::string_view::npos) return "An email address cannot have two periods in a row.";
  if (!is_ascii(local) && !is_safely_shown(local)) return "The email address contains unsafe characters.";
  return std::nullopt;
}

// RFC 2142's mailboxes are the same in any case.
bool is_role(std::string_view local) {
  static constexpr std::array<std::string_view, 15> roles{"info", "marketing", "sales",      "support",    "abuse",
                                                          "noc",  "security",  "postmaster", "hostmaster", "usenet",
                                                          "news", "webmaster", "www",        "uucp",       "ftp"};
  return std::ranges::find(roles, local) != roles.end();
}

// Of a domain in ASCII and lower case.
std::optional<std::string_view> domain_fault(std::string_view domain) {
  if (domain.empty()) return "There must be something after the @-sign.";
  if (domain.size() > domain_limit_bytes) return "The email address is too long after the @-sign.";
  for (std::string_view rest = domain; !rest.empty();) {
    const std::size_t dot = rest.find('.');
    const std::string_view label = rest.substr(0, dot);
    if (label.empty()) return "An email address cannot have two periods in a row, or one at the end of a part.";
    if (label.starts_with('-') || label.ends_with('-')) {
      return "An email address cannot have a hyphen at either end of what is between periods.";
    }
    if (label.size() > label_limit_bytes) return "After the @-sign, periods cannot be separated by so many characters.";
    if (label.substr(std::min<std::size_t>(label.size(), 2)).starts_with("--") && !label.starts_with("xn")) {
      return "An email address cannot have two letters followed by two dashes after the @-sign or a period.";
    }
    for (const char c : label) {
      if (!ascii::is_letter(c) && !ascii::is_digit(c) && c != '-') {
        return "The part after the @-sign contains invalid characters.";
      }
    }
    if (dot + 1 == rest.size()) return "An email address cannot end with a period.";
    rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
  }
  if (domain.find('.') == std::string_view::npos) {
    return "The part after the @-sign is not valid. It should have a period.";
  }
  if (!ascii::is_letter(domain.back())) {
    return "The part after the @-sign is not valid. It is not within a valid top-level domain.";
  }
  for (const std::string_view reserved : {".arpa", ".invalid", ".local", ".localhost", ".onion", ".test"}) {
    if (domain.ends_with(reserved)) {
      return "The part after the @-sign is a special-use or reserved name that cannot be used with email.";
    }
  }
  return std::nullopt;
}

struct Domain {
  std::string ascii;
  std::string shown;
};

std::expected<Domain, std::string_view> normal_domain(std::string_view text) {
  constexpr std::string_view not_a_domain = "The part after the @-sign is not a valid international domain name.";
  if (text.starts_with('[')) return Fault("A bracketed IP address after the @-sign is not allowed here.");
  std::string domain = ascii::to_lower(text);
  const bool plain = is_ascii(domain);
  if (!plain) {
    // U+2024 to U+2026 are dots that would become labels' ends.
    if (!is_safely_shown(domain) || domain.find("\u2024") != std::string::npos ||
        domain.find("\u2025") != std::string::npos || domain.find("\u2026") != std::string::npos) {
      return Fault("The part after the @-sign contains unsafe characters.");
    }
  }
  const bool encoded = domain.find("xn--") != std::string::npos;
  if (!plain || encoded) {
    auto made = to_ascii_domain(domain);
    if (!made) return Fault(not_a_domain);
    domain = *std::move(made);
  }
  if (const auto fault = domain_fault(domain)) return Fault(*fault);
  if (plain && !encoded) return Domain{domain, domain};
  auto shown = to_unicode_domain(domain);
  // A label that claims to be encoded may decode to what is never encoded so (RFC 5891 section 5.4).
  if (!shown || to_ascii_domain(*shown) != domain) return Fault(not_a_domain);
  return Domain{std::move(domain), *std::move(shown)};
}

}  // namespace

std::expected<std::string, std::string_view> normal_email(std::string_view text) {
  constexpr std::string_view too_long = "The email address is too long.";
  if (text.size() > text_limit && count_code_points(text) > text_limit) {
    return Fault("Length must not exceed 2048 characters");
  }
  if (text.find_first_of("\r\n") != std::string_view::npos) {
    return Fault("Carriage return and line feed characters are not allowed");
  }
  const std::string_view address = without_display_name(trim_white_space(text));
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos) return Fault("An email address must have an @-sign.");
  if (const auto fault = local_part_fault(address.substr(0, at))) return Fault(*fault);
  std::string local = composed(address.substr(0, at));
  if (const auto fault = local_part_fault(local)) return Fault(*fault);  // U+037E becomes a semicolon
  if (std::string lower = ascii::to_lower(local); is_role(lower)) local = std::move(lower);
  const auto domain = normal_domain(address.substr(at + 1));
  if (!domain) return Fault(domain.error());
  const std::size_t longest = std::max(domain->ascii.size(), domain->shown.size());
  if (std::max(address.size(), local.size() + 1 + longest) > address_limit_bytes) return Fault(too_long);
  return local + "@" + domain->shown;
}

}  // namespace bailey::detail
