#pragma once

#include <string>
#include <vector>

namespace bailey::query::detail {

// PostgreSQL's text form of an array of texts: {"a","b"}, every element quoted.
[[nodiscard]] inline std::string array_literal(const std::vector<std::string>& elements) {
  std::string out = "{";
  for (const std::string& element : elements) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : element) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + '}';
}

}  // namespace bailey::query::detail
