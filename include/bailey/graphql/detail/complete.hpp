#pragma once

#include <bailey/graphql/any_of.hpp>
#include <bailey/graphql/detail/run.hpp>
#include <bailey/model/detail/write.hpp>
#include <bailey/model/shape.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <variant>

// How a resolved value is written as what was selected of it (CompleteValue, section 6.4.3), by its C++ type.
namespace bailey::graphql::detail {

using bailey::detail::has_element;

template <class T>
inline constexpr bool is_any_of = false;
template <class Interface>
inline constexpr bool is_any_of<AnyOf<Interface>> = true;

// What a JSON scalar is in the schema: no more is known of it.
template <class T>
inline constexpr bool is_json = shape_of<T> == Shape::json_value || shape_of<T> == Shape::json_object ||
                                shape_of<T> == Shape::json_array || shape_of<T> == Shape::map;

// Whether null is one of its values: what is any JSON may be null, too.
template <class T>
inline constexpr bool can_be_null = is_nullable<T> || shape_of<T> == Shape::null || shape_of<T> == Shape::json_value;

template <class T>
inline constexpr bool is_object = shape_of<T> == Shape::model && !is_any_of<T>;

// Whether it is written as a whole: a scalar or an enumeration.
template <class T>
inline constexpr bool is_leaf =
    is_json<T> || (shape_of<T> != Shape::model && shape_of<T> != Shape::variant && shape_of<T> != Shape::list &&
                   shape_of<T> != Shape::array && !is_nullable<T> && !is_any_of<T>);

// Whether to write one can fail: by a value that has no form.
template <class T>
inline constexpr bool may_fail =
    shape_of<T> == Shape::real || shape_of<T> == Shape::enumeration || shape_of<T> == Shape::coded;

template <class T>
bool complete_leaf(Run& run, const T& value, [[maybe_unused]] const PlannedField& field,
                   [[maybe_unused]] const Path& path) {
  if constexpr (shape_of<T> == Shape::real) {
    if (!std::isfinite(value)) {
      run.fail(field, path, "Float cannot represent a value that is no finite number");
      return false;
    }
  }
  if constexpr (may_fail<T>) {
    const std::size_t begin = run.out().size();
    try {
      bailey::detail::write(value, run.out());
    } catch (...) {
      run.out().resize(begin);
      run.fail(field, path);
      return false;
    }
  } else {
    bailey::detail::write(value, run.out());
  }
  return true;
}

// False: it is null where none may be, and the error has been noted. Of a nullable type it is always true.
template <class T>
bool complete(Run& run, const T& value, const PlannedField& field, const Path& path) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (is_any_of<T>) {
    if (const ObjectPlan* plan = field.selection.find(value.type())) {
      return run.write_object(*plan, value.object(), path);
    }
    run.fail_type(field, path);
    return false;
  } else if constexpr (is_leaf<T>) {
    return complete_leaf(run, value, field, path);
  } else if constexpr (is_nullable<T>) {
    if (!has_element(value)) {
      run.out().append("null");
    } else if constexpr (is_leaf<ElementOf<T>>) {
      if (!complete_leaf<ElementOf<T>>(run, *value, field, path)) run.out().append("null");
    } else if (!field.suspends_below) {
      const std::size_t begin = run.out().size();
      if (!complete<ElementOf<T>>(run, *value, field, path)) {
        run.out().resize(begin);
        run.out().append("null");
      }
    } else {
      const Mark mark = run.mark();
      if (complete<ElementOf<T>>(run, *value, field, path)) {
        run.close(mark);
      } else {
        run.nullify(mark);
      }
    }
    return true;
  } else if constexpr (shape == Shape::list || shape == Shape::array) {
    run.out().push_back('[');
    std::size_t index = 0;
    for (const auto& item : value) {
      if (index > 0) run.out().push_back(',');
      if (!complete<ElementOf<T>>(run, item, field, Path{.up = &path, .index = index})) return false;
      ++index;
    }
    run.out().push_back(']');
    return true;
  } else if constexpr (shape == Shape::variant) {
    return std::visit([&](const auto& alternative) { return complete(run, alternative, field, path); }, value);
  } else {
    static_assert(is_object<T>, "This type is none of a GraphQL schema's: see docs/graphql.md for those that are.");
    return run.write_object(*field.selection.find(type_key<T>), &value, path);
  }
}

}  // namespace bailey::graphql::detail
