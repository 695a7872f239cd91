#include <graphql/schema_compiler.hpp>

#include <graphql/execution/guarded_field.hpp>
#include <graphql/type_system_builder.hpp>

#include <bailey/base/error.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/json.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace bailey::graphql {

using detail::FieldParts;
using detail::InputParts;
using detail::NamedInfo;
using detail::TypeParts;
using detail::TypeUse;

static_assert(detail::non_null_wrapper == TypeRef::non_null_bits && detail::list_wrapper == TypeRef::list_bits);

std::string camel_case(std::string_view name) {
  const std::size_t first = std::min(name.find_first_not_of('_'), name.size());
  std::string converted(name.substr(0, first));
  bool is_word_begun = false;
  for (std::size_t i = first; i < name.size(); ++i) {
    const char c = name[i];
    const bool is_mark = c == '_' && name.find_first_not_of('_', i) != std::string_view::npos;
    if (is_mark) {
      is_word_begun = true;
    } else {
      converted.push_back(is_word_begun && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
      is_word_begun = false;
    }
  }
  return converted;
}

namespace {

class Compiler {
 public:
  explicit Compiler(Schema::Parts& parts) : parts_(parts) {}

  std::shared_ptr<const CompiledSchema> compile() {
    name_types();
    add_loaders();
    for (const OperationKind kind : {OperationKind::query, OperationKind::mutation, OperationKind::subscription})
      add_root(kind, parts_.roots[static_cast<std::size_t>(kind)]);
    for (const TypeIdentity& type : parts_.order) add(parts_.types.at(type));
    builder_.describe(parts_.options.description);
    auto system = builder_.finish();
    if (!system) problems_.insert(problems_.end(), system.error().begin(), system.error().end());
    if (!problems_.empty()) refuse();
    auto schema = std::make_shared<CompiledSchema>(*std::move(system));
    schema->fields = std::move(fields_);
    schema->extensions = parts_.extensions;
    schema->loaders.assign(parts_.loaders.begin(), parts_.loaders.end());
    for (const auto& [name, key] : keys_) {
      const TypeId id = schema->types.find(name)->id;
      if (schema->keys.size() <= id) schema->keys.resize(id + 1);
      schema->keys[id] = key;
    }
    schema->needs = std::move(needs_);
    schema->needs_of = std::move(needs_of_);
    schema->uses = std::move(uses_);
    return schema;
  }

 private:
  static constexpr std::string_view root_name(OperationKind kind) {
    return kind == OperationKind::query ? "Query" : kind == OperationKind::mutation ? "Mutation" : "Subscription";
  }

  [[noreturn]] void refuse() const {
    const bool is_one = problems_.size() == 1;
    std::string text = is_one ? "The GraphQL schema is not valid: " : "The GraphQL schema is not valid:";
    for (const std::string& problem : problems_) text.append(is_one ? "" : "\n  ").append(problem);
    throw Error("invalid_schema", std::move(text));
  }

  // A struct that is both returned and taken is two types, and the one that is taken is an input.
  void name_types() {
    for (const auto& [identity, parts] : parts_.types) {
      std::string name = parts.name.empty() ? parts.info->name() : parts.name;
      const bool is_returned = parts_.types.contains({NamedInfo::Kind::object, identity.second}) ||
                               parts_.types.contains({NamedInfo::Kind::interface, identity.second});
      if (identity.first == NamedInfo::Kind::input_object && parts.name.empty() && is_returned) name += "Input";
      names_.emplace(identity, std::move(name));
    }
  }

  void add_loaders() {
    for (const auto& loader : parts_.loaders) {
      loader->first_need = add_needs(loader->needs());
      const auto is_same = [&](const auto& other) { return other->key() == loader->key(); };
      if (std::ranges::count_if(parts_.loaders, is_same) > 1 &&
          std::ranges::find_if(parts_.loaders, is_same)->get() == loader.get())
        problems_.push_back("There are two loaders " + std::string(loader->type()) + ": give one a tag.");
    }
  }

  void require_loaders(std::string_view field, std::span<const detail::LoaderNeed> loaders) {
    for (const detail::LoaderNeed& need : loaders) {
      if (std::ranges::any_of(parts_.loaders, [&](const auto& loader) { return loader->key() == need.key; })) continue;
      problems_.push_back("The resolver of \"" + std::string(field) + "\" takes " + std::string(need.type) +
                          ", which no schema.loader(…) makes.");
    }
  }

  void add(const TypeParts& parts) {
    const std::string& name = names_.at(identity_of(*parts.info));
    using enum NamedInfo::Kind;
    switch (parts.info->kind) {
      case built_in: break;
      case scalar: add_scalar(name, parts); break;
      case enumeration: add_enumeration(name, parts); break;
      case object:
        keys_.emplace_back(name, parts.info->key);
        add_fields(builder_.add_object(name, parts.description), parts, true);
        break;
      case interface: add_fields(builder_.add_interface(name, parts.description), parts, false); break;
      case union_type: add_union(name, parts); break;
      case input_object: add_input_object(name, parts); break;
    }
  }

  void add_root(OperationKind kind, const TypeParts& parts) {
    if (parts.fields.empty()) return;
    const TypeId id = builder_.add_object(root_name(kind), parts.description);
    add_fields(id, parts, true);
    builder_.set_root(kind, id);
  }

  void add_scalar(const std::string& name, const TypeParts& parts) {
    const TypeId id = builder_.add_scalar(name, parts.description);
    if (!parts.specified_by_url.empty()) builder_.specify_by(id, parts.specified_by_url);
    if (parts.accepts) builder_.check_values(id, parts.accepts);
  }

  void add_enumeration(const std::string& name, const TypeParts& parts) {
    const TypeId id = builder_.add_enumeration(name, parts.description);
    for (const detail::ValueParts& value : parts.values) {
      builder_.add_enum_value(id, {.name = value.name,
                                   .description = value.description,
                                   .deprecation_reason = value.deprecation_reason,
                                   .source_name = value.source_name});
    }
  }

  void add_union(const std::string& name, const TypeParts& parts) {
    const TypeId id = builder_.add_union(name, parts.description);
    for (const NamedInfo* const member : parts.members) builder_.add_member(id, named(*member));
  }

  void add_input_object(const std::string& name, const TypeParts& parts) {
    const TypeId id = builder_.add_input_object(name, parts.description);
    if (parts.is_one_of) builder_.make_one_of(id);
    for (const InputParts& field : parts.input_fields) builder_.add_input_field(id, input_of(field));
  }

  void add_fields(TypeId id, const TypeParts& parts, bool are_resolved) {
    for (const NamedInfo* const interface : parts.interfaces) builder_.implement(id, named(*interface));
    for (const FieldParts& field : parts.fields) {
      if (field.is_hidden) continue;
      FieldDefinition definition{.name = convert(field.name),
                                 .description = field.description,
                                 .type = ref(field.type),
                                 .deprecation_reason = field.deprecation_reason,
                                 .cost = field.cost,
                                 .size_arguments = field.size_arguments};
      for (const InputParts& argument : field.arguments) definition.arguments.push_back(input_of(argument));
      if (are_resolved) {
        definition.resolver = static_cast<std::uint32_t>(fields_.size());
        add_code(field, parts.permissions, !definition.type.is_non_null());
      }
      builder_.add_field(id, std::move(definition));
    }
  }

  void add_code(const FieldParts& field, const detail::PermissionList& of_type, bool is_nullable) {
    const std::size_t first = needs_.size();
    field.code->first_need = add_needs(field.code->needs());
    require_loaders(field.name.text, field.code->loaders());
    std::vector<GuardedField::Check> checks;
    for (const detail::PermissionList* const list : {&of_type, &field.permissions})
      for (const auto& permission : *list) {
        checks.push_back({.permission = permission, .first_need = add_needs(permission->needs())});
        require_loaders(field.name.text, permission->loaders());
      }
    if (checks.empty()) {
      fields_.push_back(field.code);
    } else {
      fields_.push_back(std::make_shared<GuardedField>(field.code, std::move(checks), is_nullable));
    }
    needs_of_.emplace_back(first, needs_.size() - first);
    uses_.push_back(field.uses);
  }

  std::size_t add_needs(std::span<const web_detail::Need> needs) {
    const std::size_t first = needs_.size();
    needs_.insert(needs_.end(), needs.begin(), needs.end());
    return first;
  }

  InputValue input_of(const InputParts& parts) {
    InputValue input{.name = convert(parts.name),
                     .description = parts.description,
                     .type = ref(parts.type),
                     .deprecation_reason = parts.deprecation_reason};
    if (input.name != parts.source_name) input.source_name = parts.source_name;
    if (!parts.default_json.empty()) {
      const auto json = parse_json(parts.default_json);
      input.default_value = builder_.keep(literal_of(*json, parts.type));
    }
    return input;
  }

  // A default value as a document would write it: enumerators without quotes, members by their names in the schema.
  Value literal_of(const json::value& json, const TypeUse& type) {
    using enum Value::Kind;
    switch (json.kind()) {
      case json::kind::null: return {.kind = null};
      case json::kind::bool_: return {.kind = boolean, .is_true = json.get_bool()};
      case json::kind::int64:
      case json::kind::uint64: return {.kind = integer, .text = keep(encode(json))};
      case json::kind::double_: return {.kind = real, .text = keep(encode(json))};
      case json::kind::string: {
        const bool is_enumerator = type.named->kind == NamedInfo::Kind::enumeration;
        return {.kind = is_enumerator ? enumeration : string, .text = keep(std::string(json.get_string()))};
      }
      case json::kind::array: {
        std::vector<Value>& items = lists_.emplace_back();
        for (const json::value& item : json.get_array()) items.push_back(literal_of(item, type));
        return {.kind = list, .items = items};
      }
      case json::kind::object: return object_of(json.get_object(), type);
    }
    return {.kind = null};
  }

  Value object_of(const json::object& json, const TypeUse& type) {
    std::vector<ObjectField>& fields = objects_.emplace_back();
    const bool is_input = type.named->kind == NamedInfo::Kind::input_object;
    for (const auto& [key, value] : json) {
      const std::string_view name = key;
      if (!is_input) {
        fields.push_back({.name = {.text = keep(std::string(name))}, .value = literal_of(value, type)});
        continue;
      }
      for (const InputParts& field : parts_.of(*type.named).input_fields)
        if (field.source_name == name)
          fields.push_back({.name = {.text = keep(convert(field.name))}, .value = literal_of(value, field.type)});
    }
    return {.kind = Value::Kind::object, .fields = fields};
  }

  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  [[nodiscard]] std::string convert(const detail::NameParts& name) const {
    return name.stays || !parts_.options.auto_camel_case ? name.text : camel_case(name.text);
  }
  [[nodiscard]] TypeId named(const NamedInfo& info) { return builder_.named(names_.at(identity_of(info))); }
  [[nodiscard]] TypeRef ref(const TypeUse& use) {
    const bool is_built_in = use.named->kind == NamedInfo::Kind::built_in;
    return {.named = is_built_in ? use.named->built_in : named(*use.named), .wrappers = use.wrappers};
  }

  Schema::Parts& parts_;
  TypeSystemBuilder builder_;
  std::map<TypeIdentity, std::string> names_;
  std::vector<std::pair<std::string, detail::TypeKey>> keys_;  // of the objects, by name
  std::vector<std::shared_ptr<const detail::FieldCode>> fields_;
  std::vector<web_detail::Need> needs_;
  std::vector<NeedRange> needs_of_;
  std::vector<std::optional<std::vector<std::string>>> uses_;
  std::vector<std::string> problems_;
  // What default values are made of, until the builder has copied them.
  std::deque<std::string> texts_;
  std::deque<std::vector<Value>> lists_;
  std::deque<std::vector<ObjectField>> objects_;
};

}  // namespace

std::shared_ptr<const CompiledSchema> compile_schema(Schema::Parts& parts) { return Compiler(parts).compile(); }

}  // namespace bailey::graphql
