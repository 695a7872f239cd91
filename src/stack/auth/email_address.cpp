#include "stack/auth/email_address.hpp"

#include <algorithm>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_local(char c) { return is_alphanumeric(c) || std::string_view(".!#$%&'*+/=?^_`{|}~-").contains(c); }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && is_alphanumeric(label.front()) && is_alphanumeric(label.back()) &&
         std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

}  // namespace

std::string normalise_email(std::string_view email) {
  std::string result(email);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > 255 || at == 0 || at == std::string_view::npos) return false;
  if (!std::ranges::all_of(text.substr(0, at), is_local)) return false;
  for (std::string_view domain = text.substr(at + 1);;) {
    const std::size_t dot = std::min(domain.find('.'), domain.size());
    if (!is_label(domain.substr(0, dot))) return false;
    if (dot == domain.size()) return true;
    domain.remove_prefix(dot + 1);
  }
}

std::string require_email(std::string_view email) {
  if (!is_email(email)) throw AuthError(400, "validation_failed", "Unable to validate email address: invalid format");
  return normalise_email(email);
}

}  // namespace bailey::stack::auth
