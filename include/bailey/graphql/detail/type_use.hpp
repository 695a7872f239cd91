#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/graphql/detail/complete.hpp>
#include <bailey/graphql/detail/parts.hpp>
#include <bailey/graphql/id.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/shape.hpp>
#include <bailey/model/time_of_day.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// What a C++ type is in a schema.
namespace bailey::graphql {

template <class T>
class Type;

namespace detail {

// As TypeRef packs them (types.hpp of the sources).
inline constexpr std::uint32_t non_null_wrapper = 1, list_wrapper = 2;

template <class T>
inline constexpr bool is_list = !is_json<T> && (shape_of<T> == Shape::list || shape_of<T> == Shape::array);

template <class T>
consteval std::uint32_t wrappers_of() {
  if constexpr (is_nullable<T>) {
    return wrappers_of<ElementOf<T>>() >> 2;  // without its non-null
  } else if constexpr (is_list<T>) {
    return (wrappers_of<ElementOf<T>>() << 2 | list_wrapper) << 2 | non_null_wrapper;
  } else if constexpr (can_be_null<T>) {
    return 0;
  } else {
    return non_null_wrapper;
  }
}

template <class T>
struct Named {
  using type = T;
};
template <class T>
  requires(is_nullable<T> || is_list<T>)
struct Named<T> : Named<ElementOf<T>> {};

// Whether each of its values is an Int's.
template <class T>
inline constexpr bool fits_int = false;
template <class T>
  requires(shape_of<T> == Shape::integer)
inline constexpr bool fits_int<T> = std::in_range<std::int32_t>(std::numeric_limits<T>::min()) &&
                                    std::in_range<std::int32_t>(std::numeric_limits<T>::max());

template <class T>
void describe_enumeration(TypeParts& parts) {
  for (const std::string_view name : enum_names<T>) parts.values.push_back({.name = std::string(name)});
}

// Defined where Type is.
template <class T>
void describe_object(TypeParts& parts);
template <class T>
void describe_input(TypeParts& parts);

// What there is to say of a scalar that comes with us, by its name.
void describe_known_scalar(TypeParts& parts);

template <class T>
void describe_scalar(TypeParts& parts) {
  if constexpr (!is_json<T> && bailey::detail::is_readable<T>()) {
    parts.accepts = [](const json::value& value) -> std::expected<void, std::string> {
      auto decoded = decode<T>(value);
      if (decoded) return {};
      return std::unexpected(decoded.error().entries.front().msg);
    };
  }
  describe_known_scalar(parts);
  if constexpr (requires { TextCodec<T>::specified_by_url; }) parts.specified_by_url = TextCodec<T>::specified_by_url;
  if constexpr (requires { TextCodec<T>::graphql_description; }) parts.description = TextCodec<T>::graphql_description;
}
template <class T>
consteval std::string_view scalar_name() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (is_json<T>) return "JSON";
  if constexpr (shape == Shape::integer) return "Int64";
  if constexpr (shape == Shape::null) return "Void";
  if constexpr (shape == Shape::uuid) return "UUID";
  if constexpr (shape == Shape::date) return "Date";
  if constexpr (shape == Shape::time) return "DateTime";
  if constexpr (shape == Shape::duration) return "Duration";
  if constexpr (shape == Shape::bytes) return "Base64";
  if constexpr (std::same_as<T, TimeOfDay>) return "Time";
  if constexpr (requires { TextCodec<T>::graphql_name; }) return TextCodec<T>::graphql_name;
  return type_name<T>;
}

template <class T>
std::string name_of();

// What a type is called where it is an argument of a template: Page<std::optional<Card>> is a CardOptionalPage.
template <class T>
std::string argument_name() {
  if constexpr (is_nullable<T>) {
    return argument_name<ElementOf<T>>() + "Optional";
  } else if constexpr (is_list<T>) {
    return argument_name<ElementOf<T>>() + "List";
  } else {
    return name_of<T>();
  }
}

// Of an instance of a template the arguments' names and then the template's.
template <class T>
struct ArgumentNames {
  static std::string text() { return {}; }
};
template <template <class...> class Template, class... A>
struct ArgumentNames<Template<A...>> {
  static std::string text() { return (std::string() + ... + argument_name<A>()); }
};

template <class T>
inline constexpr bool is_id = std::same_as<T, Id>;
template <class T>
  requires requires { TextCodec<T>::is_graphql_id; }
inline constexpr bool is_id<T> = true;

template <class T>
std::string name_of() {
  if constexpr (requires { T::graphql_name; }) {
    return std::string(T::graphql_name);
  } else if constexpr (is_object<T>) {
    return ArgumentNames<T>::text() + std::string(type_name<T>.substr(0, type_name<T>.find('<')));
  } else if constexpr (shape_of<T> == Shape::variant) {
    return ArgumentNames<T>::text();
  } else if constexpr (shape_of<T> == Shape::enumeration) {
    return std::string(type_name<T>);
  } else if constexpr (is_id<T>) {
    return "ID";
  } else if constexpr (fits_int<T>) {
    return "Int";
  } else if constexpr (shape_of<T> == Shape::real) {
    return "Float";
  } else if constexpr (shape_of<T> == Shape::text) {
    return "String";
  } else if constexpr (shape_of<T> == Shape::boolean) {
    return "Boolean";
  } else {
    return std::string(scalar_name<T>());
  }
}

// The types that one name stands for: all times are DateTime, whatever their precision.
template <Shape shape>
struct ScalarOf;
template <class T>
consteval TypeKey scalar_key() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::coded) return type_key<T>;
  if constexpr (is_json<T>) return type_key<ScalarOf<Shape::json_value>>;
  return type_key<ScalarOf<shape>>;
}

