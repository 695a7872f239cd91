#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include <bailey/model/detail/read.hpp>

namespace bailey::detail {

// What can be read of a lone text.
template <class T>
consteval bool is_parameter() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (is_nullable<T>) {
    return std::is_constructible_v<T, ElementOf<T>> && is_parameter<ElementOf<T>>();
  } else {
    return is_readable<T>() &&
           (shape == Shape::boolean || shape == Shape::integer || shape == Shape::real || is_text_form(shape));
  }
}

// A lone value out of a parameter's text.
template <class T>
void read_text(Reader& reader, const Path& path, std::string_view text, T& out, const Limits& limits) {
  constexpr Shape shape = shape_of<T>;
  static_assert(is_parameter<T>(),
                "A parameter is a scalar: bool, a number, text, Uuid, an enumeration, a time, a type with a "
                "TextCodec, or an optional of one.");
  if constexpr (shape == Shape::boolean) {
    if (const auto truth = reader.boolean(path, text)) out = *truth;
  } else if constexpr (shape == Shape::integer) {
    read_integer(reader, path, text, out, limits);
  } else if constexpr (shape == Shape::real) {
    read_real(reader, path, text, out, limits);
  } else if constexpr (is_text_form(shape)) {
    if (reader.is_utf8(path, text)) read_text_form(reader, path, text, text, out, limits);
  } else if constexpr (is_nullable<T>) {
    ElementOf<T> inner{};
    read_text(reader, path, text, inner, limits);
    out = T(std::move(inner));
  }
}

}  // namespace bailey::detail
