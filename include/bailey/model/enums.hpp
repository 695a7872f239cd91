#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <bailey/model/spelling.hpp>

// Enumerations by name: `enum class Status { draft, published }` is "draft" and "published" on the wire. Values from
// 0 to 127 are found. A trailing underscore (`delete_`) is dropped.
namespace bailey {

template <class E>
concept Enumeration = std::is_enum_v<E> && !std::is_same_v<E, std::byte>;

namespace detail {

inline constexpr std::size_t enum_range = 128;

// A spelled value is an enumerator's name if it does not begin with a cast or a digit: "app::Status::draft",
// "(Status)7".
constexpr std::string_view enumerator_in(std::string_view spelled) {
  while (!spelled.empty() && spelled.front() == ' ') spelled.remove_prefix(1);
  const std::string_view name = last_identifier(spelled);
  const bool cast = spelled.empty() || spelled.substr(0, spelled.size() - name.size()).ends_with(')');
  const bool number = name.empty() || (name.front() >= '0' && name.front() <= '9');
  return cast || number ? std::string_view{} : without_keyword_mark(name);
}

template <class E, std::size_t... I>
consteval auto spell_enumerators(std::index_sequence<I...>) {
  static_assert(requires { E{0}; }, "An enumeration on the wire must be an `enum class` or name its underlying type.");
  std::array<std::string_view, sizeof...(I)> names;
  // All in one instantiation: "… [Values = <app::Status::draft, app::Status::published, (app::Status)2, …>]".
  std::string_view text = spell_all<static_cast<E>(I)...>();
  text.remove_prefix(text.find("Values = ") + 10);
  text = text.substr(0, text.size() - 2);
  std::size_t begin = 0;
  std::size_t depth = 0;
  std::size_t found = 0;
  for (std::size_t i = 0; i <= text.size() && found < names.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '(' || c == '<' || c == '{') ++depth;
    if ((c == ')' || c == '>' || c == '}') && depth > 0) --depth;
    if (c == ',' && depth == 0) {
      names[found++] = enumerator_in(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  return names;
}

template <class E>
inline constexpr auto enumerators = spell_enumerators<E>(std::make_index_sequence<enum_range>{});

template <class E>
consteval std::size_t count_enumerators() {
  std::size_t count = 0;
  for (const std::string_view name : enumerators<E>) count += name.empty() ? 0U : 1U;
  return count;
}

}  // namespace detail

// The names on the wire, in the order of the values.
template <Enumeration E>
inline constexpr auto enum_names = [] {
  static_assert(detail::count_enumerators<E>() > 0, "An enumeration on the wire needs enumerators from 0 to 127.");
  std::array<std::string_view, detail::count_enumerators<E>()> names;
  std::size_t found = 0;
  for (const std::string_view name : detail::enumerators<E>) {
    if (!name.empty()) names[found++] = name;
  }
  return names;
}();

// A value's name; empty for a value that is no enumerator from 0 to 127.
template <Enumeration E>
[[nodiscard]] constexpr std::string_view enum_name(E value) noexcept {
  const auto number = std::to_underlying(value);
  if (std::cmp_less(number, 0) || std::cmp_greater_equal(number, detail::enum_range)) return {};
  return detail::enumerators<E>[static_cast<std::size_t>(number)];
}

// The value of that name, case-sensitive.
template <Enumeration E>
[[nodiscard]] constexpr std::optional<E> parse_enum(std::string_view name) noexcept {
  if (name.empty()) return std::nullopt;
  for (std::size_t i = 0; i < detail::enum_range; ++i) {
    if (detail::enumerators<E>[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace bailey
