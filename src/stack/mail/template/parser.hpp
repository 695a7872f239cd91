#pragma once

#include <cstddef>
#include <string_view>

#include "stack/mail/template/syntax.hpp"

namespace bailey::stack::mail::templates {

// The template taken apart, without a thought of HTML. Throws Problem.
[[nodiscard]] Nodes parse(std::string_view text, std::size_t first_line, std::size_t depth_limit);

// Walks the HTML that the template makes: takes comments out of its text and says how each value is escaped. Throws
// Problem for a value where none can stand, and for branches that end in different places.
void place_values(Nodes& nodes);

}  // namespace bailey::stack::mail::templates
