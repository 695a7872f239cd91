#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "stack/mail/template/html_context.hpp"

// A template, taken apart.
namespace bailey::stack::mail::templates {

// What is wrong with a template, and where. Internal: Template makes an Error of it.
struct Problem : std::runtime_error {
  Problem(std::size_t at_line, const std::string& what) : std::runtime_error(what), line(at_line) {}
  std::size_t line;
};

enum class Function { and_, or_, not_, eq, ne, lt, le, gt, ge, len, index, print, println };

struct Pipeline;

// A value with fields of it: .Data.name, $user.name, (index .Data "a").b, "text", 7, true, nil.
struct Operand {
  struct Dot {};
  struct Variable {
    std::string name;  // without its dollar; "": the data that the template began with
  };
  struct Literal {
    boost::json::value value;
  };
  using Nested = std::shared_ptr<const Pipeline>;

  std::variant<Dot, Variable, Literal, Nested, Function> base;
  std::vector<std::string> fields;
};

// Operands beside each other; the first may be a function, of which the others are arguments.
struct Command {
  std::vector<Operand> operands;
};

struct Pipeline {
  std::size_t line = 0;
  std::vector<std::string> variables;  // that it sets
  bool declares = false;               // := and not =
  std::vector<Command> commands;
};

struct Node;
using Nodes = std::vector<Node>;

struct Text {
  std::string text;
};
struct Action {
  Pipeline pipeline;
  Escape escape{};  // of what it says; unless it only sets a variable
};
struct Branch {
  enum class Kind { if_, with, range };
  Kind kind;
  Pipeline pipeline;
  Nodes body;
  Nodes otherwise;
};

struct Node {
  std::size_t line;
  std::variant<Text, Action, Branch> content;
};

}  // namespace bailey::stack::mail::templates
