#include <graphql/validation/context.hpp>

#include <algorithm>
#include <utility>

namespace bailey::graphql {

namespace {

// An argument that stands ten thousand times is one error with as many places, each of them looked up.
constexpr std::size_t most_places = 100;

}  // namespace

std::string in_quotes(std::string_view name) { return '"' + shortened(name) + '"'; }

ValidationContext::ValidationContext(const TypeSystem& of, const Document& in, const ValidationOptions& with)
    : types(of), document(in), options(with) {
  for (const Definition& definition : document.definitions()) {
    if (definition.operation != nullptr) {
      operations.push_back({.operation = definition.operation});
    } else if (definition.fragment != nullptr) {
      by_name_[definition.fragment->name.text] = static_cast<FragmentId>(fragments.size());
      fragments.push_back({.fragment = definition.fragment});
      const NamedType* const type = types.find(definition.fragment->type_condition.text);
      fragment_types_.push_back(type != nullptr && type->is_composite() ? type : nullptr);
    }
  }
}

FragmentId ValidationContext::fragment(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? no_fragment : found->second;
}

void ValidationContext::report(std::string_view rule, std::string message, std::span<const Offset> places) {
  if (full_) return;
  full_ = errors_.size() >= options.max_errors;
  if (full_) {
    message = "Too many validation errors, error limit reached. Validation aborted.";
    rule = {};
    places = {};
  }
  places = places.first(std::min(places.size(), most_places));
  errors_.push_back({.rule = rule, .message = std::move(message)});
  places_.insert(places_.end(), places.begin(), places.end());
  places_of_.push_back(places.size());
}

std::vector<ValidationError> ValidationContext::take_errors() {
  const std::vector<Location> locations = document.locations(places_);
  auto next = locations.begin();
  for (std::size_t i = 0; i < errors_.size(); ++i) {
    const auto end = next + static_cast<std::ptrdiff_t>(places_of_[i]);
    errors_[i].locations.assign(next, end);
    next = end;
  }
  return std::move(errors_);
}

bool ValidationContext::spend_fragment_steps(std::size_t steps) {
  const bool had_enough = fragment_steps_ <= options.max_fragment_steps;
  fragment_steps_ += steps;
  if (fragment_steps_ <= options.max_fragment_steps) return true;
  if (had_enough) report("FragmentSteps", "The document spreads its fragments too often to be validated.", {});
  return false;
}

}  // namespace bailey::graphql
