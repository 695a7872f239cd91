// `select`, `order`, `columns` and `on_conflict`. What this version does not do is recognised and refused by its name:
// embedded resources and spreads with PGRST127, aggregates with PGRST123, related orders with PGRST108.
#include "query/grammar.hpp"

#include <algorithm>

namespace bailey::query {
namespace detail {
namespace {

RestError no_aggregates() { return RestError(400, "PGRST123", "Use of aggregate functions is not allowed"); }

// Whether the item that begins here is `[alias:]target[!hint][!join](`.
std::optional<RestError> refuse_beyond_columns(Scanner in) {
  in.skip_blanks();
  if (in.sees("...")) return not_implemented("Spreading related resources is");
  auto target = in.name();
  if (target && in.sees(":") && !in.sees("::")) {
    in.advance(1);
    target = in.name();
  }
  if (!target) return std::nullopt;
  for (int parameters = 0; parameters < 2 && in.peek() == '!'; ++parameters) {
    in.advance(1);
    if (!in.name()) return std::nullopt;
  }
  if (in.peek() != '(') return std::nullopt;
  return *target == "count" && in.sees("()") ? no_aggregates() : not_implemented("Embedding related resources is");
}

bool sees_aggregate(const Scanner& in) {
  return std::ranges::any_of(std::array{".sum()", ".avg()", ".count()", ".max()", ".min()"},
                             [&](std::string_view aggregate) { return in.sees(aggregate); });
}

bool ends_item(Scanner& in) {
  in.skip_blanks();
  if (in.at_end() || in.peek() == ',') return true;
  in.expect("\",\"");
  in.expect("end of input");
  return false;
}

std::optional<SelectItem> select_item(Scanner& in, std::optional<RestError>& refused) {
  in.skip_blanks();
  if (in.peek() == '*') {
    in.advance(1);
    return ends_item(in) ? std::optional<SelectItem>(Star{}) : std::nullopt;
  }
  Column column;
  const std::size_t start = in.position();
  if (auto alias = in.name(); alias && in.sees(":") && !in.sees("::")) {
    in.advance(1);
    column.alias = std::move(*alias);
  } else {
    in.rewind(start);
  }
  auto field = in.field();
  if (!field) return std::nullopt;
  column.field = std::move(*field);
  if (in.sees("::")) {
    in.advance(2);
    auto cast = in.type_name();
    if (!cast) return std::nullopt;
    column.cast = std::move(*cast);
  }
  if (sees_aggregate(in)) {
    refused = no_aggregates();
    return std::nullopt;
  }
  if (!ends_item(in)) return std::nullopt;
  return column;
}

std::optional<OrderTerm> order_term(Scanner& in, std::optional<RestError>& refused) {
  auto field = in.field();
  if (!field) return std::nullopt;
  if (in.peek() == '(') {
    refused = not_embedded(field->name);
    return std::nullopt;
  }
  OrderTerm term{.field = std::move(*field)};
  if (in.take(".asc", "\".asc\"")) {
    term.direction = OrderTerm::Direction::ascending;
  } else if (in.take(".desc", "\".desc\"")) {
    term.direction = OrderTerm::Direction::descending;
  }
  if (in.take(".nullsfirst", "\".nullsfirst\"")) {
    term.nulls = OrderTerm::Nulls::first;
  } else if (in.take(".nullslast", "\".nullslast\"")) {
    term.nulls = OrderTerm::Nulls::last;
  }
  if (!ends_item(in)) return std::nullopt;
  return term;
}

}  // namespace

std::expected<std::vector<std::string>, RestError> read_names(std::string_view what, std::string_view text,
                                                              const Limits& limits) {
  Scanner in(text);
  std::vector<std::string> names;
  do {
    in.skip_blanks();
    auto name = in.name();
    if (!name || !ends_item(in)) return std::unexpected(in.error(what));
    if (std::ranges::find(names, *name) == names.end()) names.push_back(std::move(*name));
    if (names.size() > limits.select_items) return std::unexpected(too_many("columns", limits.select_items));
  } while (in.take(','));
  return names;
}

}  // namespace detail

std::expected<std::vector<SelectItem>, RestError> parse_select(std::string_view text, const Limits& limits) {
  std::vector<SelectItem> items;
  if (text.find_first_not_of(" \t") == std::string_view::npos) return items;
  detail::Scanner in(text);
  do {
    std::optional<RestError> refused = detail::refuse_beyond_columns(in);
    if (refused) return std::unexpected(std::move(*refused));
    auto item = detail::select_item(in, refused);
    if (refused) return std::unexpected(std::move(*refused));
    if (!item) return std::unexpected(in.error("select parameter"));
    items.push_back(std::move(*item));
    if (items.size() > limits.select_items) return std::unexpected(detail::too_many("columns", limits.select_items));
  } while (in.take(','));
  return items;
}

std::expected<std::vector<OrderTerm>, RestError> parse_order(std::string_view text, const Limits& limits) {
  std::vector<OrderTerm> terms;
  detail::Scanner in(text);
  do {
    std::optional<RestError> refused;
    auto term = detail::order_term(in, refused);
    if (refused) return std::unexpected(std::move(*refused));
    if (!term) return std::unexpected(in.error("order"));
    terms.push_back(std::move(*term));
    if (terms.size() > limits.select_items)
      return std::unexpected(detail::too_many("order terms", limits.select_items));
  } while (in.take(','));
  return terms;
}

}  // namespace bailey::query
