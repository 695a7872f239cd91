#pragma once

#include <bailey/http/response.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/reflect.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/model/shape.hpp>
#include <bailey/web/results.hpp>
#include <bailey/web/route_info.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

// Results that say less than their model: some of its members, all but some, or those that have a value. Of a model, a
// list of them or an optional one.
//
//   app.get("/users", []() -> Task<Except<std::vector<User>, &User::password_hash>> { … co_return users; });
namespace bailey {

namespace web_detail {

// Whether it points to a member of a T itself. One of another struct may have the same name, and says nothing of a T.
template <class T, class Pointer>
inline constexpr bool is_of_struct = false;
template <class T, class Member>
  requires std::is_object_v<Member>
inline constexpr bool is_of_struct<T, Member T::*> = true;

// What pointers to members of a T name.
template <class T, auto... Members>
struct NamedMembers {
  static_assert((is_of_struct<T, decltype(Members)> && ...),
                "Only and Except name members of the struct that they are of: &Account::id of an Account, a list of "
                "them or an optional one.");
  template <std::size_t I>
  static constexpr bool has = ((detail::last_identifier(detail::spell<Members>()) == member_names<T>[I]) || ...);
};

template <class T, class Keeps>
void write_some(const T& value, std::string& out) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::model) {
    out.push_back('{');
    for_each_member(value, [&]<std::size_t I>(const auto& member) {
      if constexpr (Keeps::template keeps<I>) {
        if constexpr (shape_of<std::remove_cvref_t<decltype(member)>> == Shape::maybe) {
          if (member.is_missing()) return;
        }
        out.append(detail::member_key<T, I>.data(), detail::member_key<T, I>.size());
        if constexpr (detail::member_constraints<T>[I].is_secret)
          out.append(detail::redacted);
        else
          encode(member, out);
        out.push_back(',');
      }
    });
    detail::close(out, '}');
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    out.push_back('[');
    for (const auto& item : value) {
      write_some<ElementOf<T>, Keeps>(item, out);
      out.push_back(',');
    }
    detail::close(out, ']');
  } else if (value) {
    write_some<ElementOf<T>, Keeps>(*value, out);
  } else {
    out.append("null");
  }
}

// Of a secret it says what is sent, asterisks, which keep none of its rules.
template <class T, std::size_t I>
json::object member_schema_of_answer(SchemaDefinitions& definitions) {
  using Member = MemberType<T, I>;
  constexpr const Constraints& constraints = detail::member_constraints<T>[I];
  if constexpr (constraints.is_secret || detail::holds_secret<Member>) {
    json::object result = constraints.is_secret ? detail::typed("string", "password") : schema<Member>(definitions);
    detail::add_remarks(result, constraints);
    return result;
  } else {
    return schema<Member>(definitions, constraints);
  }
}

template <class T, class Keeps>
json::object some_schema(SchemaDefinitions& definitions) {
  if constexpr (shape_of<T> == Shape::model) {
    json::object properties;
    json::array required;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (
          [&] {
            if constexpr (Keeps::template keeps<I>) {
              properties[wire_names<T>[I]] = member_schema_of_answer<T, I>(definitions);
              if (shape_of<MemberType<T, I>> != Shape::maybe) required.emplace_back(wire_names<T>[I]);
            }
          }(),
          ...);
    }(std::make_index_sequence<member_count<T>>{});
    return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
  } else if constexpr (shape_of<T> == Shape::list || shape_of<T> == Shape::array) {
    return {{"type", "array"}, {"items", some_schema<ElementOf<T>, Keeps>(definitions)}};
  } else {
    return {{"anyOf", json::array{some_schema<ElementOf<T>, Keeps>(definitions), json::object{{"type", "null"}}}}};
  }
}

// What the result is a model of.
template <class T>
consteval auto projected_model() {
  if constexpr (shape_of<T> == Shape::model) {
    return std::type_identity<T>{};
  } else {
    static_assert(shape_of<T> == Shape::list || shape_of<T> == Shape::array || shape_of<T> == Shape::optional,
                  "Only and Except are of a struct, a list of structs or an optional one.");
    return projected_model<ElementOf<T>>();
  }
}
template <class T>
using ProjectedModel = typename decltype(projected_model<T>())::type;

