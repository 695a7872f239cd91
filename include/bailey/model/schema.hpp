#pragma once

#include <chrono>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <bailey/model/detail/read.hpp>
#include <bailey/model/detail/write.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/members.hpp>

// JSON Schema 2020-12 of types, as OpenAPI 3.1 takes it.
namespace bailey {

// Schemas of the named types met so far. Each is made once and referred to after that, so types may contain themselves.
class SchemaDefinitions {
 public:
  // What stands before a name in a reference: "#/$defs/", or "#/components/schemas/" in OpenAPI.
  explicit SchemaDefinitions(std::string prefix = "#/$defs/") : prefix_(std::move(prefix)) {}

  // The name for a type given as the compiler spells it, and whether it was met before. Two types of one name in
  // different namespaces get different names.
  struct Named {
    std::string name;
    bool known;
  };
  Named enter(std::string_view full_type_name);
  void define(const std::string& name, json::object schema);

  [[nodiscard]] json::object reference(const std::string& name) const;
  [[nodiscard]] const json::object& all() const noexcept { return definitions_; }
  [[nodiscard]] json::object take() { return std::move(definitions_); }

 private:
  std::string prefix_;
  std::map<std::string, std::string, std::less<>> names_;
  json::object definitions_;
};

namespace detail {

json::object typed(std::string_view type, std::string_view format = {});
json::object enum_schema(std::string_view title, std::span<const std::string_view> names);
json::object nullable(json::object schema);
json::object list_schema(json::object items);
json::object map_schema(json::object values);
json::object any_of(json::array schemas);
// Adds what a member's rules say; `has_items`: rules on text and numbers go to the items.
void add_constraints(json::object& schema, const Constraints& constraints);
json::object integer_schema(int bits, bool is_signed);
std::string title_of(std::string_view member_name);

template <class T>
json::object schema_in(SchemaDefinitions& definitions);

template <Model T>
json::object model_schema(SchemaDefinitions& definitions) {
  json::object properties;
  json::array required;
  const T sample{};
  for_each_member(sample, [&]<std::size_t I>(const auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    constexpr const Constraints& constraints = member_constraints<T>[I];
    json::object property = schema_in<Member>(definitions);
    if (property.contains("$ref") && (!constraints.description.empty() || constraints.is_secret)) {
      property = {{"allOf", json::array{std::move(property)}}};
    }
    add_constraints(property, constraints);
    if constexpr (constraints.is_defaulted) {
      if constexpr (!constraints.is_secret && !holds_secret<Member> && !is_maybe<Member>) {
        std::string text;
        write(member, text);
        if (auto value = try_parse_json(text)) property["default"] = *std::move(value);
      }
    } else if constexpr (!is_nullable<Member>) {
      required.emplace_back(wire_names<T>[I]);
    }
    if (!property.contains("$ref")) property["title"] = title_of(wire_names<T>[I]);
    properties[wire_names<T>[I]] = std::move(property);
  });
  json::object schema = typed("object");
  schema["title"] = type_name<T>;
  schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = std::move(required);
  if constexpr (has_rules<T>) {
    if constexpr (rules<T>.forbid_extra) schema["additionalProperties"] = false;
  }
  return schema;
}

template <class T>
struct SchemaOf {
  static json::object make(SchemaDefinitions&) {
    if constexpr (std::same_as<T, bool>) {
      return typed("boolean");
    } else if constexpr (std::integral<T> && !std::same_as<T, char>) {
      return integer_schema(static_cast<int>(sizeof(T) * 8), std::is_signed_v<T>);
    } else if constexpr (std::floating_point<T>) {
      return typed("number");
    } else if constexpr (std::same_as<T, Uuid>) {
      return typed("string", "uuid");
    } else if constexpr (std::same_as<T, std::chrono::sys_days>) {
      return typed("string", "date");
    } else if constexpr (is_sys_time<T>) {
      return typed("string", "date-time");
    } else if constexpr (std::same_as<T, Secret>) {
      return typed("string", "password");
    } else if constexpr (std::same_as<T, std::vector<std::byte>>) {
      return {{"type", "string"}, {"contentEncoding", "base64"}};
    } else if constexpr (HasTextCodec<T>) {
      if constexpr (requires { TextCodec<T>::format; }) {
        return typed("string", TextCodec<T>::format);
      } else {
        return typed("string");
      }
    } else if constexpr (std::same_as<T, json::value>) {
      return {};
    } else if constexpr (std::same_as<T, json::object>) {
      return typed("object");
    } else if constexpr (std::same_as<T, json::array>) {
      return typed("array");
    } else if constexpr (std::same_as<T, std::monostate> || std::is_void_v<T> || std::same_as<T, std::nullptr_t>) {
      return typed("null");
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      return typed("string");
    } else {
      static_assert(cannot_be_read<T>,
                    "This type has no JSON Schema: use a plain struct or one of the types named at "
                    "`decode`, or specialise bailey::TextCodec for it.");
    }
  }
};

template <class T>
  requires(Model<T> || Enumeration<T>)
struct SchemaOf<T> {
  static json::object make(SchemaDefinitions& definitions) {
    const auto [name, known] = definitions.enter(type_in_spelling(spell_type<T>()));
    if (!known) {
      if constexpr (Model<T>) {
        definitions.define(name, model_schema<T>(definitions));
      } else {
        definitions.define(name, enum_schema(type_name<T>, enum_names<T>));
      }
    }
    return definitions.reference(name);
  }
};

template <class T>
struct SchemaOf<std::optional<T>> {
  static json::object make(SchemaDefinitions& d) { return nullable(schema_in<T>(d)); }
};
template <class T>
struct SchemaOf<Maybe<T>> : SchemaOf<std::optional<T>> {};
template <class T>
struct SchemaOf<std::unique_ptr<T>> : SchemaOf<std::optional<T>> {};
template <class T>
  requires(!std::same_as<T, std::byte>)
struct SchemaOf<std::vector<T>> {
  static json::object make(SchemaDefinitions& d) { return list_schema(schema_in<T>(d)); }
};
template <class T, std::size_t N>
struct SchemaOf<std::array<T, N>> {
  static json::object make(SchemaDefinitions& d) {
    json::object schema = list_schema(schema_in<T>(d));
    schema["minItems"] = N;
    schema["maxItems"] = N;
    return schema;
  }
};
template <class T>
struct SchemaOf<std::map<std::string, T>> {
  static json::object make(SchemaDefinitions& d) { return map_schema(schema_in<T>(d)); }
};
template <class T>
struct SchemaOf<std::unordered_map<std::string, T>> : SchemaOf<std::map<std::string, T>> {};
template <class... T>
struct SchemaOf<std::variant<T...>> {
  static json::object make(SchemaDefinitions& d) { return any_of(json::array{schema_in<T>(d)...}); }
};

template <class T>
json::object schema_in(SchemaDefinitions& definitions) {
  return SchemaOf<T>::make(definitions);
}

}  // namespace detail

// The schema of T; models and enumerations in it, T included, are put into `definitions` and referred to.
template <class T>
[[nodiscard]] json::object schema(SchemaDefinitions& definitions) {
  return detail::schema_in<T>(definitions);
}

// The schema of a lone value with rules: of a parameter.
template <class T>
[[nodiscard]] json::object schema(SchemaDefinitions& definitions, const Constraints& constraints) {
  json::object result = detail::schema_in<T>(definitions);
  detail::add_constraints(result, constraints);
  return result;
}

// The schema of T by itself, with the types it contains under "$defs".
template <class T>
[[nodiscard]] json::object schema() {
  SchemaDefinitions definitions;
  json::object result = detail::schema_in<T>(definitions);
  if (!definitions.all().empty()) result["$defs"] = definitions.take();
  return result;
}

}  // namespace bailey
