#include <graphql/execution/introspection.hpp>

#include <bailey/graphql/detail/complete.hpp>
#include <graphql/execution/execution.hpp>
#include <graphql/literal.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {
namespace {

using detail::FieldCode;
using detail::Path;
using detail::PlannedField;
using detail::Run;
using detail::type_key;

struct SchemaView {
  const TypeSystem* types = nullptr;
};
struct TypeView {
  const TypeSystem* types = nullptr;
  TypeRef type{};
};
struct FieldView {
  const TypeSystem* types = nullptr;
  const FieldDefinition* field = nullptr;
};
struct InputView {
  const TypeSystem* types = nullptr;
  const InputValue* input = nullptr;
};
struct EnumValueView {
  const EnumValue* value = nullptr;
};
struct DirectiveView {
  const TypeSystem* types = nullptr;
  const DirectiveDefinition* directive = nullptr;
};

using Text = std::optional<std::string_view>;
Text text_or_null(std::string_view text) { return text.empty() ? Text() : Text(text); }
Text reason_of(const std::optional<std::string>& reason) { return reason ? Text(*reason) : Text(); }

// A field of a view, whose value is a view, a text or a Boolean, or lists of them.
template <class Parent, class F>
class ViewField final : public FieldCode {
 public:
  explicit ViewField(F function) : function_(std::move(function)) {}
  bool resolve(Run& run, const void* parent, const PlannedField& field, const Path& path) const override {
    if constexpr (std::is_invocable_v<const F&, const Parent&, bool>) {
      const bool with_deprecated = *static_cast<const bool*>(run.arguments(field));
      return complete(run, function_(*static_cast<const Parent*>(parent), with_deprecated), field, path);
    } else {
      return complete(run, function_(*static_cast<const Parent*>(parent)), field, path);
    }
  }
  std::shared_ptr<const void> bind(const json::object& arguments) const override {
    const json::value* const value = arguments.if_contains("includeDeprecated");
    return std::make_shared<const bool>(value != nullptr && value->is_bool() && value->get_bool());
  }

 private:
  F function_;
};

class SchemaField final : public FieldCode {
 public:
  bool resolve(Run& run, const void*, const PlannedField& field, const Path& path) const override {
    return complete(run, SchemaView{&run.execution().input().schema.types}, field, path);
  }
};

class TypeByNameField final : public FieldCode {
 public:
  bool resolve(Run& run, const void*, const PlannedField& field, const Path& path) const override {
    std::optional<TypeView> view;
    try {
      const auto& name = *static_cast<const std::string*>(run.arguments(field));
      const TypeSystem& types = run.execution().input().schema.types;
      if (const NamedType* const type = types.find(name)) view = TypeView{&types, {.named = type->id}};
    } catch (...) {
      run.fail(field, path);
    }
    return complete(run, view, field, path);
  }
  std::shared_ptr<const void> bind(const json::object& arguments) const override {
    return std::make_shared<const std::string>(arguments.at("name").as_string());
  }
};

std::vector<TypeView> views_of(const TypeSystem& types, std::span<const TypeId> ids) {
  std::vector<TypeView> views;
  views.reserve(ids.size());
  for (const TypeId id : ids) views.push_back({&types, {.named = id}});
  return views;
}

std::optional<TypeView> root_of(const SchemaView& schema, OperationKind kind) {
  const NamedType* const type = schema.types->root(kind);
  if (type == nullptr) return std::nullopt;
  return TypeView{schema.types, {.named = type->id}};
}

std::vector<InputView> inputs_of(const TypeSystem& types, const std::vector<InputValue>& inputs, bool with_deprecated) {
  std::vector<InputView> views;
  for (const InputValue& input : inputs)
    if (with_deprecated || !input.deprecation_reason) views.push_back({&types, &input});
  return views;
}

// The named type, where the type is none in a list or a non-null.
const NamedType* named(const TypeView& view) {
  return view.type.wrappers == 0 ? &view.types->type(view.type) : nullptr;
}

std::string_view kind_of_view(const TypeView& view) {
  if (view.type.is_non_null()) return "NON_NULL";
  return view.type.is_list() ? "LIST" : to_string(view.types->type(view.type).kind);
}

class Codes {
 public:
  Codes() {
    add("", "__schema", std::make_unique<SchemaField>());
    add("", "__type", std::make_unique<TypeByNameField>());
    add_schema();
    add_type();
    add_field_and_inputs();
    add_values_and_directives();
  }

