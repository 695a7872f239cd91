#pragma once

#include <bailey/base/make_shared_as.hpp>
#include <bailey/graphql/detail/resolver.hpp>
#include <bailey/graphql/detail/type_use.hpp>
#include <bailey/graphql/permission.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bailey::graphql {

// What is said of a field besides its type.
struct FieldOptions {
  std::string name = {};  // in the schema, as it stands here; empty: what it is called in the program, converted
  std::string description = {};
  std::optional<std::string> deprecation_reason = {};
  std::vector<Permission> permissions = {};  // asked one after another, before the field is resolved
  std::uint32_t cost = 1;                    // of one call, for SchemaOptions::max_cost
  // Of a resolver: the members of the object that it reads, by their names in C++, so that select_of() asks for them.
  // Not said: it may read any.
  std::optional<std::vector<std::string>> uses = {};
  // Arguments that say how long the list gets, by their names in the schema. Those called first, last or limit are
  // found by themselves.
  std::vector<std::string> size_arguments = {};
};

// What is said of a member of an input object.
struct InputOptions {
  std::string name = {};
  std::string description = {};
  std::optional<std::string> deprecation_reason = {};
};

// What is said of a value of an enumeration.
struct ValueOptions {
  std::string description = {};
  std::optional<std::string> deprecation_reason = {};
};

namespace detail {

// The place of a member among the others.
template <class T, class Member>
[[nodiscard]] std::size_t place_of(Member T::* member) {
  const T object{};
  std::size_t place = 0;
  for_each_member(object, [&]<std::size_t I>(const auto& each) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(each)>, Member>) {
      if (&each == &(object.*member)) place = I;
    }
  });
  return place;
}

template <class A>
[[nodiscard]] InputParts argument_parts() {
  using T = typename A::value_type;
  InputParts parts{.name = {.text = std::string(A::name)},
                   .source_name = std::string(A::name),
                   .description = std::string(A::rules.constraints().description),
                   .type = input_use<T>()};
  if (A::rules.constraints().is_deprecated) parts.deprecation_reason = "No longer supported";
  if constexpr (web_detail::has_default<A::rules>) {
    parts.default_json = encode(A::rules.template default_as<typename web_detail::Unwrapped<T>::type>());
  }
  return parts;
}

// What all but the code and the type of a field is.
template <class... P>
[[nodiscard]] FieldParts field_parts(std::string_view name, FieldOptions& options) {
  FieldParts parts{.name = {.text = options.name.empty() ? std::string(name) : std::move(options.name),
                            .stays = !options.name.empty()},
                   .description = std::move(options.description),
                   .deprecation_reason = std::move(options.deprecation_reason),
                   .cost = options.cost,
                   .size_arguments = std::move(options.size_arguments),
                   .uses = std::move(options.uses)};
  [[maybe_unused]] const auto add = [&]<class Q>(std::type_identity<Q>) {
    using A = std::remove_cvref_t<Q>;
    if constexpr (is_arg<A>) {
      parts.arguments.push_back(argument_parts<A>());
    } else if constexpr (IsArgumentGroup<A>) {
      [&]<class... Each>(std::type_identity<std::tuple<Each...>>) {
        (parts.arguments.push_back(argument_parts<Each>()), ...);
      }(std::type_identity<typename A::Arguments>{});
    }
  };
  (add(std::type_identity<P>{}), ...);
  return parts;
}

template <class Parent, class F, class Parameters = typename Signature<F>::Parameters>
struct ResolverParts;
template <class Parent, class F, class... P>
struct ResolverParts<Parent, F, std::tuple<std::type_identity<P>...>> {
  static FieldParts make(std::string_view name, F function, FieldOptions options) {
    FieldParts parts = field_parts<P...>(name, options);
    parts.type = output_use<typename Resolved<typename Signature<F>::Result>::type>();
    parts.code = make_shared_as<FieldCode, ResolverField<Parent, F>>(std::move(function));
    add_permissions<Parent>(parts.permissions, options.permissions);
    return parts;
  }
};

