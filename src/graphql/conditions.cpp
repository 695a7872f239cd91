// @skip and @include. What they look at is known before anything is executed: constants and variables, never a field.
#include <graphql/coercion.hpp>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace bailey::graphql {

namespace {

constexpr std::size_t most_conditions = 64;

// The condition of a @skip or @include; null of another directive.
const Value* condition_of(const Directive& directive) {
  if (directive.name.text != "skip" && directive.name.text != "include") return nullptr;
  const auto found =
      std::ranges::find(directive.arguments, "if", [](const Argument& argument) { return argument.name.text; });
  return found == directive.arguments.end() ? nullptr : &found->value;
}

template <class IsTrue>
bool are_met(std::span<const Directive> directives, IsTrue is_true) {
  return std::ranges::all_of(directives, [&](const Directive& directive) {
    const Value* const condition = condition_of(directive);
    if (condition == nullptr) return true;
    const bool holds = condition->kind == Value::Kind::variable ? is_true(condition->text) : condition->is_true;
    return holds == (directive.name.text == "include");
  });
}

// Selections in selections are walked at once, as deep as the parser lets them be; fragments wait for their turn, so
// that a long chain of them takes no stack, and each is walked once.
struct ConditionWalk {
  std::unordered_map<std::string_view, const FragmentDefinition*> fragments{};
  std::vector<const FragmentDefinition*> waiting{};
  std::unordered_set<std::string_view> seen{};
  std::vector<Name> found{};

  void directives(std::span<const Directive> all) {
    for (const Directive& directive : all) {
      const Value* const condition = condition_of(directive);
      if (condition != nullptr && condition->kind == Value::Kind::variable && seen.insert(condition->text).second)
        found.push_back({.text = condition->text, .at = condition->at});
    }
  }

  void selections(const SelectionSet* set) {
    if (set == nullptr) return;
    for (const Selection& selection : set->selections) {
      if (selection.field != nullptr) {
        directives(selection.field->directives);
        selections(selection.field->selection_set);
      } else if (selection.inline_fragment != nullptr) {
        directives(selection.inline_fragment->directives);
        selections(selection.inline_fragment->selection_set);
      } else {
        directives(selection.spread->directives);
        // Taken out, so that it comes once.
        if (const auto fragment = fragments.extract(selection.spread->name.text)) waiting.push_back(fragment.mapped());
      }
    }
  }
};

}  // namespace

bool is_included(std::span<const Directive> directives, const Variables& variables) {
  return are_met(directives, [&](std::string_view name) {
    const json::value* const value = variables.find(name);
    return value != nullptr && value->is_bool() && value->get_bool();
  });
}

bool is_included(std::span<const Directive> directives, std::span<const Name> conditions, std::uint64_t mask) {
  return are_met(directives, [&](std::string_view name) {
    const auto place = std::ranges::find(conditions, name, &Name::text) - conditions.begin();
    return static_cast<std::size_t>(place) < conditions.size() && (mask >> place & 1) != 0;
  });
}

std::vector<Name> condition_variables(const Document& document, const OperationDefinition& operation) {
  ConditionWalk walk;
  for (const Definition& definition : document.definitions())
    if (definition.fragment != nullptr) walk.fragments.emplace(definition.fragment->name.text, definition.fragment);
  walk.selections(operation.selection_set);
  for (std::size_t next = 0; next < walk.waiting.size(); ++next) walk.selections(walk.waiting[next]->selection_set);
  return std::move(walk.found);
}

std::expected<std::uint64_t, ResponseError> condition_mask(const Document& document, std::span<const Name> conditions,
                                                           const Variables& variables) {
  const auto refuse = [&](std::string message, const Name& condition) {
    return std::unexpected(ResponseError{.message = std::move(message),
                                         .locations = {document.location(condition.at)},
                                         .extensions = {{"code", "BAD_USER_INPUT"}}});
  };
  if (conditions.size() > most_conditions)
    return refuse("An operation may use at most 64 variables in @skip and @include.", conditions[most_conditions]);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const json::value* const value = variables.find(conditions[i].text);
    if (value == nullptr)
      return refuse("Argument \"if\" of required type \"Boolean!\" was provided the variable \"$" +
                        std::string(conditions[i].text) + "\" which was not provided a runtime value.",
                    conditions[i]);
    if (!value->is_bool())
      return refuse("Argument \"if\" of non-null type \"Boolean!\" must not be null.", conditions[i]);
    if (value->get_bool()) mask |= std::uint64_t(1) << i;
  }
  return mask;
}

}  // namespace bailey::graphql
