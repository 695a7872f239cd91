// Filters are the dialect's own: what is built here is what is printed into a URL or compiled to SQL. A column that is
// a plain name becomes a field at once; anything else goes through the dialect's grammar, so a JSON path means the same
// as in a URL.
#include <bailey/model/invalid_text.hpp>
#include <bailey/query/parse.hpp>
#include <bailey/supabase/filter.hpp>
#include <bailey/supabase/rows.hpp>

#include "supabase/query_error.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace bailey {

namespace {

using query::Operator;
using query::Quantifier;

// What PostgreSQL's text cannot hold, in its own words: over HTTP it would not arrive as it is.
void refuse_unstorable(std::string_view text, std::string_view where) {
  if (text.contains('\0')) throw PostgrestError("22021", "invalid byte sequence for encoding \"UTF8\": 0x00", 400);
  if (find_invalid_text(text)) throw client_detail::not_utf8(where);
}

bool is_plain(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
    if (!letter) return false;
  }
  return true;
}

query::Field field(std::string_view column) {
  if (is_plain(column)) return {.name = std::string(column), .path = {}};
  refuse_unstorable(column, "the name of a column");
  return client_detail::value_or_throw(query::parse_field(column));
}

Filter compare(std::string_view column, Operator op, std::string value, Quantifier quantifier = Quantifier::none) {
  refuse_unstorable(value, column);
  return {query::Condition{.field = field(column),
                           .negated = false,
                           .op = op,
                           .quantifier = quantifier,
                           .config = {},
                           .operand = std::move(value)}};
}

Filter compare_is(std::string_view column, Is what) {
  return {query::Condition{.field = field(column),
                           .negated = false,
                           .op = Operator::is,
                           .quantifier = Quantifier::none,
                           .config = {},
                           .operand = what}};
}

Filter join(query::Junction junction, std::vector<Filter> members) {
  if (members.empty()) throw PostgrestError("misuse", "all_of and any_of need at least one condition.", 500);
  return {query::Logic{.junction = junction, .negated = false, .members = std::move(members)}};
}

std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return client_detail::encode_exactly(value);
}

}  // namespace

Filter not_(Filter filter) {
  std::visit([](auto& node) { node.negated = !node.negated; }, filter.node);
  return filter;
}

Filter all_of(std::vector<Filter> members) { return join(query::Junction::and_, std::move(members)); }
Filter any_of(std::vector<Filter> members) { return join(query::Junction::or_, std::move(members)); }

Filter any_of(std::string_view raw) {
  refuse_unstorable(raw, "the condition");
  std::string text = "(";
  text.append(raw) += ')';
  return {client_detail::value_or_throw(query::parse_logic(query::Junction::or_, text))};
}