template <class F, class Parameters = typename Signature<F>::Parameters>
struct StreamParts;
template <class F, class... P>
struct StreamParts<F, std::tuple<std::type_identity<P>...>> {
  static FieldParts make(std::string_view name, F function, FieldOptions options) {
    FieldParts parts = field_parts<P...>(name, options);
    parts.type = output_use<typename StreamField<F>::Value>();
    parts.code = make_shared_as<FieldCode, StreamField<F>>(std::move(function));
    add_permissions<void>(parts.permissions, options.permissions);
    return parts;
  }
};

template <class Parent, class F>
[[nodiscard]] FieldParts resolver_parts(std::string_view name, F function, FieldOptions options) {
  return ResolverParts<Parent, F>::make(name, std::move(function), std::move(options));
}

}  // namespace detail

// An object type, an interface or an input object of a schema while it is put together: its members are fields already.
// A struct says what else there is to say of it in a static function of its own, which each use of it finds:
//
//   struct Card {
//     Uuid id;
//     Uuid owner_id;
//     std::string name;
//
//     static void graphql(graphql::Type<Card>& type) {
//       type.describe("A business card").hide(&Card::owner_id);
//       type.field("owner", [](const Card& card, const Supabase& supabase) -> Task<Person> { … });
//     }
//   };
//
// What belongs to somebody else's struct is said to the schema before it is used: schema.type<Card>().hide(…).
template <class T>
class Type {
 public:
  explicit Type(detail::TypeParts& parts) noexcept : parts_(&parts) {}

  Type& describe(std::string description) {
    parts_->description = std::move(description);
    return *this;
  }
  // Its name in the schema, as it stands here.
  Type& rename(std::string name) {
    parts_->name = std::move(name);
    return *this;
  }

  // A field that is no member: a function with a resolver's parameters, which may take the object as `const T&`, or a
  // member function of T's. It returns the value, at once or as a Task, or a std::expected of one. A member of the name
  // makes way for it.
  template <class F>
    requires web_detail::PlainCallable<F>
  Type& field(std::string_view name, F function, FieldOptions options = {}) {
    add(detail::resolver_parts<T>(name, std::move(function), std::move(options)));
    return *this;
  }
  // What is to be said of a member that is a field: its name, description, permissions, cost.
  template <class Member>
    requires std::is_member_object_pointer_v<Member T::*>
  Type& field(Member T::* member, FieldOptions options) {
    detail::FieldParts* const parts = find(name_of(member));
    if (parts == nullptr) return *this;
    if (!options.name.empty()) parts->name = {.text = std::move(options.name), .stays = true};
    if (!options.description.empty()) parts->description = std::move(options.description);
    if (options.deprecation_reason) parts->deprecation_reason = std::move(options.deprecation_reason);
    parts->cost = options.cost;
    parts->size_arguments = std::move(options.size_arguments);
    detail::add_permissions<T>(parts->permissions, options.permissions);
    return *this;
  }
  // A member that is no field.
  template <class Member>
  Type& hide(Member T::* member) {
    if (detail::FieldParts* const parts = find(name_of(member))) parts->is_hidden = true;
    return *this;
  }

  // That T has all of the interface's fields, which are members of a struct of their own. Its members of the same names
  // are those fields; what T lacks of them is an error of the schema.
  template <class Interface>
  Type& implements() {
    parts_->interfaces.push_back(&detail::named_output<AnyOf<Interface>>);
    return *this;
  }
  // Asked before each of its fields is resolved.
  Type& permit(Permission permission) {
    detail::add_permissions<T>(parts_->permissions, {std::move(permission)});
    return *this;
  }

 private:
  template <class Member>
  [[nodiscard]] static std::string_view name_of(Member T::* member) {
    return member_names<T>[detail::place_of(member)];
  }
  // Of those that are members.
  [[nodiscard]] detail::FieldParts* find(std::string_view member) {
    for (detail::FieldParts& parts : parts_->fields)
      if (parts.code->member() == member) return &parts;
    return nullptr;
  }
  void add(detail::FieldParts field) {
    std::erase_if(parts_->fields, [&](const detail::FieldParts& other) {
      return !other.code->member().empty() && other.name.text == field.name.text;
    });
    parts_->fields.push_back(std::move(field));
  }

