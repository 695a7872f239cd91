// One function a kind of node, which writes it behind what is there. Only arguments are laid out before they are
// written: whether they stand on one line depends on their length.
#include <graphql/printer.hpp>

#include <graphql/block_string.hpp>
#include <graphql/literal.hpp>
#include <graphql/type_system_definition.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {

namespace {

constexpr std::size_t longest_line = 80;

// In UTF-16 code units, as the reference implementation measures.
std::size_t length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

// A value, a directive or a type: what is never broken into lines but where a block string has some.
void print_value(std::string& out, const Value& value) {
  const auto in_order = [&](const auto& parts, auto&& print_part) {
    for (bool first = true; const auto& part : parts) {
      if (!first) out += ", ";
      first = false;
      print_part(part);
    }
  };
  if (value.kind == Value::Kind::list) {
    out += '[';
    in_order(value.items, [&](const Value& item) { print_value(out, item); });
    out += ']';
  } else if (value.kind == Value::Kind::object) {
    out += '{';
    in_order(value.fields, [&](const ObjectField& field) {
      out.append(field.name.text).append(": ");
      print_value(out, field.value);
    });
    out += '}';
  } else if (value.kind == Value::Kind::string && value.is_block) {
    out += print_block_string(value.text);
  } else {
    out += print_literal(value);
  }
}

std::string printed(const Argument& argument) {
  std::string out = std::string(argument.name.text) + ": ";
  print_value(out, argument.value);
  return out;
}

std::string printed(const Value& value) {
  std::string out;
  print_value(out, value);
  return out;
}

std::string printed(const TypeNode& type) {
  std::string out, after;
  const TypeNode* node = &type;
  for (; node->kind != TypeNode::Kind::named; node = node->of) {
    const bool is_list = node->kind == TypeNode::Kind::list;
    if (is_list) out += '[';
    after += is_list ? ']' : '!';
  }
  std::ranges::reverse(after);
  return out.append(node->name).append(after);
}

std::string printed(const Directive& directive) {
  std::string out = "@" + std::string(directive.name.text);
  for (bool first = true; const Argument& argument : directive.arguments) {
    out.append(first ? "(" : ", ").append(printed(argument));
    first = false;
  }
  return directive.arguments.empty() ? out : out + ")";
}

class Printer {
 public:
  std::string print(const Document& document) {
    for (bool first = true; const Definition& definition : document.definitions()) {
      if (!first) write("\n\n");
      first = false;
      if (definition.operation != nullptr) operation(*definition.operation);
      if (definition.fragment != nullptr) fragment(*definition.fragment);
      if (definition.type_system != nullptr) type_system(*definition.type_system);
    }
    return std::move(out_);
  }

 private:
  // Each line but the first begins with the indentation of where it stands.
  void write(std::string_view text) {
    for (std::size_t at = 0;;) {
      const std::size_t end = text.find('\n', at);
      out_ += text.substr(at, end == text.npos ? end : end + 1 - at);
      if (end == text.npos) return;
      out_.append(2 * depth_, ' ');
      at = end + 1;
    }
  }

  // Each part on a line of its own between the two signs; nothing where there are no parts.
  template <class Parts, class Print>
  void block(std::string_view open, const Parts& parts, Print print_part, std::string_view close) {
    if (parts.empty()) return;
    write(open);
    ++depth_;
    for (const auto& part : parts) {
      write("\n");
      print_part(part);
    }
    --depth_;
    write("\n");
    write(close);
  }

