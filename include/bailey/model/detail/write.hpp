#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <bailey/base/base64url.hpp>
#include <bailey/base/duration_text.hpp>
#include <bailey/base/time_text.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/shape.hpp>

// Writing by type. Lists and objects write a comma behind each element and then turn the last one into the bracket.
namespace bailey::detail {

inline constexpr std::string_view redacted = "\"**********\"";

// Whether an optional or a Maybe has its element.
template <class T>
bool has_element(const T& value) {
  if constexpr (shape_of<T> == Shape::maybe) {
    return value.has_value();
  } else {
    return value ? true : false;
  }
}

template <class T>
void write(const T& value, std::string& out);

inline void close(std::string& out, char bracket) {
  if (out.back() == ',') {
    out.back() = bracket;
  } else {
    out.push_back(bracket);
  }
}

template <std::integral T>
void write_integer(T number, std::string& out) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// `"full_name":` of a member, made at compile time.
template <class T, std::size_t I>
inline constexpr auto member_key = [] {
  constexpr std::string_view name = wire_names<T>[I];
  std::array<char, name.size() + 3> key{};
  key.front() = '"';
  for (std::size_t i = 0; i < name.size(); ++i) key[i + 1] = name[i];
  key[name.size() + 1] = '"';
  key[name.size() + 2] = ':';
  return key;
}();

template <Model T>
void write_model(const T& value, std::string& out) {
  out.push_back('{');
  for_each_member(value, [&]<std::size_t I>(const auto& member) {
    if constexpr (shape_of<std::remove_cvref_t<decltype(member)>> == Shape::maybe) {
      if (member.is_missing()) return;
    }
    out.append(member_key<T, I>.data(), member_key<T, I>.size());
    if constexpr (member_constraints<T>[I].is_secret) {
      out.append(redacted);
    } else {
      write(member, out);
    }
    out.push_back(',');
  });
  close(out, '}');
}

template <class T>
void write(const T& value, std::string& out) {
  constexpr Shape shape = shape_of<T>;
  static_assert(shape != Shape::none,
                "This type cannot be encoded: use a plain struct, one of the types named at `encode`, or specialise "
                "bailey::TextCodec for it.");
  if constexpr (shape == Shape::null) {
    out.append("null");
  } else if constexpr (shape == Shape::boolean) {
    out.append(value ? "true" : "false");
  } else if constexpr (shape == Shape::integer) {
    write_integer(value, out);
  } else if constexpr (shape == Shape::real) {
    append_json_number(out, value);
  } else if constexpr (shape == Shape::text) {
    append_json_string(out, value);
  } else if constexpr (shape == Shape::secret) {
    out.append(redacted);
  } else if constexpr (shape == Shape::uuid || shape == Shape::date || shape == Shape::time ||
                       shape == Shape::duration) {
    out.push_back('"');
    if constexpr (shape == Shape::uuid) value.append_to(out);
    if constexpr (shape == Shape::date) append_date(out, value);
    if constexpr (shape == Shape::time) append_time(out, value);
    if constexpr (shape == Shape::duration)
      append_duration(out, std::chrono::duration_cast<std::chrono::microseconds>(value));
    out.push_back('"');
  } else if constexpr (shape == Shape::enumeration) {
    append_json_string(out, enum_text(value));
  } else if constexpr (shape == Shape::coded) {
    append_json_string(out, TextCodec<T>::to_text(value));
  } else if constexpr (shape == Shape::bytes) {
    append_json_string(out, base64_encode(std::span<const std::byte>(value)));
  } else if constexpr (shape == Shape::json_value || shape == Shape::json_object || shape == Shape::json_array) {
    append_json(out, value);
  } else if constexpr (is_nullable<T>) {
    if (has_element(value)) {
      write(*value, out);
    } else {
      out.append("null");
    }
  } else if constexpr (shape == Shape::variant) {
    std::visit([&](const auto& alternative) { write(alternative, out); }, value);
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    out.push_back('[');
    for (const auto& item : value) {
      write<ElementOf<T>>(item, out);
      out.push_back(',');
    }
    close(out, ']');
  } else if constexpr (shape == Shape::map) {
    out.push_back('{');
    for (const auto& [key, member] : value) {
      append_json_string(out, key);
      out.push_back(':');
      write(member, out);
      out.push_back(',');
    }
    close(out, '}');
  } else if constexpr (shape == Shape::model) {
    write_model(value, out);
  }
}

}  // namespace bailey::detail
