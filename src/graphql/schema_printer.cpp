// One function a kind of type. What is sorted is a list of pointers; the type system stays as it is.
#include <graphql/block_string.hpp>
#include <graphql/literal.hpp>
#include <graphql/natural_order.hpp>
#include <graphql/schema_printer.hpp>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {

namespace {

constexpr std::string_view default_reason = "No longer supported";

struct Printer {
  const TypeSystem& types;
  SchemaOrder order;
  std::string out{};

  template <class T>
  std::vector<const T*> ordered(const std::vector<T>& parts) const {
    std::vector<const T*> list;
    for (const T& part : parts) list.push_back(&part);
    if (order == SchemaOrder::sorted)
      std::ranges::sort(list, naturally_less, [](const T* part) { return std::string_view(part->name); });
    return list;
  }

  std::vector<std::string_view> names(const std::vector<TypeId>& ids) const {
    std::vector<std::string_view> list;
    for (const TypeId id : ids) list.push_back(types.type(id).name);
    if (order == SchemaOrder::sorted) std::ranges::sort(list, naturally_less);
    return list;
  }

  void join(const std::vector<std::string_view>& parts, std::string_view between) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) out += between;
      out += parts[i];
    }
  }

  void string(std::string_view text) { out += print_literal({.kind = Value::Kind::string, .text = text}); }

  // Above what it describes; within a block a line stays free before it, but before the first.
  void description(std::string_view text, std::string_view indentation, bool is_first) {
    if (text.empty()) return;
    if (!indentation.empty() && !is_first) out += '\n';
    out += indentation;
    const std::string block =
        fits_block_string(text) ? print_block_string(text) : print_literal({.kind = Value::Kind::string, .text = text});
    for (const char c : block) {
      out += c;
      if (c == '\n') out += indentation;
    }
    out += '\n';
  }

  void deprecated(const std::optional<std::string>& reason) {
    if (!reason) return;
    out += " @deprecated";
    if (*reason == default_reason) return;
    out += "(reason: ";
    string(*reason);
    out += ')';
  }

  void input_value(const InputValue& value) {
    out += value.name;
    out += ": ";
    out += types.to_string(value.type);
    if (value.default_value != nullptr) {
      out += " = ";
      out += print_literal(*value.default_value);
    }
    deprecated(value.deprecation_reason);
  }

  void arguments(const std::vector<InputValue>& all, const std::string& indentation) {
    if (all.empty()) return;
    const std::vector<const InputValue*> list = ordered(all);
    const bool on_lines = std::ranges::any_of(list, [](const InputValue* one) { return !one->description.empty(); });
    out += on_lines ? "(\n" : "(";
    for (bool first = true; const InputValue* one : list) {
      if (!first) out += on_lines ? "\n" : ", ";
      if (on_lines) {
        description(one->description, indentation + "  ", first);
        out += indentation + "  ";
      }
      input_value(*one);
      first = false;
    }
    if (on_lines) out += "\n" + indentation;
    out += ')';
  }

  // { … } of lines, each with its description; nothing where there is no line.
  template <class T, class Print>
  void block(const std::vector<T>& parts, const Print& print) {
    if (parts.empty()) return;
    out += " {\n";
    for (bool first = true; const T* part : ordered(parts)) {
      description(part->description, "  ", first);
      out += "  ";
      print(*part);
      out += '\n';
      first = false;
    }
    out += '}';
  }

  void composite(std::string_view keyword, const NamedType& type) {
    out += keyword;
    out += type.name;
    if (!type.interfaces.empty()) {
      out += " implements ";
      join(names(type.interfaces), " & ");
    }
    block(type.fields, [&](const FieldDefinition& field) {
      out += field.name;
      arguments(field.arguments, "  ");
      out += ": ";
      out += types.to_string(field.type);
      deprecated(field.deprecation_reason);
    });
  }

  void named_type(const NamedType& type) {
    description(type.description, "", true);
    switch (type.kind) {
      case TypeKind::scalar:
        out += "scalar " + type.name;
        if (!type.specified_by_url.empty()) {
          out += " @specifiedBy(url: ";
          string(type.specified_by_url);
          out += ')';
        }
        break;
      case TypeKind::object: composite("type ", type); break;
      case TypeKind::interface: composite("interface ", type); break;
      case TypeKind::union_type:
        out += "union " + type.name + " = ";
        join(names(type.members), " | ");
        break;
      case TypeKind::enumeration:
        out += "enum " + type.name;
        block(type.enum_values, [&](const EnumValue& value) {
          out += value.name;
          deprecated(value.deprecation_reason);
        });
        break;
      case TypeKind::input_object:
        out += "input " + type.name + (type.is_one_of ? " @oneOf" : "");
        block(type.input_fields, [&](const InputValue& field) { input_value(field); });
        break;
    }
  }

  void directive(const DirectiveDefinition& one) {
    description(one.description, "", true);
    out += "directive @" + one.name;
    arguments(one.arguments, "");
    out += one.is_repeatable ? " repeatable on " : " on ";
    std::vector<std::string_view> locations;
    for (const DirectiveLocation location : one.locations) locations.push_back(to_string(location));
    if (order == SchemaOrder::sorted) std::ranges::sort(locations);
    join(locations, " | ");
  }

  // The roots need no definition where they have the names that everyone expects, and no description.
  void schema() {
    struct Root {
      std::string_view keyword, usual_name;
      const NamedType* type;
    };
    const Root roots[] = {{"query", "Query", types.root(OperationKind::query)},
                          {"mutation", "Mutation", types.root(OperationKind::mutation)},
                          {"subscription", "Subscription", types.root(OperationKind::subscription)}};
    const bool usual = std::ranges::all_of(roots, [&](const Root& root) {
      // A type of the usual name that is no root would be taken for one.
      return root.type == nullptr ? types.find(root.usual_name) == nullptr : root.type->name == root.usual_name;
    });
    if (usual && types.description().empty()) return;
    begin();
    description(types.description(), "", true);
    out += "schema {\n";
    for (const Root& root : roots)
      if (root.type != nullptr) out += "  " + std::string(root.keyword) + ": " + root.type->name + "\n";
    out += '}';
  }

  void begin() {
    if (!out.empty()) out += "\n\n";
  }

  void all() {
    schema();
    std::vector<const DirectiveDefinition*> directives;
    for (const DirectiveDefinition& one : types.directives())
      if (!one.is_built_in) directives.push_back(&one);
    std::vector<const NamedType*> own;
    for (const TypeId id : types.types())
      if (!is_built_in(id)) own.push_back(&types.type(id));
    const auto by_name = [](const auto* one) { return std::string_view(one->name); };
    if (order == SchemaOrder::sorted) {
      std::ranges::sort(directives, naturally_less, by_name);
      std::ranges::sort(own, naturally_less, by_name);
    }
    for (const DirectiveDefinition* one : directives) {
      begin();
      directive(*one);
    }
    for (const NamedType* type : own) {
      begin();
      named_type(*type);
    }
    if (!out.empty()) out += '\n';
  }
};

}  // namespace

std::string print_schema(const TypeSystem& types, SchemaOrder order) {
  Printer printer{types, order};
  printer.all();
  return std::move(printer.out);
}

}  // namespace bailey::graphql
