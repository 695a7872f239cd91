#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <bailey/base/base64url.hpp>
#include <bailey/base/secret.hpp>
#include <bailey/base/time_text.hpp>
#include <bailey/base/uuid.hpp>
#include <bailey/model/enums.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/members.hpp>

// Writing by type. Lists and objects write a comma behind each element and then turn the last one into the bracket.
namespace bailey::detail {

inline constexpr std::string_view redacted = "\"**********\"";

template <class T>
inline constexpr bool cannot_be_written = false;

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

template <class T>
inline constexpr bool is_maybe = false;
template <class T>
inline constexpr bool is_maybe<Maybe<T>> = true;

template <class T>
concept Pointing = requires(const T& value) {
  { value ? 1 : 0 };
  *value;
  requires !std::is_pointer_v<T>;
  value.operator->();
};

template <class T>
concept KeyedRange = std::ranges::input_range<const T> && requires { typename T::mapped_type; } &&
                     std::convertible_to<const typename T::key_type&, std::string_view>;

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
    if constexpr (is_maybe<std::remove_cvref_t<decltype(member)>>) {
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
  if constexpr (std::same_as<T, bool>) {
    out.append(value ? "true" : "false");
  } else if constexpr (std::integral<T> && !std::same_as<T, char>) {
    write_integer(value, out);
  } else if constexpr (std::floating_point<T>) {
    append_json_number(out, value);
  } else if constexpr (std::same_as<T, Secret>) {
    out.append(redacted);
  } else if constexpr (std::same_as<T, Uuid>) {
    out.push_back('"');
    value.append_to(out);
    out.push_back('"');
  } else if constexpr (Enumeration<T>) {
    append_json_string(out, enum_text(value));
  } else if constexpr (std::same_as<T, std::chrono::sys_days>) {
    out.push_back('"');
    append_date(out, value);
    out.push_back('"');
  } else if constexpr (requires { append_time(out, value); }) {
    out.push_back('"');
    append_time(out, value);
    out.push_back('"');
  } else if constexpr (HasTextCodec<T>) {
    append_json_string(out, TextCodec<T>::to_text(value));
  } else if constexpr (std::same_as<T, json::value> || std::same_as<T, json::object> || std::same_as<T, json::array>) {
    append_json(out, value);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    append_json_string(out, value);
  } else if constexpr (std::same_as<T, std::vector<std::byte>>) {
    append_json_string(out, base64_encode(std::span<const std::byte>(value)));
  } else if constexpr (std::same_as<T, std::nullptr_t> || std::same_as<T, std::nullopt_t> ||
                       std::same_as<T, std::monostate>) {
    out.append("null");
  } else if constexpr (is_variant<T>) {
    std::visit([&](const auto& alternative) { write(alternative, out); }, value);
  } else if constexpr (is_maybe<T>) {
    if (value.has_value()) {
      write(*value, out);
    } else {
      out.append("null");
    }
  } else if constexpr (Pointing<T>) {
    if (value) {
      write(*value, out);
    } else {
      out.append("null");
    }
  } else if constexpr (KeyedRange<T>) {
    out.push_back('{');
    for (const auto& [key, member] : value) {
      append_json_string(out, key);
      out.push_back(':');
      write(member, out);
      out.push_back(',');
    }
    close(out, '}');
  } else if constexpr (std::ranges::input_range<const T>) {
    out.push_back('[');
    for (const auto& item : value) {
      write<std::ranges::range_value_t<const T>>(item, out);
      out.push_back(',');
    }
    close(out, ']');
  } else if constexpr (Model<T>) {
    write_model(value, out);
  } else {
    static_assert(cannot_be_written<T>,
                  "This type cannot be encoded: use a plain struct, one of the types named at `encode`, or specialise "
                  "bailey::TextCodec for it.");
  }
}

}  // namespace bailey::detail
