// What the builder's methods do to the query.
#include <bailey/supabase/requests.hpp>

#include <bailey/query/parse.hpp>

#include "supabase/query_error.hpp"

#include <utility>
#include <variant>

namespace bailey::client_detail {

namespace {

void refuse_negative(std::int64_t number) {
  if (number < 0) throw PostgrestError("misuse", "A number of rows cannot be negative.", 500);
}

query::Preferences::Count preference_of(Count count) {
  switch (count) {
    case Count::exact: return query::Preferences::Count::exact;
    case Count::planned: return query::Preferences::Count::planned;
    case Count::estimated: break;
  }
  return query::Preferences::Count::estimated;
}

}  // namespace

void fail_used_up() {
  throw PostgrestError("misuse", "This request was awaited or moved from already; start a new one.", 500);
}

void add_condition(Call& call, Condition condition) {
  if (std::exchange(call.negate_next, false)) condition = not_(std::move(condition));
  call.query.where.push_back(std::move(condition));
}

void add_order(Call& call, std::string_view column, OrderOptions options) {
  using Term = query::OrderTerm;
  if (column.ends_with(".desc") || column.ends_with(".asc"))
    throw PostgrestError("misuse", "order takes the name of a column; the direction is {.descending = true}.", 500);
  query::Condition named = std::get<query::Condition>(where::is(column, nullptr).node);
  Term term{.field = std::move(named.field),
            .direction = options.descending ? Term::Direction::descending : Term::Direction::ascending,
            .nulls = Term::Nulls::unspecified};
  if (options.nulls_first) term.nulls = *options.nulls_first ? Term::Nulls::first : Term::Nulls::last;
  call.query.order.push_back(std::move(term));
}

void set_limit(Call& call, std::int64_t rows) {
  refuse_negative(rows);
  call.query.limit = rows;
}

void set_offset(Call& call, std::int64_t rows) {
  refuse_negative(rows);
  call.query.offset = rows;
}

void set_range(Call& call, std::int64_t first, std::int64_t last) {
  refuse_negative(first);
  if (last < first - 1) throw PostgrestError("misuse", "The last row of a range lies before its first.", 500);
  call.query.offset = first;
  call.query.limit = last - first + 1;
}

void set_returning(Call& call, std::string_view columns) { call.query.select = parse_columns(columns); }
void set_count(Call& call, Count count) { call.query.preferences.count = preference_of(count); }

void set_max_affected(Call& call, std::int64_t rows) {
  refuse_negative(rows);
  call.query.preferences.handling = query::Preferences::Handling::strict;
  call.query.preferences.max_affected = rows;
}

void set_one_row(Call& call) { call.query.media.form = query::Media::Form::object; }

// Two rows are enough to know that there are several.
void set_at_most_one_row(Call& call) {
  if (!call.query.limit) call.query.limit = 2;
}

void set_csv(Call& call) { call.query.media.form = query::Media::Form::csv; }

}  // namespace bailey::client_detail