template <class T>
void describe_union(TypeParts& parts);

template <class T>
consteval NamedInfo leaf_info() {
  constexpr Shape shape = shape_of<T>;
  using enum NamedInfo::Kind;
  if constexpr (is_id<T>) {
    return {.kind = built_in, .key = type_key<Id>, .built_in = 4, .name = &name_of<T>};
  } else if constexpr (fits_int<T>) {
    return {.kind = built_in, .key = type_key<int>, .built_in = 0, .name = &name_of<T>};
  } else if constexpr (shape == Shape::real) {
    return {.kind = built_in, .key = type_key<double>, .built_in = 1, .name = &name_of<T>};
  } else if constexpr (shape == Shape::text) {
    return {.kind = built_in, .key = type_key<std::string>, .built_in = 2, .name = &name_of<T>};
  } else if constexpr (shape == Shape::boolean) {
    return {.kind = built_in, .key = type_key<bool>, .built_in = 3, .name = &name_of<T>};
  } else if constexpr (shape == Shape::enumeration) {
    return {.kind = enumeration, .key = type_key<T>, .name = &name_of<T>, .describe = &describe_enumeration<T>};
  } else {
    static_assert(shape != Shape::none && shape != Shape::secret,
                  "This type is none of a GraphQL schema's: use a plain struct, a scalar of docs/graphql.md, or "
                  "specialise bailey::TextCodec for it. A Secret has no place in one.");
    return {.kind = scalar, .key = scalar_key<T>(), .name = &name_of<T>, .describe = &describe_scalar<T>};
  }
}

template <class T>
consteval NamedInfo output_info() {
  using enum NamedInfo::Kind;
  if constexpr (is_any_of<T>) {
    using Interface = typename T::interface_type;
    return {.kind = interface,
            .key = type_key<Interface>,
            .name = &name_of<Interface>,
            .describe = &describe_object<Interface>};
  } else if constexpr (shape_of<T> == Shape::variant) {
    return {.kind = union_type, .key = type_key<T>, .name = &name_of<T>, .describe = &describe_union<T>};
  } else if constexpr (shape_of<T> == Shape::model) {
    return {.kind = object, .key = type_key<T>, .name = &name_of<T>, .describe = &describe_object<T>};
  } else {
    return leaf_info<T>();
  }
}

template <class T>
consteval NamedInfo input_info() {
  if constexpr (shape_of<T> == Shape::model) {
    return {
        .kind = NamedInfo::Kind::input_object, .key = type_key<T>, .name = &name_of<T>, .describe = &describe_input<T>};
  } else {
    static_assert(shape_of<T> != Shape::variant,
                  "A union is no input type: take a struct of Maybe or std::optional members and make it one_of().");
    return leaf_info<T>();
  }
}

template <class T>
inline constexpr NamedInfo named_output = output_info<T>();
template <class T>
inline constexpr NamedInfo named_input = input_info<T>();

template <class T>
[[nodiscard]] constexpr TypeUse output_use() {
  return {.named = &named_output<std::remove_cv_t<typename Named<T>::type>>, .wrappers = wrappers_of<T>()};
}
template <class T>
[[nodiscard]] constexpr TypeUse input_use() {
  return {.named = &named_input<std::remove_cv_t<typename Named<T>::type>>, .wrappers = wrappers_of<T>()};
}

template <class T>
void describe_union(TypeParts& parts) {
  [&]<class... A>(bailey::detail::TypeList<A...>) {
    static_assert((is_object<A> && ...), "The alternatives of a union are objects: plain structs.");
    (parts.members.push_back(&named_output<A>), ...);
  }(bailey::detail::Parts<T>{});
}

}  // namespace detail
}  // namespace bailey::graphql
