// Filters `key=op.value` and logic trees `or=(a.eq.1,not.and(b.is.null,c.gt.2))`.
//
// The two differ in how a value is read: at top level it is everything up to the end, verbatim; inside a tree it ends
// at a comma or a closing parenthesis and may be quoted. As in PostgREST, what follows a complete list, `is` keyword or
// tree at top level is ignored, and so is what follows the column in a key (`id::text=eq.1` filters id).
#include "query/grammar.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::query {
namespace detail {
namespace {

constexpr std::string_view operator_label = "operator (eq, gt, ...)";

enum class Context { top_level, tree };

bool ends_value(char c) { return c == ',' || c == ')'; }

// A quoted text that is a whole value, that is with a comma, a parenthesis or the end behind it.
std::optional<std::string> quoted_value(Scanner& in) {
  const std::size_t start = in.position();
  auto text = in.quoted();
  if (text && (in.at_end() || ends_value(in.peek()))) return text;
  in.rewind(start);
  return std::nullopt;
}

std::string bare_value(Scanner& in) {
  std::string value;
  while (!in.at_end() && !ends_value(in.peek())) {
    value += in.peek();
    in.advance(1);
  }
  return value;
}

std::string tree_value(Scanner& in) {
  if (auto text = quoted_value(in)) return std::move(*text);
  if (in.peek() == '{') {
    const std::size_t end = in.rest().find_first_of("{}", 1);
    if (end != std::string_view::npos && in.rest()[end] == '}') {
      std::string value(in.rest().substr(0, end + 1));
      in.advance(end + 1);
      return value;
    }
  }
  return bare_value(in);
}

std::string value_text(Scanner& in, Context context) {
  return context == Context::top_level ? in.take_rest() : tree_value(in);
}

class FilterReader {
 public:
  FilterReader(Scanner& in, Budget& budget) : in_(in), budget_(budget) {}

  // An operation on `field`. Nothing when it does not parse; `refused` tells whether trying further is useless.
  std::optional<Condition> operation(Field field, Context context) {
    Condition condition{.field = std::move(field)};
    if (in_.sees("not.")) {
      in_.advance(4);
      condition.negated = true;
    } else {
      in_.expect("\"not\"");
    }
    const std::size_t start = in_.position();
    for (const auto& [op, name] : operator_names) {
      in_.rewind(start);
      if (!in_.sees(name)) continue;
      in_.advance(name.size());
      condition.op = op;
      if (modifiers(condition)) return operand(condition, context) ? std::optional(std::move(condition)) : std::nullopt;
    }
    in_.rewind(start);
    in_.expect(operator_label);
    return std::nullopt;
  }

  std::optional<Filter> member(std::size_t depth) {
    const std::size_t start = in_.position();
    if (auto field = in_.field()) {
      if (in_.take(".", "delimiter (.)")) {
        if (auto condition = operation(std::move(*field), Context::tree)) {
          if (!count_filter()) return std::nullopt;
          return Filter{std::move(*condition)};
        }
      }
    }
    if (refused) return std::nullopt;
    in_.rewind(start);
    in_.skip_blanks();
    bool negated = false;
    if (in_.sees("not.")) {
      in_.advance(4);
      negated = true;
    } else {
      in_.expect("negation operator (not)");
    }
    Junction junction = Junction::and_;
    if (in_.sees("or")) {
      junction = Junction::or_;
      in_.advance(2);
    } else if (in_.sees("and")) {
      in_.advance(3);
    } else {
      in_.expect("logic operator (and, or)");
      return std::nullopt;
    }
    in_.skip_blanks();
    auto logic = members(junction, negated, depth + 1);
    if (!logic) return std::nullopt;
    return Filter{std::move(*logic)};
  }

  std::optional<Logic> members(Junction junction, bool negated, std::size_t depth) {
    if (depth > budget_.limits.logic_depth) {
      refused = too_many("levels of logic", budget_.limits.logic_depth);
      return std::nullopt;
    }
    if (!in_.take('(')) return std::nullopt;
    Logic logic{.junction = junction, .negated = negated, .members = {}};
    do {
      in_.skip_blanks();
      auto next = member(depth);
      if (!next) return std::nullopt;
      logic.members.push_back(std::move(*next));
      in_.skip_blanks();
    } while (in_.take(','));
    if (!in_.take(')')) return std::nullopt;
    return logic;
  }

  bool count_filter() {
    if (++budget_.filters > budget_.limits.filters) refused = too_many("filters", budget_.limits.filters);
    return !refused;
  }

  std::optional<RestError> refused;  // over a limit

 private:
  // What stands between the operator's name and its value, the dot included.
  bool modifiers(Condition& condition) {
    condition.quantifier = Quantifier::none;
    condition.config.clear();
    if (takes_quantifier(condition.op)) {
      if (in_.sees("(any)")) condition.quantifier = Quantifier::any;
      if (in_.sees("(all)")) condition.quantifier = Quantifier::all;
      if (condition.quantifier != Quantifier::none) in_.advance(5);
    } else if (is_text_search(condition.op) && in_.peek() == '(') {
      in_.advance(1);
      auto config = in_.type_name();
      if (!config || !in_.take(')')) return false;
      condition.config = std::move(*config);
    }
    return in_.take(".", "delimiter (.)");
  }

