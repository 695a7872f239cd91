#include "http/header_parameters.hpp"

#include "http/characters.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::http {
namespace {

constexpr std::size_t entry_limit = 16;

void skip_blanks(std::string_view& text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
}

// Takes a quoted string off the front, with its marks.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string value;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') {
      text.remove_prefix(at + 1);
      return value;
    }
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\')) ++at;
    value.push_back(text[at]);
  }
  return std::nullopt;
}

std::optional<std::string> take_unquoted(std::string_view& text) {
  const std::string_view value = text.substr(0, text.find_first_of("; \t\""));
  text.remove_prefix(value.size());
  return value.empty() ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

const std::string* HeaderParameters::find(std::string_view name) const noexcept {
  const auto found =
      std::ranges::find_if(entries, [&](const auto& entry) { return ascii::equal_ignoring_case(entry.first, name); });
  return found == entries.end() ? nullptr : &found->second;
}

std::optional<HeaderParameters> parse_header_parameters(std::string_view text) {
  HeaderParameters result;
  const std::size_t end = std::min(text.find(';'), text.size());
  result.type = ascii::trim(text.substr(0, end));
  text.remove_prefix(end);
  for (;;) {
    skip_blanks(text);
    if (text.empty()) return result;
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    skip_blanks(text);
    if (text.empty() || text.front() == ';') continue;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || result.entries.size() == entry_limit) return std::nullopt;
    const std::string_view name = text.substr(0, equals);
    if (!is_token(name) || result.find(name) != nullptr) return std::nullopt;
    text.remove_prefix(equals + 1);
    std::optional<std::string> value = text.starts_with('"') ? take_quoted(text) : take_unquoted(text);
    if (!value) return std::nullopt;
    result.entries.emplace_back(name, *std::move(value));
  }
}

}  // namespace bailey::http
