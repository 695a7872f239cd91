#pragma once

#include <string>
#include <string_view>

#include "stack/mail/template/html_context.hpp"

namespace bailey::stack::mail::templates {

// Appends the value as it may stand there, byte for byte as html/template has it.
void append_escaped(std::string& out, std::string_view value, Escape escape);

}  // namespace bailey::stack::mail::templates
