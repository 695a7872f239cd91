// Counts dots outside of strings and comments, from one sign that ends a key to the next. The dots of numbers are too
// few to matter, and whether it is TOML at all is the parser's to say.
#include "stack/project/toml_depth.hpp"

#include <algorithm>

namespace bailey::stack {
namespace {

// Behind the string that begins at `at`. One of a single line ends with its line at the latest; the last two quotes
// before those that close a long one may be its own.
std::size_t end_of_string(std::string_view toml, std::size_t at) {
  const char quote = toml[at];
  const bool is_long = toml.substr(at, 3) == (quote == '"' ? "\"\"\"" : "'''");
  const std::string_view closing = toml.substr(at, is_long ? 3 : 1);
  for (at += closing.size(); at < toml.size(); ++at) {
    if (toml.substr(at, closing.size()) == closing) {
      at += closing.size();
      for (int own = 0; is_long && own < 2 && toml.substr(at, 1) == closing.substr(0, 1); ++own) ++at;
      return at;
    }
    if (toml[at] == '\n' && !is_long) return at;
    if (toml[at] == '\\' && quote == '"') ++at;
  }
  return toml.size();
}

}  // namespace

std::optional<std::size_t> line_of_endless_key(std::string_view toml) {
  std::size_t dots = 0;
  for (std::size_t at = 0; at < toml.size();) {
    const char c = toml[at];
    if (c == '"' || c == '\'') {
      at = end_of_string(toml, at);
      continue;
    }
    if (c == '#') {
      at = std::min(toml.find('\n', at), toml.size());
      continue;
    }
    if (c == '.' && ++dots >= most_key_parts)
      return static_cast<std::size_t>(std::ranges::count(toml.substr(0, at), '\n')) + 1;
    if (std::string_view("\n,=[]{}").contains(c)) dots = 0;
    ++at;
  }
  return std::nullopt;
}

}  // namespace bailey::stack
