// What the builder's methods do to the request.
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

}  // namespace

void fail_used_up() {
  throw PostgrestError("misuse", "This request was awaited or moved from already; start a new one.", 500);
}

void add_filter(Call& call, Filter filter) {
  if (std::exchange(call.negate_next, false)) filter = not_(std::move(filter));
  call.request.where.push_back(std::move(filter));
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
  call.request.order.push_back(std::move(term));
}

void set_limit(Call& call, std::int64_t rows) {
  refuse_negative(rows);
  call.request.limit = rows;
}

void set_offset(Call& call, std::int64_t rows) {
  refuse_negative(rows);
  call.request.offset = rows;
}

void set_range(Call& call, std::int64_t first, std::int64_t last) {
  refuse_negative(first);
  if (last < first - 1) throw PostgrestError("misuse", "The last row of a range lies before its first.", 500);
  call.request.offset = first;
  call.request.limit = last - first + 1;
}

void set_returning(Call& call, std::string_view columns) { call.request.select = parse_columns(columns); }
void set_count(Call& call, Count count) { call.request.preferences.count = count; }

void set_max_affected(Call& call, std::int64_t rows) {
  refuse_negative(rows);
  call.request.preferences.handling = query::Preferences::Handling::strict;
  call.request.preferences.max_affected = rows;
}

void set_one_row(Call& call) { call.request.media.form = query::Media::Form::object; }

// Two rows are enough to know that there are several.
void set_at_most_one_row(Call& call) {
  if (!call.request.limit) call.request.limit = 2;
}

void set_csv(Call& call) { call.request.media.form = query::Media::Form::csv; }

}  // namespace bailey::client_detail