template <class T, class Keeps>
class Projection {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `co_return users;` is the point
  Projection(T value) : value_(std::move(value)) {}

  [[nodiscard]] const T& value() const noexcept { return value_; }
  [[nodiscard]] http::Response respond(int status) && {
    std::string body;
    write_some<T, Keeps>(value_, body);
    return http::Response::json(status == 0 ? 200 : status, std::move(body));
  }
  static void describe(RouteInfo& route) { route.set_success(200, &some_schema<T, Keeps>); }

 private:
  T value_;
};

template <class T, auto... Members>
struct KeepsOnly {
  template <std::size_t I>
  static constexpr bool keeps = NamedMembers<T, Members...>::template has<I>;
};
template <class T, auto... Members>
struct KeepsOthers {
  template <std::size_t I>
  static constexpr bool keeps = !NamedMembers<T, Members...>::template has<I>;
};

// The schema of a value without what is null in it: of the models that `schema` refers to, each whose members may be
// null is defined again, under a name of its own, as one that requires none of these.
[[nodiscard]] json::object leave_out_nulls(SchemaDefinitions& definitions, json::object schema);

template <class T>
json::object schema_without_nulls(SchemaDefinitions& definitions) {
  return leave_out_nulls(definitions, schema<T>(definitions));
}

// A value without what is null in it, at any depth: members are left out, items of lists stay.
template <class T>
void write_without_nulls(const T& value, std::string& out) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::model) {
    out.push_back('{');
    for_each_member(value, [&]<std::size_t I>(const auto& member) {
      using Member = std::remove_cvref_t<decltype(member)>;
      if constexpr (shape_of<Member> == Shape::maybe) {
        if (!member.has_value()) return;
      } else if constexpr (shape_of<Member> == Shape::optional) {
        if (!member) return;
      }
      out.append(detail::member_key<T, I>.data(), detail::member_key<T, I>.size());
      if constexpr (detail::member_constraints<T>[I].is_secret)
        out.append(detail::redacted);
      else
        write_without_nulls(member, out);
      out.push_back(',');
    });
    detail::close(out, '}');
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    out.push_back('[');
    for (const auto& item : value) {
      write_without_nulls<ElementOf<T>>(item, out);
      out.push_back(',');
    }
    detail::close(out, ']');
  } else if constexpr (shape == Shape::map) {
    out.push_back('{');
    for (const auto& [key, member] : value) {
      append_json_string(out, key);
      out.push_back(':');
      write_without_nulls(member, out);
      out.push_back(',');
    }
    detail::close(out, '}');
  } else if constexpr (shape == Shape::variant) {
    std::visit([&](const auto& alternative) { write_without_nulls(alternative, out); }, value);
  } else if constexpr (is_nullable<T>) {
    if (detail::has_element(value))
      write_without_nulls(*value, out);
    else
      out.append("null");
  } else {
    encode(value, out);
  }
}

}  // namespace web_detail

// These members alone: Only<Card, &Card::id, &Card::full_name>.
template <class T, auto... Members>
class Only : public web_detail::Projection<T, web_detail::KeepsOnly<web_detail::ProjectedModel<T>, Members...>> {
 public:
  using web_detail::Projection<T, web_detail::KeepsOnly<web_detail::ProjectedModel<T>, Members...>>::Projection;
};

// All members but these.
template <class T, auto... Members>
class Except : public web_detail::Projection<T, web_detail::KeepsOthers<web_detail::ProjectedModel<T>, Members...>> {
 public:
  using web_detail::Projection<T, web_detail::KeepsOthers<web_detail::ProjectedModel<T>, Members...>>::Projection;
};

// Without the members that are null, at any depth; items of lists stay. In the document it is a T none of whose members
// that may be null is required ("CardWithoutNulls").
template <class T>
class WithoutNulls {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `co_return card;` is the point
  WithoutNulls(T value) : value_(std::move(value)) {}

  [[nodiscard]] const T& value() const noexcept { return value_; }
  [[nodiscard]] http::Response respond(int status) && {
    std::string body;
    web_detail::write_without_nulls(value_, body);
    return http::Response::json(status == 0 ? 200 : status, std::move(body));
  }
  static void describe(RouteInfo& route) { route.set_success(200, &web_detail::schema_without_nulls<T>); }

 private:
  T value_;
};

}  // namespace bailey
