// OverlappingFieldsCanBeMerged (specification, 5.3.2): fields of one response key must be the same field, with the same
// arguments, and of types that fit into one answer.
#pragma once

#include <graphql/validation/context.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bailey::graphql {

class OverlappingFields {
 public:
  explicit OverlappingFields(ValidationContext& context) : context_(context) {}

  // For each selection set but those of inline fragments, which are part of the one around them.
  void check(const SelectionSet& set, const NamedType* parent);

 private:
  struct Entry {
    const NamedType* parent;
    const Field* field;
    const FieldDefinition* definition;
  };
  struct Group {
    std::string_view key;
    std::vector<Entry> entries;
  };
  // The fields of a selection set by their response key, and the fragments that it spreads; in their order.
  struct Collected {
    std::vector<Group> groups;
    std::unordered_map<std::string_view, std::uint32_t> by_key;
    std::vector<FragmentId> fragments;
    std::unordered_set<FragmentId> spread;               // the same, to find them
    std::unordered_map<FragmentId, bool> compared_with;  // these fragments; true: only as exclusive
  };
  struct Conflict {
    std::string_view key;
    std::string reason;
    std::vector<Offset> places, other_places;
  };
  using Conflicts = std::vector<Conflict>;

  Collected& collect(const SelectionSet& set, const NamedType* parent);
  void collect_into(Collected& collected, const SelectionSet& set, const NamedType* parent);
  Collected& collect_fragment(FragmentId id);
  void within(Conflicts& conflicts, const Collected& collected);
  void between(Conflicts& conflicts, bool exclusive, const Collected& one, const Collected& other);
  void between_fields_and_fragment(Conflicts& conflicts, bool exclusive, Collected& fields, FragmentId fragment);
  void between_fragments(Conflicts& conflicts, bool exclusive, FragmentId one, FragmentId other);
  Conflicts between_selections(bool exclusive, const Entry& one, const Entry& other);
  std::optional<Conflict> compare(bool exclusive, std::string_view key, const Entry& one, const Entry& other);
  bool same_arguments(const Field& one, const Field& other);
  bool same_value(const Value& one, const Value& other);
  bool types_conflict(TypeRef one, TypeRef other) const;
  bool spend(std::size_t steps);

  ValidationContext& context_;
  std::unordered_map<const SelectionSet*, std::unique_ptr<Collected>> collected_;
  std::unordered_map<std::uint64_t, bool> compared_fragments_;  // pairs; true: only as exclusive
  std::size_t steps_ = 0;
  int depth_ = 0;
  bool exhausted_ = false;
};

}  // namespace bailey::graphql
