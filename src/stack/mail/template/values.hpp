#pragma once

#include <boost/json/value.hpp>

#include <span>
#include <stdexcept>
#include <string>

#include "stack/mail/template/syntax.hpp"

// What Go's templates do with values. A number of JSON is a floating-point one to them, a whole one of a template is
// not: here a double and an int64. null is nil.
namespace bailey::stack::mail::templates {

using Value = boost::json::value;

// What is wrong with values; the text is fixed and tells nothing of them.
struct ValueProblem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// JSON's numbers as Go reads them.
[[nodiscard]] Value as_go_reads(const Value& value);

[[nodiscard]] bool is_true(const Value& value);
// As fmt.Sprint, and nothing of nil, as html/template has it.
void append_text(std::string& out, const Value& value);
// One that is missing is nil, and so is one of nil; one of a text or a number is a problem.
[[nodiscard]] const Value& field_of(const Value& value, const std::string& name);
// Not of and_ and or_, which do not look at all of their arguments.
[[nodiscard]] Value call(Function function, std::span<const Value> arguments);

}  // namespace bailey::stack::mail::templates