  [[nodiscard]] const FieldCode* find(std::string_view type, std::string_view field) const {
    const auto at = codes_.find({field.starts_with("__") ? "" : type, field});
    return at->second.get();
  }

 private:
  void add(std::string_view type, std::string_view field, std::unique_ptr<FieldCode> code) {
    codes_.emplace(std::pair(type, field), std::move(code));
  }
  template <class Parent, class F>
  void add(std::string_view type, std::string_view field, F function) {
    add(type, field, std::make_unique<ViewField<Parent, F>>(std::move(function)));
  }

  void add_schema() {
    const auto field = [this](std::string_view name, auto f) { add<SchemaView>("__Schema", name, std::move(f)); };
    field("description", [](const SchemaView& view) { return text_or_null(view.types->description()); });
    field("types", [](const SchemaView& view) { return views_of(*view.types, view.types->types()); });
    field("queryType", [](const SchemaView& view) { return *root_of(view, OperationKind::query); });
    field("mutationType", [](const SchemaView& view) { return root_of(view, OperationKind::mutation); });
    field("subscriptionType", [](const SchemaView& view) { return root_of(view, OperationKind::subscription); });
    field("directives", [](const SchemaView& view) {
      std::vector<DirectiveView> views;
      for (const DirectiveDefinition& directive : view.types->directives()) views.push_back({view.types, &directive});
      return views;
    });
  }

  void add_type() {
    const auto field = [this](std::string_view name, auto f) { add<TypeView>("__Type", name, std::move(f)); };
    field("kind", &kind_of_view);
    field("name", [](const TypeView& view) { return named(view) == nullptr ? Text() : Text(named(view)->name); });
    field("description", [](const TypeView& view) {
      return named(view) == nullptr ? Text() : text_or_null(named(view)->description);
    });
    field("specifiedByURL", [](const TypeView& view) {
      return named(view) == nullptr ? Text() : text_or_null(named(view)->specified_by_url);
    });
    field("fields", [](const TypeView& view, bool with_deprecated) {
      std::optional<std::vector<FieldView>> views;
      const NamedType* const type = named(view);
      if (type == nullptr || (type->kind != TypeKind::object && type->kind != TypeKind::interface)) return views;
      views.emplace();
      for (const FieldDefinition& each : type->fields)
        if (with_deprecated || !each.deprecation_reason) views->push_back({view.types, &each});
      return views;
    });
    field("interfaces", [](const TypeView& view) {
      const NamedType* const type = named(view);
      using Views = std::optional<std::vector<TypeView>>;
      if (type == nullptr || (type->kind != TypeKind::object && type->kind != TypeKind::interface)) return Views();
      return Views(views_of(*view.types, type->interfaces));
    });
    field("possibleTypes", [](const TypeView& view) {
      const NamedType* const type = named(view);
      using Views = std::optional<std::vector<TypeView>>;
      if (type == nullptr || !type->is_abstract()) return Views();
      return Views(views_of(*view.types, view.types->possible_types(type->id)));
    });
    field("enumValues", [](const TypeView& view, bool with_deprecated) {
      std::optional<std::vector<EnumValueView>> views;
      const NamedType* const type = named(view);
      if (type == nullptr || type->kind != TypeKind::enumeration) return views;
      views.emplace();
      for (const EnumValue& each : type->enum_values)
        if (with_deprecated || !each.deprecation_reason) views->push_back({&each});
      return views;
    });
    field("inputFields", [](const TypeView& view, bool with_deprecated) {
      const NamedType* const type = named(view);
      using Views = std::optional<std::vector<InputView>>;
      if (type == nullptr || type->kind != TypeKind::input_object) return Views();
      return Views(inputs_of(*view.types, type->input_fields, with_deprecated));
    });
    field("ofType", [](const TypeView& view) {
      return view.type.wrappers == 0 ? std::nullopt : std::optional(TypeView{view.types, view.type.inner()});
    });
    field("isOneOf", [](const TypeView& view) {
      const NamedType* const type = named(view);
      if (type == nullptr || type->kind != TypeKind::input_object) return std::optional<bool>();
      return std::optional(type->is_one_of);
    });
  }

