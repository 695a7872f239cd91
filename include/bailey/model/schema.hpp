#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <bailey/model/detail/write.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/shape.hpp>

// JSON Schema 2020-12 of types, as OpenAPI 3.1 takes it.
namespace bailey {

// What a schema says: which values are read, or which are written. The two differ where a member that may be left out
// when it is read is always written, and where a secret is written as asterisks.
enum class SchemaUse : unsigned char { input, output };

// Collects the schemas of models and enumerations, each under a name of its own: once made, a schema is referred to, so
// types may contain themselves. One thread at a time may use it.
class SchemaDefinitions {
 public:
  // `prefix` stands before a name in a reference: "#/$defs/", or "#/components/schemas/" in OpenAPI.
  explicit SchemaDefinitions(std::string prefix = "#/$defs/") : prefix_(std::move(prefix)) {}

  // What the schemas are for that are made from here on; at first `input`. A model that is entered for both has a name
  // for each: "Card" and "Card-Output".
  void set_use(SchemaUse use) noexcept { use_ = use; }
  [[nodiscard]] SchemaUse use() const noexcept { return use_; }

  struct Named {
    std::string name;
    bool known;  // it was entered before, and is defined or being defined
  };
  // Gives a type its name here, made from how the compiler spells it: the same for the same type, and different names
  // for types that are spelled alike or have one name in different namespaces. `type` is an address that no other type
  // has: a spelling does not tell types apart that are local to two functions, or to the anonymous namespaces of two
  // files.
  Named enter(const void* type, std::string_view full_type_name);
  // Sets the schema of a name that `enter` gave.
  void define(const std::string& name, json::object schema);

  // Returns {"$ref": prefix + name}.
  [[nodiscard]] json::object reference(const std::string& name) const;
  // Returns the schemas by their names. The reference is valid as long as this object.
  [[nodiscard]] const json::object& all() const noexcept { return definitions_; }
  // Moves the schemas out. Make no further ones with this object.
  [[nodiscard]] json::object take() { return std::move(definitions_); }

 private:
  [[nodiscard]] std::string new_name(std::string_view full_type_name) const;

