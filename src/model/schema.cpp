#include <bailey/model/schema.hpp>

#include <bailey/base/error.hpp>

#include <algorithm>
#include <cstdint>

#include "model/bound_text.hpp"

namespace bailey {
namespace {

// "app::(anonymous namespace)::Card" -> "app::Card"; GCC says "app::{anonymous}::Card". It is nobody's name.
std::string without_anonymous(std::string_view type_name) {
  std::string text(type_name);
  for (const std::string_view part : {"(anonymous namespace)::", "{anonymous}::"})
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
      text.erase(at, part.size());
  return text;
}

}  // namespace

SchemaDefinitions::Named SchemaDefinitions::enter(const void* type, std::string_view full_type_name) {
  auto found = names_.find(type);
  if (found == names_.end()) found = names_.emplace(type, new_name(full_type_name)).first;
  std::string name = found->second;
  if (use_ == SchemaUse::output) name += "-Output";
  const bool is_new = entered_.insert(name).second;
  return {std::move(name), !is_new};
}

std::string SchemaDefinitions::new_name(std::string_view full_type_name) const {
  // "Page<app::Card>" -> "Page_Card": what a reference takes without escapes.
  const auto made_from = [](std::string_view text) {
    std::string name;
    for (const char c : text) {
      if (detail::is_name_character(c)) {
        name.push_back(c);
      } else if (!name.empty() && name.back() != '_') {
        name.push_back('_');
      }
    }
    while (name.ends_with('_')) name.pop_back();
    return name;
  };
  std::string name = made_from(detail::without_namespaces(full_type_name));
  const auto taken = [&](const std::string& candidate) {
    return std::ranges::any_of(names_, [&](const auto& entry) { return entry.second == candidate; });
  };
  if (!taken(name)) return name;
  const std::string full_name = made_from(without_anonymous(full_type_name));
  name = full_name;
  for (int i = 2; taken(name); ++i) name = full_name + "_" + std::to_string(i);
  return name;
}

void SchemaDefinitions::define(const std::string& name, json::object schema) { definitions_[name] = std::move(schema); }

json::object SchemaDefinitions::reference(const std::string& name) const { return {{"$ref", prefix_ + name}}; }

namespace detail {
namespace {

// The part of a schema that rules on text and numbers are about: past null, into the items.
json::object& innermost(json::object& schema) {
  if (json::value* options = schema.if_contains("anyOf")) {
    json::array& list = options->as_array();
    if (list.size() == 2 && list.front().is_object()) return innermost(list.front().get_object());
  }
  if (json::value* items = schema.if_contains("items")) return innermost(items->as_object());
  if (json::value* values = schema.if_contains("additionalProperties"); values != nullptr && values->is_object()) {
    return innermost(values->get_object());
  }
  return schema;
}

json::object& past_null(json::object& schema) {
  json::value* options = schema.if_contains("anyOf");
  return options != nullptr ? options->as_array().front().as_object() : schema;
}

bool is_of(std::string_view type, json::object& schema) {
  const json::value* const own = past_null(schema).if_contains("type");
  return own != nullptr && own->is_string() && own->get_string() == type;
}

bool is_numeric(json::object& schema) { return is_of("integer", schema) || is_of("number", schema); }

json::value example_value(json::object& schema, const Example& example) {
  switch (example.kind) {
    case Example::Kind::number:
      if (is_of("boolean", schema)) return example.number.integer != 0;
      return bound_json(example.number);
    case Example::Kind::json: {
      Expected<json::value> value = parse_json(example.text);
      if (!value) throw Error("invalid_example", "An example_json is no JSON: " + std::string(example.text));
      return *std::move(value);
    }
    case Example::Kind::text:
    case Example::Kind::none: break;
  }
  return json::string(example.text);
}

}  // namespace

json::object typed(std::string_view type, std::string_view format) {
  json::object schema{{"type", type}};
  if (!format.empty()) schema["format"] = format;
  return schema;
}

json::object enum_schema(std::string_view title, std::span<const std::string_view> names) {
  json::object schema = typed("string");
  schema["title"] = title;
  json::array values;
  for (const std::string_view name : names) values.emplace_back(name);
  schema["enum"] = std::move(values);
  return schema;
}

json::object nullable(json::object schema) {
  json::array options;
  options.emplace_back(std::move(schema));
  options.emplace_back(typed("null"));
  return any_of(std::move(options));
}

json::object list_schema(json::object items) {
  json::object schema = typed("array");
  schema["items"] = std::move(items);
  return schema;
}

json::object array_schema(json::object items, std::size_t count) {
  json::object schema = list_schema(std::move(items));
  schema["minItems"] = count;
  schema["maxItems"] = count;
  return schema;
}

json::object map_schema(json::object values) {
  json::object schema = typed("object");
  schema["additionalProperties"] = std::move(values);
  return schema;
}

json::object any_of(json::array schemas) {
  json::object schema;
  schema["anyOf"] = std::move(schemas);
  return schema;
}

// Formats are there for the two that clients have types for; what others take is said in numbers.
json::object integer_schema(int bits, bool is_signed) {
  json::object schema = typed("integer");
  if (is_signed && bits == 64) {
    schema["format"] = "int64";
  } else if (is_signed && bits == 32) {
    schema["format"] = "int32";
  } else {
    const std::int64_t count = bits < 64 ? std::int64_t{1} << bits : 0;
    schema["minimum"] = is_signed ? -count / 2 : 0;
    if (count > 0) schema["maximum"] = (is_signed ? count / 2 : count) - 1;
  }
  return schema;
}

// With a pattern, as what an encoding says binds nobody.
json::object bytes_schema() {
  return {{"type", "string"},
          {"contentEncoding", "base64"},
          {"pattern", "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"}};
}

std::string title_of(std::string_view member_name) {
  std::string title(member_name);
  bool word_begins = true;
  for (char& c : title) {
    if (c == '_') c = ' ';
    if (word_begins && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    word_begins = c == ' ';
  }
  return title;
}

bool needs_a_wrapper(const Constraints& rules) noexcept {
  return !rules.description.empty() || rules.is_secret || rules.example.set() || rules.is_deprecated;
}

void add_remarks(json::object& schema, const Constraints& rules) {
  if (!rules.description.empty()) schema["description"] = rules.description;
  if (rules.is_deprecated) schema["deprecated"] = true;
  if (rules.example.set()) schema["examples"] = json::array{example_value(schema, rules.example)};
}

void add_constraints(json::object& schema, const Constraints& rules) {
  if (rules.on_items()) {
    json::object& list = past_null(schema);
    const bool is_map = list.contains("additionalProperties");
    if (rules.min_items > 0) list[is_map ? "minProperties" : "minItems"] = rules.min_items;
    if (rules.has_unique_items) list["uniqueItems"] = true;
    if (rules.max_items != Constraints::unbounded) list[is_map ? "maxProperties" : "maxItems"] = rules.max_items;
  }
  json::object& inner = innermost(schema);
  if (rules.min_length > 0) inner["minLength"] = rules.min_length;
  if (rules.max_length != Constraints::unbounded) inner["maxLength"] = rules.max_length;
  if (!rules.pattern.empty()) inner["pattern"] = rules.pattern;
  if (rules.text_format == TextFormat::email) inner["format"] = "email";
  if (rules.text_format == TextFormat::url) inner["format"] = "uri";
  if (is_numeric(inner)) {  // JSON Schema knows no bounds on texts, as those of dates and Decimals would be
    if (rules.at_least.set()) inner["minimum"] = bound_json(rules.at_least);
    if (rules.greater_than.set()) inner["exclusiveMinimum"] = bound_json(rules.greater_than);
    if (rules.at_most.set()) inner["maximum"] = bound_json(rules.at_most);
    if (rules.less_than.set()) inner["exclusiveMaximum"] = bound_json(rules.less_than);
    if (rules.multiple_of.set()) inner["multipleOf"] = bound_json(rules.multiple_of);
  }
  add_remarks(schema, rules);
  if (rules.is_secret) {
    schema["writeOnly"] = true;
    if (inner.contains("type") && inner["type"] == "string") inner["format"] = "password";
  }
}

}  // namespace detail
}  // namespace bailey
