#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

// How the compiler spells types, members and enumerators: the only source of names before C++26's reflection. A name is
// read out of the text that a function template has for its own signature. Clang and GCC differ in the surroundings
// only, so the readers look at the last identifier and never at the rest.
namespace bailey::detail {

// Subobject addresses as template arguments are taken by GCC as they are, by Clang inside a struct.
#if defined(__clang__)
template <class Pointer>
struct Boxed {
  Pointer pointer;
};
template <class Pointer>
Boxed(Pointer) -> Boxed<Pointer>;
template <class Pointer>
consteval auto as_argument(Pointer pointer) {
  return Boxed{pointer};
}
#else
template <class Pointer>
consteval Pointer as_argument(Pointer pointer) {
  return pointer;
}
#endif

// `auto`, not string_view, as the result: GCC would spell out the alias behind the argument.
template <auto Value>
consteval auto spell() {
  return std::string_view(__PRETTY_FUNCTION__);
}
template <auto... Values>
consteval auto spell_all() {
  return std::string_view(__PRETTY_FUNCTION__);
}
template <class T>
consteval auto spell_type() {
  return std::string_view(__PRETTY_FUNCTION__);
}

constexpr bool is_name_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// "[Value = &Card::full_name]" -> "full_name"
constexpr std::string_view last_identifier(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && !is_name_character(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_name_character(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// "auto f() [T = app::Page<app::Card>]" -> "app::Page<app::Card>"; GCC says "[with T = …]".
constexpr std::string_view type_in_spelling(std::string_view text) {
  const std::size_t begin = text.find("T = ") + 4;
  return text.substr(begin, text.rfind(']') - begin);
}

// "app::Page<app::Card>" -> "Page<app::Card>"; "(anonymous namespace)::Card" and "f()::Card" -> "Card"
constexpr std::string_view without_namespaces(std::string_view name) {
  std::size_t begin = 0;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '<' || c == '(' || c == '{') ++depth;
    if ((c == '>' || c == ')' || c == '}') && depth > 0) --depth;
    if (depth == 0 && c == ':') begin = i + 1;
  }
  return name.substr(begin);
}

// A C++ name that would be a keyword is written with an underscore behind it; on the wire it goes without.
constexpr std::string_view without_keyword_mark(std::string_view name) {
  return name.size() > 1 && name.back() == '_' ? name.substr(0, name.size() - 1) : name;
}

}  // namespace bailey::detail