  bool operand(Condition& condition, Context context) {
    if (condition.op == Operator::in) return list(condition.operand.emplace<std::vector<std::string>>());
    if (condition.op == Operator::is) return keyword(condition.operand);
    condition.operand = value_text(in_, context);
    return true;
  }

  bool keyword(decltype(Condition::operand)& operand) {
    for (const auto& [value, name] : is_value_names) {
      const std::string_view text = in_.rest().substr(0, name.size());
      if (!std::ranges::equal(text, name, {}, ascii::lower)) continue;
      in_.advance(name.size());
      operand = value;
      return true;
    }
    in_.expect("isVal: (null, not_null, true, false, unknown)");
    return false;
  }

  bool list(std::vector<std::string>& elements) {
    in_.skip_blanks();
    if (!in_.take('(')) return false;
    in_.skip_blanks();
    do {
      auto quoted = quoted_value(in_);
      elements.push_back(quoted ? std::move(*quoted) : bare_value(in_));
      if (elements.size() > budget_.limits.list_elements) {
        refused = too_many("list elements", budget_.limits.list_elements);
        return false;
      }
    } while (in_.take(','));
    if (!in_.take(')')) return false;
    in_.skip_blanks();
    if (elements.size() == 1 && elements.front().empty()) elements.clear();
    return true;
  }

  Scanner& in_;
  Budget& budget_;
};

}  // namespace

std::string_view name_of(Operator op) { return std::ranges::find(operator_names, op, &OperatorName::op)->name; }

bool takes_quantifier(Operator op) { return op <= Operator::imatch && op != Operator::neq; }

bool is_text_search(Operator op) { return op >= Operator::fts && op <= Operator::wfts; }

RestError not_embedded(std::string_view name) {
  const std::string quoted = "'" + std::string(name) + "'";
  return RestError(400, "PGRST108", quoted + " is not an embedded resource in this request", std::nullopt,
                   "Verify that " + quoted + " is included in the 'select' query parameter.");
}

RestError not_implemented(std::string_view what) {
  return RestError(400, "PGRST127", "Feature not implemented", std::string(what) + " not implemented.");
}

RestError too_many(std::string_view what, std::size_t limit) {
  return RestError(400, "PGRST100", "The request has too many " + std::string(what),
                   "At most " + std::to_string(limit) + " are allowed");
}

std::expected<Filter, RestError> read_filter(std::string_view key, std::string_view text, Budget& budget) {
  Scanner path(key);
  auto name = path.name();
  if (!name) return std::unexpected(path.error("tree path"));
  if (path.take('.')) return std::unexpected(not_embedded(*name));
  auto steps = path.json_path();
  if (!steps) return std::unexpected(path.error("tree path"));
  Scanner in(text);
  FilterReader reader(in, budget);
  if (!reader.count_filter()) return std::unexpected(std::move(*reader.refused));
  auto condition = reader.operation(Field{std::move(*name), std::move(*steps)}, Context::top_level);
  if (reader.refused) return std::unexpected(std::move(*reader.refused));
  if (!condition) return std::unexpected(in.error("filter"));
  return Filter{std::move(*condition)};
}

std::expected<Filter, RestError> read_logic_parameter(std::string_view key, std::string_view text, Budget& budget) {
  bool negated = false;
  std::string_view path = key;
  const std::size_t dot = path.rfind('.');
  const std::string_view operator_text = dot == std::string_view::npos ? path : path.substr(dot + 1);
  path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::string_view component = path.substr(0, end);
    if (component != "not") return std::unexpected(not_embedded(component));
    negated = true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  Scanner in(text);
  FilterReader reader(in, budget);
  auto logic = reader.members(operator_text == "or" ? Junction::or_ : Junction::and_, negated, 1);
  if (reader.refused) return std::unexpected(std::move(*reader.refused));
  if (!logic) return std::unexpected(in.error("logic tree", std::string(operator_text) + std::string(text)));
  return Filter{std::move(*logic)};
}

}  // namespace detail

std::expected<Field, RestError> parse_field(std::string_view text) {
  detail::Scanner in(text);
  auto field = in.field();
  if (field && in.at_end()) return *std::move(field);
  if (field && in.peek() == '.') return std::unexpected(detail::not_embedded(field->name));
  in.expect("end of input");
  return std::unexpected(in.error("column"));
}

std::expected<Filter, RestError> parse_filter(std::string_view key, std::string_view operation, const Limits& limits) {
  detail::Budget budget{limits};
  return detail::read_filter(key, operation, budget);
}

std::expected<Logic, RestError> parse_logic(Junction junction, std::string_view text, const Limits& limits) {
  detail::Budget budget{limits};
  auto filter = detail::read_logic_parameter(junction == Junction::or_ ? "or" : "and", text, budget);
  if (!filter) return std::unexpected(std::move(filter.error()));
  return std::get<Logic>(std::move(filter->node));
}

}  // namespace bailey::query
