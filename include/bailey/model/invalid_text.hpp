#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <bailey/model/detail/write.hpp>
#include <bailey/model/validation.hpp>

// Finding the text that JSON cannot carry as it is: encode puts U+FFFD in place of bytes that are not UTF-8, which is
// right for an answer and wrong for what is to be stored.
namespace bailey {

// Return the place of the first text that is not UTF-8, or nullopt if all is. A key that is wrong itself is named with
// U+FFFD in it.
[[nodiscard]] std::optional<Location> find_invalid_text(std::string_view text);
[[nodiscard]] std::optional<Location> find_invalid_text(const json::value& value);
[[nodiscard]] std::optional<Location> find_invalid_text(const json::object& value);
[[nodiscard]] std::optional<Location> find_invalid_text(const json::array& value);

namespace detail {

// The location one step further out.
[[nodiscard]] Location below(std::string_view name, Location location);
[[nodiscard]] Location below(std::int64_t index, Location location);

}  // namespace detail

// The same of anything that `encode` takes.
template <class T>
[[nodiscard]] std::optional<Location> find_invalid_text(const T& value) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::text) {
    return find_invalid_text(std::string_view(value));
  } else if constexpr (shape == Shape::coded) {
    const std::string text = TextCodec<T>::to_text(value);
    return find_invalid_text(std::string_view(text));
  } else if constexpr (is_nullable<T>) {
    return detail::has_element(value) ? find_invalid_text(*value) : std::nullopt;
  } else if constexpr (shape == Shape::variant) {
    return std::visit([](const auto& alternative) { return find_invalid_text(alternative); }, value);
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    std::int64_t index = 0;
    for (const ElementOf<T>& item : value) {  // no proxy, as std::vector<bool> has
      if (auto found = find_invalid_text(item)) return detail::below(index, *std::move(found));
      ++index;
    }
  } else if constexpr (shape == Shape::map) {
    for (const auto& [key, member] : value) {
      auto found = find_invalid_text(std::string_view(key));
      if (!found) found = find_invalid_text(member);
      if (found) return detail::below(std::string_view(key), *std::move(found));
    }
  } else if constexpr (shape == Shape::model && !std::is_empty_v<T>) {
    std::optional<Location> result;
    for_each_member(value, [&]<std::size_t I>(const auto& member) {
      if (result) return;
      if (auto found = find_invalid_text(member)) result = detail::below(wire_names<T>[I], *std::move(found));
    });
    return result;
  }
  return std::nullopt;
}

}  // namespace bailey
