// A parsed GraphQL document (specification of October 2021, section 2, with the one-of and the descriptions of
// operations that came after it). Its nodes lie in the document's own arena and point into its own copy of the text:
// nothing is allocated a node at a time, and all of it goes at once. A node is valid as long as its document, and never
// changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

// Where something begins in the text of a document, in bytes from its start.
using Offset = std::uint32_t;

// As errors show it: both count from 1, a column in UTF-16 code units, as graphql-js counts it.
struct Location {
  std::uint32_t line = 1, column = 1;
  friend bool operator==(const Location&, const Location&) = default;
};

struct Name {
  std::string_view text;
  Offset at = 0;
};

struct ObjectField;

struct Value {
  enum class Kind : std::uint8_t { variable, integer, real, string, boolean, null, enumeration, list, object };
  Kind kind = Kind::null;
  bool is_block = false;  // of a string: """…"""
  bool is_true = false;   // of a boolean
  Offset at = 0;
  // The variable's name without its $; the number as it is written; the string with its escapes undone; the
  // enumeration's value.
  std::string_view text{};
  std::span<const Value> items{};         // of a list
  std::span<const ObjectField> fields{};  // of an object, as written: a name may stand in it twice
};

struct ObjectField {
  Name name;
  Value value;
};

struct Argument {
  Name name;
  Value value;
};

struct Directive {
  Name name;  // without its @
  Offset at = 0;
  std::span<const Argument> arguments{};
};

// A type as a document names it. The wrappers are those of TypeRef (types.hpp), outermost first.
struct TypeNode {
  enum class Kind : std::uint8_t { named, list, non_null };
  Kind kind = Kind::named;
  Offset at = 0;
  std::string_view name{};       // of a named one
  const TypeNode* of = nullptr;  // of the others
};

struct Field;
struct FragmentSpread;
struct InlineFragment;

// One of a selection set: exactly one of the three is not null.
struct Selection {
  const Field* field = nullptr;
  const FragmentSpread* spread = nullptr;
  const InlineFragment* inline_fragment = nullptr;
};

struct SelectionSet {
  Offset at = 0;
  std::span<const Selection> selections{};
};

struct Field {
  Name alias{};  // its text is empty where there is none
  Name name{};
  Offset at = 0;
  std::span<const Argument> arguments{};
  std::span<const Directive> directives{};
  const SelectionSet* selection_set = nullptr;
  [[nodiscard]] std::string_view response_key() const noexcept { return alias.text.empty() ? name.text : alias.text; }
};

struct FragmentSpread {
  Name name{};
  Offset at = 0;
  std::span<const Directive> directives{};
};

struct InlineFragment {
  Name type_condition{};  // its text is empty where there is none
  Offset at = 0;
  std::span<const Directive> directives{};
  const SelectionSet* selection_set = nullptr;
};

struct VariableDefinition {
  Name name{};  // without its $
  Offset at = 0;
  const TypeNode* type = nullptr;
  const Value* default_value = nullptr;  // null where there is none
  std::span<const Directive> directives{};
  const Value* description = nullptr;  // a string; null where there is none
};

enum class OperationKind : std::uint8_t { query, mutation, subscription };
[[nodiscard]] std::string_view to_string(OperationKind kind) noexcept;

struct OperationDefinition {
  OperationKind kind = OperationKind::query;
  Name name{};  // its text is empty where it has none
  Offset at = 0;
  std::span<const VariableDefinition> variables{};
  std::span<const Directive> directives{};
  const SelectionSet* selection_set = nullptr;
  const Value* description = nullptr;
};

struct FragmentDefinition {
  Name name{};
  Name type_condition{};
  Offset at = 0;
  std::span<const Directive> directives{};
  const SelectionSet* selection_set = nullptr;
  const Value* description = nullptr;
};

// A definition of the type system. A document that is executed may hold none, which validation says; they are read
// (section 3) so that it can say so, and so that a schema can be read from its text.
struct TypeSystemDefinition;

// One of a document's definitions, in their order: exactly one of the three is not null.
struct Definition {
  const OperationDefinition* operation = nullptr;
  const FragmentDefinition* fragment = nullptr;
  const TypeSystemDefinition* type_system = nullptr;
};

// Memory from the heap, counted.
class CountedMemory final : public std::pmr::memory_resource {
 public:
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* const memory = std::pmr::new_delete_resource()->allocate(bytes, alignment);
    bytes_ += bytes;
    return memory;
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
    bytes_ -= bytes;
  }
  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::size_t bytes_ = 0;
};

class Document {
 public:
  explicit Document(std::string text);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document() = default;

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::span<const Definition> definitions() const noexcept { return definitions_; }
  // Of its text and its nodes, which may be twenty times that.
  [[nodiscard]] std::size_t size_in_memory() const noexcept { return text_.capacity() + memory_.bytes(); }
  [[nodiscard]] Location location(Offset offset) const;
  // The same of many, which takes one walk over the text.
  [[nodiscard]] std::vector<Location> locations(std::span<const Offset> offsets) const;

 private:
  friend class Parser;
  std::string text_;
  CountedMemory memory_;
  std::pmr::monotonic_buffer_resource arena_{&memory_};
  std::span<const Definition> definitions_;
};

}  // namespace bailey::graphql
