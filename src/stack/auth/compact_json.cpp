#include "stack/auth/compact_json.hpp"

#include <algorithm>

namespace bailey::stack::auth {
namespace {

// From here on JavaScript and Go write numbers with an exponent as well.
constexpr std::size_t digits_without_exponent = 21;

void append_number(std::string_view number, std::string& out) {
  const std::string_view sign = number.substr(0, number.starts_with('-') ? 1 : 0);
  const std::string_view digits = number.substr(sign.size());
  if (digits.size() <= digits_without_exponent || digits.find_first_of("eE") != std::string_view::npos) {
    out += number;
    return;
  }
  const std::size_t first = digits.find_first_not_of("0.");
  const std::size_t last = digits.find_last_not_of("0.");
  if (digits.find('.') == std::string_view::npos && first != std::string_view::npos) {
    out.append(sign).append(digits.substr(0, last + 1));
    if (last + 1 < digits.size()) out.append("e").append(std::to_string(digits.size() - last - 1));
  } else if (digits.starts_with("0.") && first != std::string_view::npos) {
    out.append(sign).append(digits.substr(first, last + 1 - first));
    out.append("e-").append(std::to_string(last - 1));
  } else {
    out += number;
  }
}

}  // namespace

std::string compact_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    std::size_t end = i + 1;
    if (c == '"') {
      while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2U : 1U;
      end = std::min(end + 1, json.size());
      out += json.substr(i, end - i);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      end = std::min(json.find_first_not_of("0123456789+-.eE", i), json.size());
      append_number(json.substr(i, end - i), out);
    } else if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
      out += c;
    }
    i = end;
  }
  return out;
}

}  // namespace bailey::stack::auth