  void add_field_and_inputs() {
    const auto field = [this](std::string_view name, auto f) { add<FieldView>("__Field", name, std::move(f)); };
    field("name", [](const FieldView& view) { return std::string_view(view.field->name); });
    field("description", [](const FieldView& view) { return text_or_null(view.field->description); });
    field("args", [](const FieldView& view, bool with_deprecated) {
      return inputs_of(*view.types, view.field->arguments, with_deprecated);
    });
    field("type", [](const FieldView& view) { return TypeView{view.types, view.field->type}; });
    field("isDeprecated", [](const FieldView& view) { return view.field->deprecation_reason.has_value(); });
    field("deprecationReason", [](const FieldView& view) { return reason_of(view.field->deprecation_reason); });

    const auto input = [this](std::string_view name, auto f) { add<InputView>("__InputValue", name, std::move(f)); };
    input("name", [](const InputView& view) { return std::string_view(view.input->name); });
    input("description", [](const InputView& view) { return text_or_null(view.input->description); });
    input("type", [](const InputView& view) { return TypeView{view.types, view.input->type}; });
    input("defaultValue", [](const InputView& view) {
      if (view.input->default_value == nullptr) return std::optional<std::string>();
      return std::optional(print_literal(*view.input->default_value));
    });
    input("isDeprecated", [](const InputView& view) { return view.input->deprecation_reason.has_value(); });
    input("deprecationReason", [](const InputView& view) { return reason_of(view.input->deprecation_reason); });
  }

  void add_values_and_directives() {
    const auto value = [this](std::string_view name, auto f) { add<EnumValueView>("__EnumValue", name, std::move(f)); };
    value("name", [](const EnumValueView& view) { return std::string_view(view.value->name); });
    value("description", [](const EnumValueView& view) { return text_or_null(view.value->description); });
    value("isDeprecated", [](const EnumValueView& view) { return view.value->deprecation_reason.has_value(); });
    value("deprecationReason", [](const EnumValueView& view) { return reason_of(view.value->deprecation_reason); });

    const auto of = [this](std::string_view name, auto f) { add<DirectiveView>("__Directive", name, std::move(f)); };
    of("name", [](const DirectiveView& view) { return std::string_view(view.directive->name); });
    of("description", [](const DirectiveView& view) { return text_or_null(view.directive->description); });
    of("isRepeatable", [](const DirectiveView& view) { return view.directive->is_repeatable; });
    of("locations", [](const DirectiveView& view) {
      std::vector<std::string_view> names;
      for (const DirectiveLocation location : view.directive->locations) names.push_back(to_string(location));
      return names;
    });
    of("args", [](const DirectiveView& view, bool with_deprecated) {
      return inputs_of(*view.types, view.directive->arguments, with_deprecated);
    });
  }

  std::map<std::pair<std::string_view, std::string_view>, std::unique_ptr<FieldCode>> codes_;
};

}  // namespace

const detail::FieldCode* introspection_code(const NamedType& type, const FieldDefinition& field) {
  static const Codes codes;
  return codes.find(type.name, field.name);
}

detail::TypeKey introspection_key(const NamedType& type) {
  if (type.name == "__Schema") return type_key<SchemaView>;
  if (type.name == "__Type") return type_key<TypeView>;
  if (type.name == "__Field") return type_key<FieldView>;
  if (type.name == "__InputValue") return type_key<InputView>;
  if (type.name == "__EnumValue") return type_key<EnumValueView>;
  return type_key<DirectiveView>;
}

}  // namespace bailey::graphql
