#include <graphql/engine/document_walk.hpp>

#include <string_view>

namespace bailey::graphql {
namespace {

// Calls with each selection, those of a selection before those after it. As deep as the parser lets selections nest.
template <class Visit>
void for_each_selection(const SelectionSet& set, const Visit& visit) {
  for (const Selection& selection : set.selections) {
    visit(selection);
    const SelectionSet* const inner = selection.field != nullptr             ? selection.field->selection_set
                                      : selection.inline_fragment != nullptr ? selection.inline_fragment->selection_set
                                                                             : nullptr;
    if (inner != nullptr) for_each_selection(*inner, visit);
  }
}

template <class Visit>
void for_each_selection(const Document& document, const Visit& visit) {
  for (const Definition& definition : document.definitions()) {
    if (definition.operation != nullptr) for_each_selection(*definition.operation->selection_set, visit);
    if (definition.fragment != nullptr) for_each_selection(*definition.fragment->selection_set, visit);
  }
}

}  // namespace

std::optional<Offset> introspection_in(const Document& document) {
  std::optional<Offset> found;
  for_each_selection(document, [&](const Selection& selection) {
    if (found || selection.field == nullptr) return;
    const std::string_view name = selection.field->name.text;
    if (name == "__schema" || name == "__type") found = selection.field->at;
  });
  return found;
}

}  // namespace bailey::graphql
