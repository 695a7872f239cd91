#include "stack/auth/phone_number.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {

std::string normalise_phone(std::string_view phone) {
  if (phone.starts_with('+')) phone.remove_prefix(1);
  std::string result(phone);
  std::erase(result, ' ');
  return result;
}

bool is_phone(std::string_view phone) {
  return phone.size() >= 2 && phone.size() <= 15 && phone.front() != '0' && std::ranges::all_of(phone, ascii::is_digit);
}

std::string require_phone(std::string_view phone) {
  std::string number = normalise_phone(phone);
  if (!is_phone(number)) throw AuthError(400, "validation_failed", "Invalid phone number format (E.164 required)");
  return number;
}

}  // namespace bailey::stack::auth
