#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <bailey/base/secret.hpp>
#include <bailey/base/uuid.hpp>
#include <bailey/model/enums.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/maybe.hpp>
#include <bailey/model/reflect.hpp>

// What a type is on the wire. Everything that walks types (decoding, encoding, JSON Schema, parameters, rows) switches
// on this one answer, so that no two of them can take a type for different things.
namespace bailey {

enum class Shape : std::uint8_t {
  none,         // it has no form on the wire, and is refused where it is used
  null,         // std::monostate, std::nullptr_t, std::nullopt_t, void
  boolean,      // bool
  integer,      // of up to 64 bits; no character
  real,         // float, double
  text,         // std::string, and what converts to a std::string_view
  secret,       // Secret
  uuid,         // Uuid
  date,         // std::chrono::sys_days
  time,         // std::chrono::sys_time of another precision
  duration,     // std::chrono::duration
  enumeration,  // by the enumerators' names
  coded,        // a text form of its own: a TextCodec
  bytes,        // std::vector<std::byte>: a text in base64
  json_value,   // any JSON
  json_object,
  json_array,
  optional,  // one element or null: std::optional, std::unique_ptr, std::shared_ptr, and what points as they do
  maybe,     // Maybe: one element, null, or left out of its object
  variant,   // one of several
  array,     // std::array: elements, always as many
  list,      // elements: std::vector and every other range
  map,       // elements by a text key
  model,     // a plain aggregate: an object of its members
};

namespace detail {

// The shapes of templates that are known by name: found without a look at what the types can do.
template <class T>
inline constexpr Shape named_shape = Shape::none;
template <>
inline constexpr Shape named_shape<void> = Shape::null;
template <>
inline constexpr Shape named_shape<std::monostate> = Shape::null;
template <>
inline constexpr Shape named_shape<std::nullptr_t> = Shape::null;
template <>
inline constexpr Shape named_shape<std::nullopt_t> = Shape::null;
template <>
inline constexpr Shape named_shape<bool> = Shape::boolean;
template <>
inline constexpr Shape named_shape<float> = Shape::real;
template <>
inline constexpr Shape named_shape<double> = Shape::real;
template <>
inline constexpr Shape named_shape<std::string> = Shape::text;
template <>
inline constexpr Shape named_shape<Secret> = Shape::secret;
template <>
inline constexpr Shape named_shape<Uuid> = Shape::uuid;
template <class Duration>
inline constexpr Shape named_shape<std::chrono::sys_time<Duration>> = Shape::time;
template <>
inline constexpr Shape named_shape<std::chrono::sys_days> = Shape::date;
template <class Count, class Period>
inline constexpr Shape named_shape<std::chrono::duration<Count, Period>> = Shape::duration;
template <>
inline constexpr Shape named_shape<json::value> = Shape::json_value;
template <>
inline constexpr Shape named_shape<json::object> = Shape::json_object;
template <>
inline constexpr Shape named_shape<json::array> = Shape::json_array;

// The same of those for which a TextCodec, if there is one, comes first.
template <class T>
inline constexpr Shape container_shape = Shape::none;
template <class T>
inline constexpr Shape container_shape<std::optional<T>> = Shape::optional;
template <class T>
inline constexpr Shape container_shape<std::unique_ptr<T>> = Shape::optional;
template <class T>
inline constexpr Shape container_shape<Maybe<T>> = Shape::maybe;
template <class... T>
inline constexpr Shape container_shape<std::variant<T...>> = Shape::variant;
template <class T, std::size_t N>
inline constexpr Shape container_shape<std::array<T, N>> = Shape::array;
template <class T>
inline constexpr Shape container_shape<std::vector<T>> = Shape::list;
template <>
inline constexpr Shape container_shape<std::vector<std::byte>> = Shape::bytes;

template <class T>
concept Integer =
    std::integral<T> && sizeof(T) <= 8 && !std::same_as<T, bool> && !std::same_as<T, char> &&
    !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

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

// A range whose elements are ranges of its own kind, as a std::filesystem::path is, has no end.
template <class T>
concept ElementRange =
    std::ranges::input_range<const T> && !std::same_as<std::ranges::range_value_t<const T>, std::remove_cv_t<T>>;

template <class T>
consteval Shape classify() {
  if constexpr (named_shape<T> != Shape::none) {
    return named_shape<T>;
  } else if constexpr (Integer<T>) {
    return Shape::integer;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return Shape::none;
  } else if constexpr (HasTextCodec<T>) {
    return Shape::coded;
  } else if constexpr (Enumeration<T>) {
    return Shape::enumeration;
  } else if constexpr (container_shape<T> != Shape::none) {
    return container_shape<T>;
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    return Shape::text;
  } else if constexpr (Pointing<T>) {
    return Shape::optional;
  } else if constexpr (KeyedRange<T>) {
    return Shape::map;
  } else if constexpr (ElementRange<T>) {
    return Shape::list;
  } else if constexpr (Model<T>) {
    return Shape::model;
  } else {
    return Shape::none;
  }
}

}  // namespace detail

template <class T>
inline constexpr Shape shape_of = detail::classify<std::remove_cv_t<T>>();

namespace detail {

template <class... T>
struct TypeList {};

template <class... T>
TypeList<T...> alternatives_of(const std::variant<T...>&);

// The types a container's elements are of; none for what has no elements. A model's members are not among them.
template <class T>
consteval auto parts_of() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::optional || shape == Shape::maybe) {
    return TypeList<std::remove_cvref_t<decltype(*std::declval<const T&>())>>{};
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    return TypeList<std::ranges::range_value_t<const T>>{};
  } else if constexpr (shape == Shape::map) {
    return TypeList<typename T::mapped_type>{};
  } else if constexpr (shape == Shape::variant) {
    return decltype(alternatives_of(std::declval<const T&>())){};
  } else {
    return TypeList<>{};
  }
}
template <class T>
using Parts = decltype(parts_of<T>());

template <class T>
std::type_identity<T> only_part(TypeList<T>);

}  // namespace detail

// What an optional, Maybe, list, array or map is one of.
template <class T>
using ElementOf = typename decltype(detail::only_part(detail::Parts<T>{}))::type;

// A type that may be null, or missing where it is a member.
template <class T>
inline constexpr bool is_nullable = shape_of<T> == Shape::optional || shape_of<T> == Shape::maybe;

}  // namespace bailey
