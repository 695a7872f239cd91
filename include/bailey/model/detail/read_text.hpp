#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include <bailey/model/detail/read.hpp>

namespace bailey::detail {

// A lone value out of a parameter's text.
template <class T>
void read_text(Reader& reader, const Path& path, std::string_view text, T& out, const Limits& limits) {
  if constexpr (std::same_as<T, bool>) {
    if (const auto truth = reader.boolean(path, text)) out = *truth;
  } else if constexpr (Integer<T>) {
    read_integer(reader, path, text, out, limits);
  } else if constexpr (std::floating_point<T>) {
    read_real(reader, path, text, out, limits);
  } else if constexpr (TextForm<T>) {
    if (reader.is_utf8(path, text)) read_text_form(reader, path, text, text, out, limits);
  } else if constexpr (requires { out.emplace(); } && is_nullable<T>) {
    read_text(reader, path, text, out.emplace(), limits);
  } else if constexpr (requires { typename T::value_type; } && is_nullable<T>) {
    typename T::value_type inner{};
    read_text(reader, path, text, inner, limits);
    out = T(std::move(inner));
  } else {
    static_assert(cannot_be_read<T>,
                  "A parameter is a scalar: bool, a number, text, Uuid, an enumeration, a time, a type with a "
                  "TextCodec, or an optional of one.");
  }
}

}  // namespace bailey::detail