namespace where {

Filter eq(std::string_view column, FilterValue value) { return compare(column, Operator::eq, std::move(value).text()); }
Filter neq(std::string_view column, FilterValue value) {
  return compare(column, Operator::neq, std::move(value).text());
}
Filter gt(std::string_view column, FilterValue value) { return compare(column, Operator::gt, std::move(value).text()); }
Filter gte(std::string_view column, FilterValue value) {
  return compare(column, Operator::gte, std::move(value).text());
}
Filter lt(std::string_view column, FilterValue value) { return compare(column, Operator::lt, std::move(value).text()); }
Filter lte(std::string_view column, FilterValue value) {
  return compare(column, Operator::lte, std::move(value).text());
}

Filter is(std::string_view column, std::nullptr_t) { return compare_is(column, Is::null); }
Filter is(std::string_view column, bool value) { return compare_is(column, value ? Is::true_ : Is::false_); }
Filter is(std::string_view column, Is what) { return compare_is(column, what); }
Filter is_distinct(std::string_view column, FilterValue value) {
  return compare(column, Operator::isdistinct, std::move(value).text());
}

Filter like(std::string_view column, std::string_view pattern) {
  return compare(column, Operator::like, std::string(pattern));
}
Filter ilike(std::string_view column, std::string_view pattern) {
  return compare(column, Operator::ilike, std::string(pattern));
}
Filter like_all_of(std::string_view column, const std::vector<FilterValue>& patterns) {
  return compare(column, Operator::like, FilterLiteral(patterns).text(), Quantifier::all);
}
Filter like_any_of(std::string_view column, const std::vector<FilterValue>& patterns) {
  return compare(column, Operator::like, FilterLiteral(patterns).text(), Quantifier::any);
}
Filter ilike_all_of(std::string_view column, const std::vector<FilterValue>& patterns) {
  return compare(column, Operator::ilike, FilterLiteral(patterns).text(), Quantifier::all);
}
Filter ilike_any_of(std::string_view column, const std::vector<FilterValue>& patterns) {
  return compare(column, Operator::ilike, FilterLiteral(patterns).text(), Quantifier::any);
}
Filter regex_match(std::string_view column, std::string_view pattern) {
  return compare(column, Operator::match, std::string(pattern));
}
Filter regex_imatch(std::string_view column, std::string_view pattern) {
  return compare(column, Operator::imatch, std::string(pattern));
}

Filter in_(std::string_view column, const std::vector<FilterValue>& values) {
  std::vector<std::string> list;
  list.reserve(values.size());
  for (const FilterValue& value : values) {
    refuse_unstorable(value.text(), column);
    list.push_back(value.text());
  }
  // PostgREST takes a list of one empty text for a list of nothing.
  if (list.size() == 1 && list.front().empty()) return eq(column, std::move(list.front()));
  return {query::Condition{.field = field(column),
                           .negated = false,
                           .op = Operator::in,
                           .quantifier = Quantifier::none,
                           .config = {},
                           .operand = std::move(list)}};
}

Filter contains(std::string_view column, FilterLiteral value) {
  return compare(column, Operator::cs, std::move(value).text());
}
Filter contained_by(std::string_view column, FilterLiteral value) {
  return compare(column, Operator::cd, std::move(value).text());
}
Filter overlaps(std::string_view column, FilterLiteral value) {
  return compare(column, Operator::ov, std::move(value).text());
}
Filter range_lt(std::string_view column, FilterLiteral range) {
  return compare(column, Operator::sl, std::move(range).text());
}
Filter range_gt(std::string_view column, FilterLiteral range) {
  return compare(column, Operator::sr, std::move(range).text());
}
Filter range_gte(std::string_view column, FilterLiteral range) {
  return compare(column, Operator::nxl, std::move(range).text());
}
Filter range_lte(std::string_view column, FilterLiteral range) {
  return compare(column, Operator::nxr, std::move(range).text());
}
Filter range_adjacent(std::string_view column, FilterLiteral range) {
  return compare(column, Operator::adj, std::move(range).text());
}

Filter text_search(std::string_view column, std::string_view text, TextSearchOptions options) {
  constexpr std::array operators{Operator::fts, Operator::plfts, Operator::phfts, Operator::wfts};
  if (!options.config.empty() && !is_plain(options.config))
    throw PostgrestError("misuse", "A text search configuration is a plain name such as english.", 500);
  Filter filter = compare(column, operators.at(static_cast<std::size_t>(options.type)), std::string(text));
  std::get<query::Condition>(filter.node).config = std::move(options.config);
  return filter;
}

Filter match(const json::object& columns) {
  if (columns.empty())
    throw PostgrestError("misuse", "match needs at least one column: {} would match every row.", 500);
  std::vector<Filter> members;
  members.reserve(columns.size());
  for (const auto& [column, value] : columns)
    members.push_back(value.is_null() ? is(column, nullptr) : eq(column, text_of(value)));
  return members.size() == 1 ? std::move(members.front()) : all_of(std::move(members));
}

Filter filter(std::string_view column, std::string_view op, std::string_view value) {
  refuse_unstorable(value, column);
  std::string operation(op);
  operation.append(".").append(value);
  Filter parsed = client_detail::value_or_throw(query::parse_filter("column", operation));
  std::get<query::Condition>(parsed.node).field = field(column);
  return parsed;
}

}  // namespace where

}  // namespace bailey
