#pragma once

#include <bailey/model/reflect.hpp>

#include <expected>
#include <string>
#include <string_view>

// For cases that must not compile: a type with a text form of its own, which yet keeps a view of the text it is read
// from.
struct Tag {
  std::string_view name;
};
template <>
struct bailey::TextCodec<Tag> {
  static std::string to_text(const Tag& tag) { return std::string(tag.name); }
  static std::expected<Tag, std::string> from_text(std::string_view text) { return Tag{text}; }
};
