#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <bailey/model/reflect.hpp>
#include <bailey/model/shape.hpp>

// What an alternative of a variant is called in the location of an error: as pydantic calls it, since C++'s own names
// say nothing to whoever made the request. "int", "list[int]", "dict[str,Card]", "Page[Card]".
namespace bailey::detail {

// A text that grows while the compiler runs, where libstdc++ 12's std::string cannot.
struct NameText {
  constexpr explicit NameText(std::string_view begin) : text(begin.begin(), begin.end()) {}
  constexpr NameText& append(std::string_view more) {
    text.insert(text.end(), more.begin(), more.end());
    return *this;
  }
  constexpr NameText& append(const NameText& more) {
    text.insert(text.end(), more.text.begin(), more.text.end());
    return *this;
  }
  std::vector<char> text;
};

template <class T>
constexpr NameText make_alternative_name();

// A type's name as an argument of a model's, which Python spells as it spells classes: "UUID", "dict[str, int]".
template <class T>
constexpr NameText make_argument_name() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::null) {
    return NameText("NoneType");
  } else if constexpr (shape == Shape::uuid) {
    return NameText("UUID");
  } else if constexpr (shape == Shape::enumeration || shape == Shape::coded) {
    return NameText(type_name<T>);
  } else if constexpr (is_nullable<T>) {
    return NameText("Union[").append(make_argument_name<ElementOf<T>>()).append(", NoneType]");
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    return NameText("list[").append(make_argument_name<ElementOf<T>>()).append("]");
  } else if constexpr (shape == Shape::map) {
    return NameText("dict[str, ").append(make_argument_name<ElementOf<T>>()).append("]");
  } else if constexpr (shape == Shape::none) {
    return NameText(type_name<T>);
  } else {
    return make_alternative_name<T>();
  }
}

template <class T>
struct ModelName {
  // Of a template of something else than types, too: "Grid[3]".
  static constexpr NameText text() {
    NameText name(type_name<T>);
    std::ranges::replace(name.text, '<', '[');
    std::ranges::replace(name.text, '>', ']');
    return name;
  }
};
template <template <class...> class Template, class First, class... Rest>
struct ModelName<Template<First, Rest...>> {
  static constexpr NameText text() {
    const std::string_view own = type_name<Template<First, Rest...>>;
    NameText name(own.substr(0, own.find('<')));
    name.append("[").append(make_argument_name<First>());
    ((name.append(", ").append(make_argument_name<Rest>())), ...);
    return name.append("]");
  }
};

template <class... T>
constexpr NameText make_union_name(TypeList<T...>) {
  NameText name("union[");
  ((name.append(name.text.back() == '[' ? "" : ",").append(make_alternative_name<T>())), ...);
  return name.append("]");
}

template <class T>
constexpr NameText make_alternative_name() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::null) {
    return NameText("none");
  } else if constexpr (shape == Shape::boolean) {
    return NameText("bool");
  } else if constexpr (shape == Shape::integer) {
    return NameText("int");
  } else if constexpr (shape == Shape::real) {
    return NameText("float");
  } else if constexpr (shape == Shape::text || shape == Shape::secret) {
    return NameText("str");
  } else if constexpr (shape == Shape::uuid) {
    return NameText("uuid");
  } else if constexpr (shape == Shape::date) {
    return NameText("date");
  } else if constexpr (shape == Shape::time) {
    return NameText("datetime");
  } else if constexpr (shape == Shape::duration) {
    return NameText("timedelta");
  } else if constexpr (shape == Shape::bytes) {
    return NameText("bytes");
  } else if constexpr (shape == Shape::json_value) {
    return NameText("any");
  } else if constexpr (shape == Shape::json_object) {
    return NameText("dict[str,any]");
  } else if constexpr (shape == Shape::json_array) {
    return NameText("list[any]");
  } else if constexpr (shape == Shape::enumeration) {
    return NameText("str-enum[").append(type_name<T>).append("]");
  } else if constexpr (is_nullable<T>) {
    return NameText("nullable[").append(make_alternative_name<ElementOf<T>>()).append("]");
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    return NameText("list[").append(make_alternative_name<ElementOf<T>>()).append("]");
  } else if constexpr (shape == Shape::map) {
    return NameText("dict[str,").append(make_alternative_name<ElementOf<T>>()).append("]");
  } else if constexpr (shape == Shape::variant) {
    return make_union_name(Parts<T>{});
  } else if constexpr (requires { TextCodec<T>::name_in_errors; }) {
    return NameText(TextCodec<T>::name_in_errors);
  } else {
    return ModelName<T>::text();
  }
}

template <class T>
inline constexpr auto alternative_text = [] {
  std::array<char, make_alternative_name<T>().text.size()> text{};
  std::ranges::copy(make_alternative_name<T>().text, text.begin());
  return text;
}();

template <class T>
constexpr std::string_view alternative_name() {
  return {alternative_text<T>.data(), alternative_text<T>.size()};
}

}  // namespace bailey::detail