  detail::TypeParts* parts_;
};

// An enumeration while it is put together. Its values' names are those that they have in JSON, too (model/enums.hpp).
//   schema.enumeration<Genre>().value(Genre::novel, {.description = "Long", .deprecation_reason = "Say prose"});
template <Enumeration E>
class EnumType {
 public:
  explicit EnumType(detail::TypeParts& parts) noexcept : parts_(&parts) {}

  EnumType& describe(std::string description) {
    parts_->description = std::move(description);
    return *this;
  }
  EnumType& rename(std::string name) {
    parts_->name = std::move(name);
    return *this;
  }
  EnumType& value(E value, ValueOptions options) {
    const std::string_view name = enum_text(value);
    for (detail::ValueParts& parts : parts_->values) {
      if (parts.name != name) continue;
      parts.description = std::move(options.description);
      parts.deprecation_reason = std::move(options.deprecation_reason);
    }
    return *this;
  }

 private:
  detail::TypeParts* parts_;
};

// An input object while it is put together.
template <class T>
class InputType {
 public:
  explicit InputType(detail::TypeParts& parts) noexcept : parts_(&parts) {}

  InputType& describe(std::string description) {
    parts_->description = std::move(description);
    return *this;
  }
  InputType& rename(std::string name) {
    parts_->name = std::move(name);
    return *this;
  }
  template <class Member>
  InputType& field(Member T::* member, InputOptions options) {
    detail::InputParts& parts = parts_->input_fields[detail::place_of(member)];
    if (!options.name.empty()) parts.name = {.text = std::move(options.name), .stays = true};
    if (!options.description.empty()) parts.description = std::move(options.description);
    if (options.deprecation_reason) parts.deprecation_reason = std::move(options.deprecation_reason);
    return *this;
  }
  // Exactly one of its members is given, and not as null (@oneOf). All are std::optional or Maybe.
  InputType& one_of() {
    parts_->is_one_of = true;
    return *this;
  }

 private:
  detail::TypeParts* parts_;
};

namespace detail {

template <class T>
void describe_object(TypeParts& parts) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    [[maybe_unused]] const auto add = [&]<std::size_t Member>() {
      constexpr const Constraints& rules = bailey::detail::member_constraints<T>[Member];
      if constexpr (!rules.is_secret && shape_of<MemberType<T, Member>> != Shape::secret) {
        parts.fields.push_back({.name = {.text = std::string(wire_names<T>[Member])},
                                .description = std::string(rules.description),
                                .deprecation_reason = rules.is_deprecated
                                                          ? std::optional<std::string>("No longer supported")
                                                          : std::nullopt,
                                .type = output_use<MemberType<T, Member>>(),
                                .code = make_shared_as<FieldCode, MemberField<T, Member>>()});
      }
    };
    (add.template operator()<I>(), ...);
  }(std::make_index_sequence<member_count<T>>{});
  if constexpr (requires(Type<T>& type) { T::graphql(type); }) {
    Type<T> type(parts);
    T::graphql(type);
  }
}

template <class T>
void describe_input(TypeParts& parts) {
  const T initial{};
  for_each_member(initial, [&]<std::size_t I>(const auto& member) {
    constexpr const Constraints& rules = bailey::detail::member_constraints<T>[I];
    using Member = MemberType<T, I>;
    InputParts input{.name = {.text = std::string(wire_names<T>[I])},
                     .source_name = std::string(wire_names<T>[I]),
                     .description = std::string(rules.description),
                     .type = input_use<Member>()};
    if (rules.is_deprecated) input.deprecation_reason = "No longer supported";
    if constexpr (rules.is_defaulted) input.default_json = encode(member);
    parts.input_fields.push_back(std::move(input));
  });
  if constexpr (requires(InputType<T>& type) { T::graphql(type); }) {
    InputType<T> type(parts);
    T::graphql(type);
  }
}

}  // namespace detail
}  // namespace bailey::graphql