  std::string prefix_;
  SchemaUse use_ = SchemaUse::input;
  std::map<const void*, std::string> names_;    // of types
  std::set<std::string, std::less<>> entered_;  // of those names, with what tells the uses apart
  json::object definitions_;
};

namespace detail {

json::object typed(std::string_view type, std::string_view format = {});
json::object enum_schema(std::string_view title, std::span<const std::string_view> names);
json::object nullable(json::object schema);
json::object list_schema(json::object items);
json::object array_schema(json::object items, std::size_t count);
json::object map_schema(json::object values);
json::object any_of(json::array schemas);
// Adds what a member's rules say: on text and numbers to the innermost items, on items to the outermost list or map.
void add_constraints(json::object& schema, const Constraints& constraints);
// Of them what is for readers alone: a description, an example, that it is deprecated.
void add_remarks(json::object& schema, const Constraints& constraints);
// Whether there is something to say beside a reference.
[[nodiscard]] bool needs_a_wrapper(const Constraints& constraints) noexcept;
json::object integer_schema(int bits, bool is_signed);
json::object bytes_schema();
std::string title_of(std::string_view member_name);

template <class T>
json::object schema_in(SchemaDefinitions& definitions);

template <class T>
json::object model_schema(SchemaDefinitions& definitions) {
  json::object properties;
  json::array required;
  const T sample{};
  for_each_member(sample, [&]<std::size_t I>(const auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    constexpr const Constraints& constraints = member_constraints<T>[I];
    const bool is_written = definitions.use() == SchemaUse::output;
    const bool is_always_written = is_written && shape_of<Member> != Shape::maybe;
    json::object property =
        is_written && constraints.is_secret ? typed("string", "password") : schema_in<Member>(definitions);
    if constexpr (constraints.is_not_null) {
      if (!is_written) property = schema_in<ElementOf<Member>>(definitions);
      if (!is_written && property.empty()) property["not"] = typed("null");  // any JSON but null
    }
    if (property.contains("$ref") && needs_a_wrapper(constraints)) {
      property = {{"allOf", json::array{std::move(property)}}};
    }
    if (is_written && (constraints.is_secret || holds_secret<Member>)) {
      add_remarks(property, constraints);  // asterisks keep none of its rules
    } else {
      add_constraints(property, constraints);
    }
    if constexpr (constraints.is_defaulted) {
      if constexpr (!constraints.is_secret && !holds_secret<Member> && shape_of<Member> != Shape::maybe) {
        std::string text;
        write(member, text);
        if (auto value = try_parse_json(text)) property["default"] = *std::move(value);
      }
    }
    const bool may_be_left_out = constraints.is_defaulted || is_nullable<Member>;
    if (is_always_written || (!is_written && !may_be_left_out)) required.emplace_back(wire_names<T>[I]);
    if (!property.contains("$ref")) property["title"] = title_of(wire_names<T>[I]);
    properties[wire_names<T>[I]] = std::move(property);
  });
  json::object schema = typed("object");
  schema["title"] = type_name<T>;
  schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = std::move(required);
  if constexpr (has_rules<T>) {
    if constexpr (rules_of<T>.forbid_extra) schema["additionalProperties"] = false;
  }
  if constexpr (least_members<T> > 0) {
    if (definitions.use() == SchemaUse::input) schema["minProperties"] = least_members<T>;
  }
  return schema;
}

template <class T>
inline constexpr char own_address = 0;

// A model's or enumeration's schema is made once and referred to.
template <class T>
json::object named_schema(SchemaDefinitions& definitions) {
  const auto [name, known] = definitions.enter(&own_address<T>, type_in_spelling(spell_type<T>()));
  if (!known) {
    if constexpr (shape_of<T> == Shape::model) {
      definitions.define(name, model_schema<T>(definitions));
    } else {
      definitions.define(name, enum_schema(type_name<T>, enum_names<T>));
    }
  }
  return definitions.reference(name);
}

template <class... T>
json::object any_of_schemas(SchemaDefinitions& definitions, TypeList<T...>) {
  return any_of(json::array{schema_in<T>(definitions)...});
}

template <class T>
json::object schema_in(SchemaDefinitions& definitions) {
  constexpr Shape shape = shape_of<T>;
  static_assert(shape != Shape::none,
                "This type has no JSON Schema: use a plain struct or one of the types named at "
                "`decode`, or specialise bailey::TextCodec for it.");
  if constexpr (shape == Shape::null) {
    return typed("null");
  } else if constexpr (shape == Shape::boolean) {
    return typed("boolean");
  } else if constexpr (shape == Shape::integer) {
    return integer_schema(static_cast<int>(sizeof(T) * 8), std::is_signed_v<T>);
  } else if constexpr (shape == Shape::real) {
    return typed("number");
  } else if constexpr (shape == Shape::text) {
    return typed("string");
  } else if constexpr (shape == Shape::secret) {
    return typed("string", "password");
  } else if constexpr (shape == Shape::uuid) {
    return typed("string", "uuid");
  } else if constexpr (shape == Shape::date) {
    return typed("string", "date");
  } else if constexpr (shape == Shape::time) {
    return typed("string", "date-time");
  } else if constexpr (shape == Shape::duration) {
    return typed("string", "duration");
  } else if constexpr (shape == Shape::coded) {
    if constexpr (requires { TextCodec<T>::format; }) {
      return typed("string", TextCodec<T>::format);
    } else {
      return typed("string");
    }
  } else if constexpr (shape == Shape::bytes) {
    return bytes_schema();
  } else if constexpr (shape == Shape::json_value) {
    return {};
  } else if constexpr (shape == Shape::json_object) {
    return typed("object");
  } else if constexpr (shape == Shape::json_array) {
    return typed("array");
  } else if constexpr (is_nullable<T>) {
    return nullable(schema_in<ElementOf<T>>(definitions));
  } else if constexpr (shape == Shape::variant) {
    return any_of_schemas(definitions, Parts<T>{});
  } else if constexpr (shape == Shape::array) {
    return array_schema(schema_in<ElementOf<T>>(definitions), std::tuple_size_v<T>);
  } else if constexpr (shape == Shape::list) {
    return list_schema(schema_in<ElementOf<T>>(definitions));
  } else if constexpr (shape == Shape::map) {
    return map_schema(schema_in<ElementOf<T>>(definitions));
  } else if constexpr (shape == Shape::enumeration || shape == Shape::model) {
    return named_schema<T>(definitions);
  }
}

}  // namespace detail

// Returns the schema of T, which what `encode` writes of a T meets. Models and enumerations in it, T included, are put
// into `definitions` and referred to. A type of no Shape (shape.hpp) does not compile. A model is default constructed
// once, for the defaults of its members; what its constructors throw is passed on.
template <class T>
[[nodiscard]] json::object schema(SchemaDefinitions& definitions) {
  return detail::schema_in<T>(definitions);
}

// Returns the schema of a T with rules on the value itself, as a parameter has them.
template <class T>
[[nodiscard]] json::object schema(SchemaDefinitions& definitions, const Constraints& constraints) {
  json::object result = detail::schema_in<T>(definitions);
  detail::add_constraints(result, constraints);
  return result;
}

// Returns the schema of T by itself, with the models and enumerations it refers to under "$defs".
template <class T>
[[nodiscard]] json::object schema() {
  SchemaDefinitions definitions;
  json::object result = detail::schema_in<T>(definitions);
  if (!definitions.all().empty()) result["$defs"] = definitions.take();
  return result;
}

}  // namespace bailey
