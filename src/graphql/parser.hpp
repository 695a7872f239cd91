// Documents from their text (specification, section 2 and 3): requests and schemas alike.
#pragma once

#include <graphql/document.hpp>

#include <cstddef>
#include <expected>
#include <memory>
#include <string>

namespace bailey::graphql {

// What a document may ask of whoever reads it. Time and memory are linear in the text within them.
struct ParseLimits {
  std::size_t max_tokens = 15'000;  // comments are none; 0 is no limit
  // Of selection sets, values and types in one another. The parser, validation and execution go down as many calls: a
  // stack of 8 MB has room for some ten thousand.
  std::size_t max_nesting = 200;
};

// The first thing that is wrong, in the words of the reference implementation: Syntax Error: Expected Name, found "}".
struct SyntaxError {
  std::string message;
  Location location;
};

// Takes the text over. Refuses what is not UTF-8.
[[nodiscard]] std::expected<std::unique_ptr<const Document>, SyntaxError> parse(std::string text,
                                                                                const ParseLimits& limits = {});

}  // namespace bailey::graphql