  void joined(const std::vector<std::string>& parts, std::string_view between) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) write(between);
      write(parts[i]);
    }
  }

  void names(std::span<const Name> parts, std::string_view before, std::string_view between) {
    for (bool first = true; const Name& part : parts) {
      write(first ? before : between);
      write(part.text);
      first = false;
    }
  }

  void description(const Value* value) {
    if (value == nullptr) return;
    write(printed(*value));
    write("\n");
  }

  void directives(std::span<const Directive> all) {
    for (const Directive& one : all) {
      write(" ");
      write(printed(one));
    }
  }

  void operation(const OperationDefinition& one) {
    const bool is_short = one.kind == OperationKind::query && one.name.text.empty() && one.variables.empty() &&
                          one.directives.empty() && one.description == nullptr;
    if (!is_short) {
      description(one.description);
      write(to_string(one.kind));
      if (!one.name.text.empty() || !one.variables.empty()) write(" ");
      write(one.name.text);
      variables(one.variables);
      directives(one.directives);
      write(" ");
    }
    selection_set(*one.selection_set);
  }

  void variables(std::span<const VariableDefinition> all) {
    if (all.empty()) return;
    std::vector<std::string> parts;
    for (const VariableDefinition& one : all) {
      std::string part;
      if (one.description != nullptr) part = printed(*one.description) + "\n";
      part.append("$").append(one.name.text).append(": ").append(printed(*one.type));
      if (one.default_value != nullptr) part.append(" = ").append(printed(*one.default_value));
      for (const Directive& directive : one.directives) part.append(" ").append(printed(directive));
      parts.push_back(std::move(part));
    }
    const bool on_lines = has_lines(parts);
    write(on_lines ? "(\n" : "(");
    joined(parts, on_lines ? "\n" : ", ");
    write(on_lines ? "\n)" : ")");
  }

  static bool has_lines(const std::vector<std::string>& parts) {
    return std::ranges::any_of(parts, [](const std::string& part) { return part.contains('\n'); });
  }

  void fragment(const FragmentDefinition& one) {
    description(one.description);
    write("fragment ");
    write(one.name.text);
    write(" on ");
    write(one.type_condition.text);
    directives(one.directives);
    write(" ");
    selection_set(*one.selection_set);
  }

  void selection_set(const SelectionSet& set) {
    block("{", set.selections, [&](const Selection& one) { selection(one); }, "}");
  }

  void selection(const Selection& one) {
    if (one.field != nullptr) return field(*one.field);
    write("...");
    if (one.spread != nullptr) {
      write(one.spread->name.text);
      return directives(one.spread->directives);
    }
    const InlineFragment& fragment = *one.inline_fragment;
    if (!fragment.type_condition.text.empty()) write(" on ");
    write(fragment.type_condition.text);
    directives(fragment.directives);
    write(" ");
    selection_set(*fragment.selection_set);
  }

  void field(const Field& one) {
    std::size_t width = length(one.name.text) + 2;
    if (!one.alias.text.empty()) {
      width += length(one.alias.text) + 2;
      write(one.alias.text);
      write(": ");
    }
    write(one.name.text);
    std::vector<std::string> arguments;
    for (const Argument& argument : one.arguments) {
      arguments.push_back(printed(argument));
      width += length(arguments.back()) + (arguments.size() > 1 ? 2 : 0);
    }
    list(arguments, width > longest_line);
    directives(one.directives);
    if (one.selection_set == nullptr) return;
    write(" ");
    selection_set(*one.selection_set);
  }

  void list(const std::vector<std::string>& parts, bool on_lines) {
    if (on_lines) return block("(", parts, [&](const std::string& part) { write(part); }, ")");
    if (parts.empty()) return;
    write("(");
    joined(parts, ", ");
    write(")");
  }

  void type_system(const TypeSystemDefinition& one) {
    using Kind = TypeSystemDefinition::Kind;
    description(one.description);
    if (one.is_extension) write("extend ");
    write(keyword(one.kind));
    if (one.kind == Kind::directive) return directive(one);
    if (one.kind != Kind::schema) write(" ");
    write(one.name.text);
    names(one.interfaces, " implements ", " & ");
    directives(one.directives);
    names(one.members, " = ", " | ");
    block(
        " {", one.operation_types,
        [&](const OperationTypeDefinition& operation) {
          write(to_string(operation.kind));
          write(": ");
          write(operation.type.text);
        },
        "}");
    block(" {", one.fields, [&](const FieldDefinitionNode& part) { field_definition(part); }, "}");
    block(
        " {", one.values,
        [&](const EnumValueDefinition& value) {
          description(value.description);
          write(value.name.text);
          directives(value.directives);
        },
        "}");
    block(" {", one.input_fields, [&](const InputValueDefinition& part) { write(input_value(part)); }, "}");
  }

  void directive(const TypeSystemDefinition& one) {
    write(" @");
    write(one.name.text);
    input_values(one.arguments);
    if (one.is_repeatable) write(" repeatable");
    for (bool first = true; const DirectiveLocation location : one.locations) {
      write(first ? " on " : " | ");
      write(to_string(location));
      first = false;
    }
  }

  void field_definition(const FieldDefinitionNode& one) {
    description(one.description);
    write(one.name.text);
    input_values(one.arguments);
    write(": ");
    write(printed(*one.type));
    directives(one.directives);
  }

  void input_values(std::span<const InputValueDefinition> all) {
    std::vector<std::string> parts;
    for (const InputValueDefinition& one : all) parts.push_back(input_value(one));
    list(parts, has_lines(parts));
  }

  static std::string input_value(const InputValueDefinition& one) {
    std::string out;
    if (one.description != nullptr) out = printed(*one.description) + "\n";
    out.append(one.name.text).append(": ").append(printed(*one.type));
    if (one.default_value != nullptr) out.append(" = ").append(printed(*one.default_value));
    for (const Directive& directive : one.directives) out.append(" ").append(printed(directive));
    return out;
  }

  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string print_document(const Document& document) { return Printer().print(document); }

}  // namespace bailey::graphql
