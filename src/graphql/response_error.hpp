// An error as a response has it (specification, 7.1.2): of a request, of a variable, of a field.
#pragma once

#include <graphql/document.hpp>

#include <bailey/model/json.hpp>

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace bailey::graphql {

// A response key, or a place in a list, which counts from 0.
using PathSegment = std::variant<std::string, std::size_t>;

struct ResponseError {
  std::string message{};
  std::vector<Location> locations{};
  std::vector<PathSegment> path{};  // of the field that it is of; empty where it is of none
  json::object extensions{};
};

// Appends the error as JSON: message, locations, path, extensions, of which the last three are left out where they are
// empty. Text that is not UTF-8 gets U+FFFD in place of each wrong byte.
void write_error(const ResponseError& error, std::string& out);

}  // namespace bailey::graphql
