// The type system's questions. Possible types are sorted lists of places: two overlap where a walk of both meets, and
// most often one of the two is a single object, which is a binary search.
#include <graphql/types.hpp>

#include <algorithm>
#include <array>

namespace bailey::graphql {

namespace {

constexpr std::array<std::string_view, 6> kind_names = {"SCALAR", "OBJECT", "INTERFACE",
                                                        "UNION",  "ENUM",   "INPUT_OBJECT"};

constexpr std::array<std::string_view, 20> location_names = {"QUERY",
                                                             "MUTATION",
                                                             "SUBSCRIPTION",
                                                             "FIELD",
                                                             "FRAGMENT_DEFINITION",
                                                             "FRAGMENT_SPREAD",
                                                             "INLINE_FRAGMENT",
                                                             "VARIABLE_DEFINITION",
                                                             "SCHEMA",
                                                             "SCALAR",
                                                             "OBJECT",
                                                             "FIELD_DEFINITION",
                                                             "ARGUMENT_DEFINITION",
                                                             "INTERFACE",
                                                             "UNION",
                                                             "ENUM",
                                                             "ENUM_VALUE",
                                                             "INPUT_OBJECT",
                                                             "INPUT_FIELD_DEFINITION",
                                                             "DIRECTIVE_DEFINITION"};

const InputValue* find_argument(const std::vector<InputValue>& arguments, std::string_view name) noexcept {
  const auto found = std::ranges::find(arguments, name, &InputValue::name);
  return found == arguments.end() ? nullptr : &*found;
}

template <class T>
const T* place(const std::vector<T>& list, std::uint32_t at) noexcept {
  return at == no_type || at >= list.size() ? nullptr : &list[at];
}

}  // namespace

std::string_view to_string(TypeKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

std::string_view to_string(DirectiveLocation location) noexcept {
  return location_names[static_cast<std::size_t>(location)];
}

std::optional<DirectiveLocation> directive_location(std::string_view name) noexcept {
  const auto found = std::ranges::find(location_names, name);
  if (found == location_names.end()) return std::nullopt;
  return static_cast<DirectiveLocation>(found - location_names.begin());
}

std::vector<std::uint32_t> NameIndex::finish() {
  std::ranges::sort(names_);
  std::vector<std::uint32_t> repeated;
  for (std::size_t i = 1; i < names_.size(); ++i)
    if (names_[i].first == names_[i - 1].first) repeated.push_back(names_[i].second);
  const auto rest = std::ranges::unique(names_, {}, &std::pair<std::string_view, std::uint32_t>::first);
  names_.erase(rest.begin(), rest.end());
  return repeated;
}

std::uint32_t NameIndex::find(std::string_view name) const noexcept {
  const auto found = std::ranges::lower_bound(names_, name, {}, &std::pair<std::string_view, std::uint32_t>::first);
  return found == names_.end() || found->first != name ? no_type : found->second;
}

const InputValue* FieldDefinition::argument(std::string_view called) const noexcept {
  return find_argument(arguments, called);
}

const InputValue* DirectiveDefinition::argument(std::string_view called) const noexcept {
  return find_argument(arguments, called);
}

bool DirectiveDefinition::may_stand_on(DirectiveLocation location) const noexcept {
  return std::ranges::find(locations, location) != locations.end();
}

const FieldDefinition* NamedType::field(std::string_view called) const noexcept {
  return place(fields, by_name.find(called));
}

const InputValue* NamedType::input_field(std::string_view called) const noexcept {
  return place(input_fields, by_name.find(called));
}

const EnumValue* NamedType::enum_value(std::string_view called) const noexcept {
  return place(enum_values, by_name.find(called));
}

const NamedType* TypeSystem::find(std::string_view name) const noexcept { return place(types_, by_name_.find(name)); }

const NamedType* TypeSystem::root(OperationKind kind) const noexcept {
  return place(types_, roots_[static_cast<std::size_t>(kind)]);
}

const DirectiveDefinition* TypeSystem::directive(std::string_view name) const noexcept {
  const auto found = std::ranges::find(directives_, name, &DirectiveDefinition::name);
  return found == directives_.end() ? nullptr : &*found;
}

const FieldDefinition* TypeSystem::field(const NamedType& parent, std::string_view name) const noexcept {
  if (!name.starts_with("__")) return parent.field(name);
  if (name == "__typename" && parent.is_composite()) return &typename_field();
  if (parent.id != roots_[static_cast<std::size_t>(OperationKind::query)]) return nullptr;
  if (name == "__schema") return &schema_field();
  return name == "__type" ? &type_field() : nullptr;
}

bool TypeSystem::is_possible(TypeId type, TypeId object) const noexcept {
  return std::ranges::binary_search(possible_[type], object);
}

bool TypeSystem::overlap(TypeId one, TypeId other) const noexcept {
  if (one == other) return true;
  const std::vector<TypeId>&a = possible_[one], &b = possible_[other];
  if (a.size() == 1) return std::ranges::binary_search(b, a.front());
  if (b.size() == 1) return std::ranges::binary_search(a, b.front());
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size(); a[i] < b[j] ? ++i : ++j)
    if (a[i] == b[j]) return true;
  return false;
}

bool TypeSystem::is_subtype(TypeRef type, TypeRef of) const noexcept {
  for (;;) {
    if (type == of) return true;
    if (of.is_non_null()) {
      if (!type.is_non_null()) return false;
      type = type.inner(), of = of.inner();
    } else if (type.is_non_null()) {
      type = type.inner();
    } else if (of.is_list() || type.is_list()) {
      if (of.is_list() != type.is_list()) return false;
      type = type.inner(), of = of.inner();
    } else {
      break;
    }
  }
  const NamedType &sub = this->type(type), &super = this->type(of);
  if (!super.is_abstract()) return false;
  if (sub.kind == TypeKind::object) return is_possible(super.id, sub.id);
  return sub.kind == TypeKind::interface && std::ranges::find(sub.interfaces, super.id) != sub.interfaces.end();
}

std::string TypeSystem::to_string(TypeRef ref) const {
  std::string before, after;
  for (TypeRef rest = ref; rest.wrappers != 0; rest = rest.inner()) {
    if (rest.is_list()) before += '[';
    after += rest.is_list() ? ']' : '!';
  }
  std::ranges::reverse(after);
  return before + type(ref).name + after;
}

}  // namespace bailey::graphql
