// The algorithm compares fields of one key within a selection set, then the set's fields with those of each fragment
// that it spreads, then the fragments with each other. What has been compared is not compared again: a selection set
// and a fragment once, two fragments once (or twice, where the first time they could not apply to one object). That
// keeps documents as people write them near to linear. It does not keep those of an attacker there (ten thousand times
// the same field are fifty million pairs), so each comparison is counted, and a document that needs more than
// max_field_comparisons is refused. Fragments are followed with lists of our own; only fields in fields recur.
#include <graphql/validation/overlapping_fields.hpp>

#include <algorithm>

namespace bailey::graphql {

namespace {

constexpr std::string_view rule = "OverlappingFieldsCanBeMerged";
constexpr std::size_t most_text = 1000;
constexpr std::size_t most_places = 20;
constexpr std::size_t steps_of_conflict = 50;
// Fields in fields, through fragments: no operation within its bounds gets near, and the stack has room for it.
constexpr int most_depth = 300;

std::string short_text(std::string text) {
  if (text.size() <= most_text) return text;
  std::size_t end = most_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// With the field itself in front, as many of the conflicts' places as are shown.
void add_places(std::vector<Offset>& places, const std::vector<Offset>& more) {
  const std::size_t room = most_places - std::min(places.size(), most_places);
  // The innermost stand at the end.
  places.insert(places.end(), more.end() - static_cast<std::ptrdiff_t>(std::min(room, more.size())), more.end());
}

}  // namespace

bool OverlappingFields::spend(std::size_t steps) {
  if (exhausted_) return false;
  steps_ += steps;
  if (steps_ <= context_.options.max_field_comparisons) return true;
  exhausted_ = true;
  context_.report(rule, "The document selects too many fields of the same names to be compared.", {});
  return false;
}

void OverlappingFields::check(const SelectionSet& set, const NamedType* parent) {
  if (exhausted_ || context_.is_full()) return;
  if (set.selections.size() < 2 && (set.selections.empty() || set.selections[0].inline_fragment == nullptr)) return;
  Collected& collected = collect(set, parent);
  Conflicts conflicts;
  within(conflicts, collected);
  for (std::size_t i = 0; i < collected.fragments.size() && !exhausted_; ++i) {
    between_fields_and_fragment(conflicts, false, collected, collected.fragments[i]);
    for (std::size_t j = i + 1; j < collected.fragments.size() && !exhausted_; ++j)
      between_fragments(conflicts, false, collected.fragments[i], collected.fragments[j]);
  }
  for (Conflict& conflict : conflicts) {
    std::vector<Offset> places = std::move(conflict.places);
    places.insert(places.end(), conflict.other_places.begin(), conflict.other_places.end());
    context_.report(rule,
                    "Fields " + in_quotes(short_text(std::string(conflict.key))) + " conflict because " +
                        conflict.reason +
                        ". Use different aliases on the fields to fetch both if this was intentional.",
                    places);
  }
}

OverlappingFields::Collected& OverlappingFields::collect(const SelectionSet& set, const NamedType* parent) {
  std::unique_ptr<Collected>& collected = collected_[&set];
  if (!collected) {
    collected = std::make_unique<Collected>();
    collect_into(*collected, set, parent);
  }
  return *collected;
}

void OverlappingFields::collect_into(Collected& collected, const SelectionSet& set, const NamedType* parent) {
  for (const Selection& selection : set.selections) {
    if (selection.field != nullptr) {
      const Field& field = *selection.field;
      const auto [place, is_new] =
          collected.by_key.try_emplace(field.response_key(), static_cast<std::uint32_t>(collected.groups.size()));
      if (is_new) collected.groups.push_back({.key = place->first, .entries = {}});
      collected.groups[place->second].entries.push_back(
          {parent, &field, parent == nullptr ? nullptr : parent->field(field.name.text)});
    } else if (selection.spread != nullptr) {
      const FragmentId id = context_.fragment(selection.spread->name.text);
      if (id != no_fragment && collected.spread.insert(id).second) collected.fragments.push_back(id);
    } else {
      const InlineFragment& inline_fragment = *selection.inline_fragment;
      const std::string_view condition = inline_fragment.type_condition.text;
      collect_into(collected, *inline_fragment.selection_set,
                   condition.empty() ? parent : context_.types.find(condition));
    }
  }
}

OverlappingFields::Collected& OverlappingFields::collect_fragment(FragmentId id) {
  return collect(context_.fragments[id].selection_set(), context_.fragment_type(id));
}

void OverlappingFields::within(Conflicts& conflicts, const Collected& collected) {
  for (const Group& group : collected.groups)
    for (std::size_t i = 0; i < group.entries.size(); ++i)
      for (std::size_t j = i + 1; j < group.entries.size(); ++j) {
        if (std::optional<Conflict> found = compare(false, group.key, group.entries[i], group.entries[j]))
          conflicts.push_back(std::move(*found));
        if (exhausted_) return;
      }
}

void OverlappingFields::between(Conflicts& conflicts, bool exclusive, const Collected& one, const Collected& other) {
  if (other.groups.empty() || !spend(one.groups.size())) return;
  for (const Group& group : one.groups) {
    const auto found = other.by_key.find(group.key);
    if (found == other.by_key.end()) continue;
    for (const Entry& entry : group.entries)
      for (const Entry& opposite : other.groups[found->second].entries) {
        if (std::optional<Conflict> conflict = compare(exclusive, group.key, entry, opposite))
          conflicts.push_back(std::move(*conflict));
        if (exhausted_) return;
      }
  }
}

void OverlappingFields::between_fields_and_fragment(Conflicts& conflicts, bool exclusive, Collected& fields,
                                                    FragmentId fragment) {
  if (fields.groups.empty()) return;
  std::vector<FragmentId> open = {fragment};
  while (!open.empty()) {
    const FragmentId id = open.back();
    open.pop_back();
    if (!spend(1)) return;
    const auto [known, is_new] = fields.compared_with.try_emplace(id, exclusive);
    if (!is_new) {
      if (!known->second || exclusive) continue;
      known->second = false;
    }
    Collected& other = collect_fragment(id);
    if (&other == &fields) continue;
    between(conflicts, exclusive, fields, other);
    open.insert(open.end(), other.fragments.rbegin(), other.fragments.rend());
  }
}

void OverlappingFields::between_fragments(Conflicts& conflicts, bool exclusive, FragmentId first, FragmentId second) {
  std::vector<std::pair<FragmentId, FragmentId>> open = {{first, second}};
  while (!open.empty()) {
    const auto [one, other] = open.back();
    open.pop_back();
    if (!spend(2)) return;
    if (one == other) continue;
    const std::uint64_t pair = std::uint64_t(std::min(one, other)) << 32 | std::max(one, other);
    const auto [known, is_new] = compared_fragments_.try_emplace(pair, exclusive);
    if (!is_new) {
      if (!known->second || exclusive) continue;
      known->second = false;
    }
    const Collected& fields = collect_fragment(one);
    const Collected& other_fields = collect_fragment(other);
    between(conflicts, exclusive, fields, other_fields);
    for (auto next = fields.fragments.rbegin(); next != fields.fragments.rend(); ++next)
      open.emplace_back(*next, other);
    for (auto next = other_fields.fragments.rbegin(); next != other_fields.fragments.rend(); ++next)
      open.emplace_back(one, *next);
  }
}

OverlappingFields::Conflicts OverlappingFields::between_selections(bool exclusive, const Entry& one,
                                                                   const Entry& other) {
  const auto type_of = [&](const Entry& entry) {
    return entry.definition == nullptr ? nullptr : &context_.types.type(entry.definition->type);
  };
  Conflicts conflicts;
  Collected& fields = collect(*one.field->selection_set, type_of(one));
  Collected& other_fields = collect(*other.field->selection_set, type_of(other));
  between(conflicts, exclusive, fields, other_fields);
  for (const FragmentId id : other_fields.fragments) between_fields_and_fragment(conflicts, exclusive, fields, id);
  for (const FragmentId id : fields.fragments) between_fields_and_fragment(conflicts, exclusive, other_fields, id);
  for (const FragmentId id : fields.fragments)
    for (const FragmentId other_id : other_fields.fragments) {
      if (exhausted_) return conflicts;
      between_fragments(conflicts, exclusive, id, other_id);
    }
  return conflicts;
}

std::optional<OverlappingFields::Conflict> OverlappingFields::compare(bool exclusive, std::string_view key,
                                                                      const Entry& one, const Entry& other) {
  if (!spend(2)) return std::nullopt;
  const Field &field = *one.field, &other_field = *other.field;
  const auto conflict = [&](std::string reason) {
    // Also a step in memory: of many conflicts only the first few are told.
    spend(steps_of_conflict);
    return Conflict{.key = key, .reason = std::move(reason), .places = {field.at}, .other_places = {other_field.at}};
  };
  // Two objects of different types are never the same object, so that only the shapes of their answers must fit.
  exclusive = exclusive || (one.parent != other.parent && one.parent != nullptr && other.parent != nullptr &&
                            one.parent->kind == TypeKind::object && other.parent->kind == TypeKind::object);
  if (!exclusive) {
    if (field.name.text != other_field.name.text)
      return conflict(in_quotes(short_text(std::string(field.name.text))) + " and " +
                      in_quotes(short_text(std::string(other_field.name.text))) + " are different fields");
    if (!same_arguments(field, other_field)) return conflict("they have differing arguments");
  }
  if (one.definition != nullptr && other.definition != nullptr &&
      types_conflict(one.definition->type, other.definition->type))
    return conflict("they return conflicting types " + in_quotes(context_.types.to_string(one.definition->type)) +
                    " and " + in_quotes(context_.types.to_string(other.definition->type)));
  if (field.selection_set == nullptr || other_field.selection_set == nullptr) return std::nullopt;

  if (depth_ >= most_depth) {
    spend(context_.options.max_field_comparisons);
    return std::nullopt;
  }
  ++depth_;
  const Conflicts below = between_selections(exclusive, one, other);
  --depth_;
  if (below.empty()) return std::nullopt;
  Conflict whole = conflict({});
  for (const Conflict& inner : below) {
    if (whole.reason.size() <= most_text) {
      if (!whole.reason.empty()) whole.reason += " and ";
      whole.reason +=
          "subfields " + in_quotes(short_text(std::string(inner.key))) + " conflict because " + inner.reason;
    }
    add_places(whole.places, inner.places);
    add_places(whole.other_places, inner.other_places);
  }
  whole.reason = short_text(std::move(whole.reason));
  return whole;
}

bool OverlappingFields::same_arguments(const Field& one, const Field& other) {
  if (one.arguments.size() != other.arguments.size()) return false;
  return std::ranges::all_of(one.arguments, [&](const Argument& argument) {
    const auto found = std::ranges::find(other.arguments, argument.name.text,
                                         [](const Argument& candidate) { return candidate.name.text; });
    // A search costs what it passes.
    return spend(1 + static_cast<std::size_t>(found - other.arguments.begin())) && found != other.arguments.end() &&
           same_value(argument.value, found->value);
  });
}

bool OverlappingFields::same_value(const Value& one, const Value& other) {
  if (!spend(1) || one.kind != other.kind) return false;
  switch (one.kind) {
    case Value::Kind::null: return true;
    case Value::Kind::boolean: return one.is_true == other.is_true;
    case Value::Kind::string: return one.text == other.text && one.is_block == other.is_block;
    case Value::Kind::list:
      return std::ranges::equal(one.items, other.items,
                                [&](const Value& a, const Value& b) { return same_value(a, b); });
    case Value::Kind::object: {
      if (one.fields.size() != other.fields.size() || !spend(2 * one.fields.size())) return false;
      // The order of an object's fields does not matter.
      const auto sorted = [](const Value& value) {
        std::vector<const ObjectField*> fields;
        for (const ObjectField& field : value.fields) fields.push_back(&field);
        std::ranges::sort(fields, [](const ObjectField* a, const ObjectField* b) {
          return a->name.text != b->name.text ? a->name.text < b->name.text : a->name.at < b->name.at;
        });
        return fields;
      };
      return std::ranges::equal(sorted(one), sorted(other), [&](const ObjectField* a, const ObjectField* b) {
        return a->name.text == b->name.text && same_value(a->value, b->value);
      });
    }
    default: return one.text == other.text;
  }
}

bool OverlappingFields::types_conflict(TypeRef one, TypeRef other) const {
  if (one.wrappers != other.wrappers) return true;
  if (one.named == other.named) return false;
  return context_.types.type(one).is_leaf() || context_.types.type(other).is_leaf();
}

}  // namespace bailey::graphql
