#pragma once

#include <bailey/model/reflect.hpp>

#include <compare>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {

// The scalar ID: a text that says which, and nothing to a reader. From a client a whole number is one, too.
struct Id {
  std::string text = {};

  Id() = default;
  explicit Id(std::string value) : text(std::move(value)) {}
  friend auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace bailey::graphql

namespace bailey {

template <>
struct TextCodec<graphql::Id> {
  static constexpr bool takes_numbers = true;
  static std::string to_text(const graphql::Id& id) { return id.text; }
  static std::expected<graphql::Id, std::string> from_text(std::string_view text) {
    return graphql::Id(std::string(text));
  }
};

}  // namespace bailey
