// What the rules share while one document is validated: the errors so far, the fragments by name, and what each
// definition spreads and which variables it uses, gathered on the one walk.
#pragma once

#include <graphql/lexer.hpp>
#include <graphql/validation/suggestions.hpp>
#include <graphql/validation/validate.hpp>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bailey::graphql {

// Where a variable stands and what is expected there.
struct VariableUsage {
  const Value* variable = nullptr;
  TypeRef type{};                     // not known where the argument is not
  bool has_default = false;           // the argument or input field has one
  const NamedType* one_of = nullptr;  // the one-of input object of which it is a field's whole value
};

// An operation or a fragment.
struct Selecting {
  const OperationDefinition* operation = nullptr;
  const FragmentDefinition* fragment = nullptr;
  std::vector<const FragmentSpread*> spreads{};
  std::vector<VariableUsage> usages{};

  [[nodiscard]] const SelectionSet& selection_set() const noexcept {
    return operation != nullptr ? *operation->selection_set : *fragment->selection_set;
  }
};

using FragmentId = std::uint32_t;
inline constexpr FragmentId no_fragment = 0xffff'ffff;

class ValidationContext {
 public:
  ValidationContext(const TypeSystem& types, const Document& document, const ValidationOptions& options);

  const TypeSystem& types;
  const Document& document;
  const ValidationOptions& options;

  std::vector<Selecting> operations;
  std::vector<Selecting> fragments;   // by FragmentId, in the document's order, those of one name all
  std::vector<FragmentId> bottom_up;  // NoFragmentCycles leaves them here: each after those that it spreads
  bool has_cycles = false;
  Selecting* current = nullptr;  // where the walk is

  // Of a name that is defined twice the last counts. no_fragment where there is none.
  [[nodiscard]] FragmentId fragment(std::string_view name) const;
  // The type a fragment is on; null where it is not known or not composite.
  [[nodiscard]] const NamedType* fragment_type(FragmentId id) const { return fragment_types_[id]; }

  void report(std::string_view rule, std::string message, std::initializer_list<Offset> places) {
    report(rule, std::move(message), std::span(places.begin(), places.size()));
  }
  void report(std::string_view rule, std::string message, std::span<const Offset> places);
  [[nodiscard]] bool is_full() const noexcept { return full_; }

  // False, once, with an error, where the steps of following fragments have run out.
  [[nodiscard]] bool spend_fragment_steps(std::size_t steps);

  [[nodiscard]] std::string suggest(std::string_view name, const std::vector<std::string_view>& names,
                                    std::string_view kind = {}) const {
    return options.suggestions ? did_you_mean(suggestion_list(name, names), kind) : std::string();
  }

  // The errors with their places looked up, all at once. None can be reported after.
  [[nodiscard]] std::vector<ValidationError> take_errors();

 private:
  std::vector<ValidationError> errors_;
  std::vector<Offset> places_;          // of all errors, one after the other
  std::vector<std::size_t> places_of_;  // how many each has
  std::unordered_map<std::string_view, FragmentId> by_name_;
  std::vector<const NamedType*> fragment_types_;
  std::size_t fragment_steps_ = 0;
  bool full_ = false;
};

// "name" as messages quote it: of a long one the beginning, since an error for each of its uses would be far longer
// than the document.
[[nodiscard]] std::string in_quotes(std::string_view name);

}  // namespace bailey::graphql
