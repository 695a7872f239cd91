// Rules of fragments (specification, 5.5). A chain of fragments can be as long as the document, so that nothing here
// follows one by recursion.
#include <graphql/validation/rules.hpp>

#include <algorithm>
#include <unordered_set>

namespace bailey::graphql {

namespace {

// The spreads in a selection set and in those within it, a set after the other, the last that was met next: the order
// in which the cycles below are looked for.
std::vector<const FragmentSpread*> spreads_of(const SelectionSet& set) {
  std::vector<const FragmentSpread*> spreads;
  std::vector<const SelectionSet*> open = {&set};
  while (!open.empty()) {
    const SelectionSet& next = *open.back();
    open.pop_back();
    for (const Selection& selection : next.selections) {
      if (selection.spread != nullptr)
        spreads.push_back(selection.spread);
      else if (const SelectionSet* const inner = selection.field != nullptr ? selection.field->selection_set
                                                                            : selection.inline_fragment->selection_set)
        open.push_back(inner);
    }
  }
  return spreads;
}

}  // namespace

void gather_spreads(ValidationContext& context) {
  for (Selecting& operation : context.operations) operation.spreads = spreads_of(operation.selection_set());
  for (Selecting& fragment : context.fragments) fragment.spreads = spreads_of(fragment.selection_set());
}

void unique_fragment_names(ValidationContext& context) {
  std::unordered_map<std::string_view, Offset> seen;
  for (const Selecting& one : context.fragments) {
    const Name& name = one.fragment->name;
    if (const auto [first, is_new] = seen.try_emplace(name.text, name.at); !is_new)
      context.report("UniqueFragmentNames", "There can be only one fragment named " + in_quotes(name.text) + ".",
                     {first->second, name.at});
  }
}

namespace {

void report_cycle(ValidationContext& context, std::span<const FragmentSpread* const> path) {
  constexpr std::size_t most_named = 20;
  std::string message = "Cannot spread fragment " + in_quotes(path.back()->name.text) + " within itself";
  const std::size_t between = std::min(path.size() - 1, most_named);
  for (std::size_t i = 0; i < between; ++i) {
    message += i == 0 ? " via " : ", ";
    message += in_quotes(path[i]->name.text);
  }
  if (path.size() - 1 > most_named) message += ", …";
  std::vector<Offset> places;
  for (const FragmentSpread* spread : path) places.push_back(spread->at);
  context.report("NoFragmentCycles", message + ".", places);
}

}  // namespace

// A walk of the fragments in depth first, that goes on after a cycle so that each is found. One fragment is entered
// once, by its name.
void no_fragment_cycles(ValidationContext& context) {
  constexpr std::size_t not_on_path = static_cast<std::size_t>(-1);
  struct Step {
    FragmentId id;
    FragmentId name;  // the fragment that its name means
    std::size_t next = 0;
  };
  std::vector<bool> visited(context.fragments.size());
  std::vector<std::size_t> on_path(context.fragments.size(), not_on_path);
  std::vector<const FragmentSpread*> path;
  std::vector<Step> open;
  const auto enter = [&](FragmentId id, FragmentId name) {
    visited[name] = true;
    on_path[name] = path.size();
    open.push_back({id, name});
  };
  for (FragmentId start = 0; start < context.fragments.size(); ++start) {
    const FragmentId start_name = context.fragment(context.fragments[start].fragment->name.text);
    if (visited[start_name]) continue;
    enter(start, start_name);
    while (!open.empty()) {
      Step& step = open.back();
      const std::vector<const FragmentSpread*>& spreads = context.fragments[step.id].spreads;
      if (step.next == spreads.size()) {
        on_path[step.name] = not_on_path;
        context.bottom_up.push_back(step.name);
        open.pop_back();
        if (!open.empty()) path.pop_back();
        continue;
      }
      const FragmentSpread* const spread = spreads[step.next++];
      const FragmentId target = context.fragment(spread->name.text);
      if (target == no_fragment) continue;
      if (on_path[target] != not_on_path) {
        context.has_cycles = true;
        path.push_back(spread);
        report_cycle(context, std::span<const FragmentSpread* const>(path).subspan(on_path[target]));
        path.pop_back();
        if (context.is_full()) return;
      } else if (!visited[target]) {
        path.push_back(spread);
        enter(target, target);
      }
    }
  }
}

void no_unused_fragments(ValidationContext& context) {
  std::vector<bool> used(context.fragments.size());
  std::vector<const Selecting*> open;
  for (const Selecting& operation : context.operations) open.push_back(&operation);
  while (!open.empty()) {
    const Selecting& next = *open.back();
    open.pop_back();
    for (const FragmentSpread* spread : next.spreads) {
      const FragmentId id = context.fragment(spread->name.text);
      if (id == no_fragment || used[id]) continue;
      used[id] = true;
      open.push_back(&context.fragments[id]);
    }
  }
  for (const Selecting& one : context.fragments) {
    const Name& name = one.fragment->name;
    if (!used[context.fragment(name.text)])
      context.report("NoUnusedFragments", "Fragment " + in_quotes(name.text) + " is never used.", {one.fragment->at});
  }
}

void known_fragment_names(ValidationContext& context, const FragmentSpread& spread) {
  if (context.fragment(spread.name.text) == no_fragment)
    context.report("KnownFragmentNames", "Unknown fragment " + in_quotes(spread.name.text) + ".", {spread.name.at});
}

namespace {

std::string never(const NamedType& parent, const NamedType& type) {
  return "cannot be spread here as objects of type " + in_quotes(parent.name) + " can never be of type " +
         in_quotes(type.name) + ".";
}

}  // namespace

void possible_fragment_spreads(ValidationContext& context, const FragmentSpread& spread, const NamedType* parent) {
  const FragmentId id = context.fragment(spread.name.text);
  if (id == no_fragment || parent == nullptr) return;
  const NamedType* const type = context.fragment_type(id);
  if (type != nullptr && !context.types.overlap(type->id, parent->id))
    context.report("PossibleFragmentSpreads", "Fragment " + in_quotes(spread.name.text) + " " + never(*parent, *type),
                   {spread.at});
}

void possible_fragment_spreads(ValidationContext& context, const InlineFragment& inline_fragment, const NamedType* type,
                               const NamedType* parent) {
  if (type != nullptr && parent != nullptr && !context.types.overlap(type->id, parent->id))
    context.report("PossibleFragmentSpreads", "Fragment " + never(*parent, *type), {inline_fragment.at});
}

const NamedType* type_of_condition(ValidationContext& context, const Name& condition, std::string_view fragment) {
  const NamedType* const type = context.types.find(condition.text);
  if (type == nullptr) {
    report_unknown_type(context, condition.text, condition.at);
  } else if (!type->is_composite()) {
    context.report("FragmentsOnCompositeTypes",
                   "Fragment " + (fragment.empty() ? std::string() : in_quotes(fragment) + " ") +
                       "cannot condition on non composite type " + in_quotes(condition.text) + ".",
                   {condition.at});
  }
  return type != nullptr && type->is_composite() ? type : nullptr;
}

}  // namespace bailey::graphql
