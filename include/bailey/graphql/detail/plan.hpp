#pragma once

#include <bailey/web/state.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {

struct Field;            // of a document
struct FieldDefinition;  // of the type system
using TypeId = std::uint32_t;

namespace detail {

using web_detail::type_key;
using web_detail::TypeKey;

class FieldCode;
struct ObjectPlan;

// What an operation selects on a value, worked out before it is executed: by what the value turns out to be.
struct SelectionPlan {
  struct Choice {
    TypeKey type = nullptr;  // the C++ type of the object
    const ObjectPlan* plan = nullptr;
  };
  std::vector<Choice> choices{};  // of an object one, else all that it can be

  // Null where the value cannot be of that type.
  [[nodiscard]] const ObjectPlan* find(TypeKey type) const noexcept {
    for (const Choice& choice : choices)
      if (choice.type == type) return choice.plan;
    return nullptr;
  }
};

// One field of an object: all that have its response key, merged.
struct PlannedField {
  // What stands before the value: `{"name":` of the first, `,"name":` of the others. Of a __typename the value, too.
  std::string text{};
  std::string_view response_key{};
  const FieldDefinition* definition = nullptr;
  const FieldCode* code = nullptr;  // null: the text is all there is to write
  std::vector<const Field*> nodes{};
  SelectionPlan selection{};    // of a composite type
  std::uint32_t arguments = 0;  // which place they have among those of the plan
  bool has_arguments = false;   // whether its definition has any
  bool suspends_below = false;  // whether something beneath it may be resolved later
};

// What is selected on an object of one type.
struct ObjectPlan {
  TypeId type = 0;
  std::vector<PlannedField> fields{};
  bool suspends = false;  // whether a field of it, or beneath one, may be resolved later
};

// A place in a response. On the stack; what is resolved later gets a copy that lives on.
struct Path {
  const Path* up = nullptr;
  std::string_view key{};  // empty: the index, since no key is
  std::size_t index = 0;
};

}  // namespace detail
}  // namespace bailey::graphql
