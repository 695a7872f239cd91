#include <bailey/model/invalid_text.hpp>

#include <bailey/base/utf8.hpp>

namespace bailey {

namespace detail {

Location below(std::string_view name, Location location) {
  location.emplace(location.begin(), to_utf8(name));
  return location;
}

Location below(std::int64_t index, Location location) {
  location.emplace(location.begin(), index);
  return location;
}

}  // namespace detail

std::optional<Location> find_invalid_text(std::string_view text) {
  if (detail::is_utf8(text)) return std::nullopt;
  return Location();
}

std::optional<Location> find_invalid_text(const json::object& value) {
  for (const auto& [key, member] : value) {
    auto found = find_invalid_text(std::string_view(key));
    if (!found) found = find_invalid_text(member);
    if (found) return detail::below(std::string_view(key), *std::move(found));
  }
  return std::nullopt;
}

std::optional<Location> find_invalid_text(const json::array& value) {
  std::int64_t index = 0;
  for (const json::value& item : value) {
    if (auto found = find_invalid_text(item)) return detail::below(index, *std::move(found));
    ++index;
  }
  return std::nullopt;
}

std::optional<Location> find_invalid_text(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string: return find_invalid_text(std::string_view(value.get_string()));
    case json::kind::array: return find_invalid_text(value.get_array());
    case json::kind::object: return find_invalid_text(value.get_object());
    default: return std::nullopt;
  }
}

}  // namespace bailey
