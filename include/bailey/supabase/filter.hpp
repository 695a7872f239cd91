#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/model/enums.hpp>
#include <bailey/query/api_request.hpp>

#include <boost/json/fwd.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

// Filters: which rows a request concerns. Every value becomes a statement parameter or a quoted list element, so a
// value from a stranger can match more or fewer rows but never change the statement. Only the functions marked RAW take
// PostgREST text.
namespace bailey {

// One value in a filter: text, a number, a boolean, a Uuid, a point in time (to the microsecond, UTC), or an
// enumerator, which stands for its name as in JSON. There is no null: `where::is(column, nullptr)` asks for it.
class FilterValue {
 public:
  FilterValue(std::string text) noexcept : text_(std::move(text)) {}
  FilterValue(std::string_view text) : text_(text) {}
  FilterValue(const char* text) : text_(text) {}
  FilterValue(std::nullptr_t) = delete;
  FilterValue(std::same_as<bool> auto value) : text_(value ? "true" : "false") {}
  template <std::integral I>
    requires(!std::same_as<I, bool> && !std::same_as<I, char>)
  FilterValue(I value) : text_(std::to_string(value)) {}
  FilterValue(double value);
  FilterValue(float value);  // the shortest text that reads back as the same float
  template <Enumeration E>
    requires(!std::same_as<E, query::Is>)
  FilterValue(E value) : text_(enum_text(value)) {}
  FilterValue(const Uuid& value) : text_(value.to_string()) {}
  FilterValue(std::chrono::year_month_day date);
  template <class Duration>
  FilterValue(std::chrono::sys_time<Duration> time)
      : FilterValue(Microseconds{std::chrono::floor<std::chrono::microseconds>(time)}) {}

  [[nodiscard]] const std::string& text() const& noexcept { return text_; }
  [[nodiscard]] std::string text() && noexcept { return std::move(text_); }

 private:
  struct Microseconds {
    std::chrono::sys_time<std::chrono::microseconds> time;
  };
  FilterValue(Microseconds time);
  std::string text_;
};

template <class R>
concept FilterValues = std::ranges::input_range<R> && !std::convertible_to<R, std::string_view> &&
                       std::convertible_to<std::ranges::range_reference_t<R>, FilterValue>;

// A PostgreSQL range, such as {.lower = 1, .upper = 10}; an unset end is unbounded. Bounds as PostgreSQL writes them.
struct RangeValue {
  std::optional<FilterValue> lower{};
  std::optional<FilterValue> upper{};
  std::string_view bounds = "[)";
};

// The right side of contains, contained_by, overlaps and the range operators: an array, a range, JSON, or (from text) a
// literal written by you as PostgreSQL reads it: "{a,b}", "[1,10)", "{\"a\": 1}".
class FilterLiteral {
 public:
  FilterLiteral(std::string literal) noexcept : text_(std::move(literal)) {}
  FilterLiteral(std::string_view literal) : text_(literal) {}
  FilterLiteral(const char* literal) : text_(literal) {}
  FilterLiteral(std::initializer_list<FilterValue> elements);
  FilterLiteral(const std::vector<FilterValue>& elements);
  template <FilterValues R>
  FilterLiteral(const R& elements)
      : FilterLiteral(std::vector<FilterValue>(std::ranges::begin(elements), std::ranges::end(elements))) {}
  FilterLiteral(const RangeValue& range);
  FilterLiteral(const boost::json::value& document);
  FilterLiteral(const boost::json::object& document);

  [[nodiscard]] const std::string& text() const& noexcept { return text_; }
  [[nodiscard]] std::string text() && noexcept { return std::move(text_); }

 private:
  std::string text_;
};

using query::Is;  // what `is` compares with, beside nullptr and booleans: null, not_null, true_, false_, unknown

enum class TextSearch : std::uint8_t {
  query,
  plain,
  phrase,
  websearch
};  // to_tsquery, plainto_, phraseto_, websearch_to_
struct TextSearchOptions {
  TextSearch type = TextSearch::query;
  std::string config{};  // a text search configuration such as "english"; empty: the database's
};

// Which rows: one comparison, or several joined by and/or. A plain value, made by the functions below.
//
// A column may be a path into JSON, written as PostgREST does: "data->>kind", "tags->0". Names that hold one of
// `.,:()"` stand in double quotes. Everything here throws PostgrestError "PGRST100" for a column it cannot read, and
// "22021" for text with a NUL or that is not UTF-8, which PostgreSQL cannot hold.
using query::Filter;

[[nodiscard]] Filter not_(Filter filter);
[[nodiscard]] Filter all_of(std::vector<Filter> members);  // at least one, else Error "misuse"
[[nodiscard]] Filter any_of(std::vector<Filter> members);
// RAW PostgREST text, as in `or=(…)`: "id.eq.1,not.and(a.gt.2,b.is.null)". Never put a stranger's text into it.
[[nodiscard]] Filter any_of(std::string_view raw);
Filter any_of(std::initializer_list<const char*>) = delete;  // one text, or filters

// Text as a pattern of `like` and `ilike` that matches itself: escapes %, _ and backslash. PostgREST turns every * into
// % and has no escape for it, so a * becomes _, which matches it and any other single character.
[[nodiscard]] std::string escape_like(std::string_view text);

// The comparisons, named as in supabase-py. All are builder methods too: `.eq("id", 7)` is `.where(where::eq("id",
// 7))`.
namespace where {
[[nodiscard]] Filter eq(std::string_view column, FilterValue value);
[[nodiscard]] Filter neq(std::string_view column, FilterValue value);
[[nodiscard]] Filter gt(std::string_view column, FilterValue value);
[[nodiscard]] Filter gte(std::string_view column, FilterValue value);
[[nodiscard]] Filter lt(std::string_view column, FilterValue value);
[[nodiscard]] Filter lte(std::string_view column, FilterValue value);
[[nodiscard]] Filter is(std::string_view column, std::nullptr_t);
[[nodiscard]] Filter is(std::string_view column, bool value);
Filter is(std::string_view column, const char* text) = delete;  // nullptr asks for null, not "null"
[[nodiscard]] Filter is(std::string_view column, Is what);
[[nodiscard]] Filter is_distinct(std::string_view column, FilterValue value);
// Patterns: % and * stand for any text, _ for one character; text of strangers goes through `escape_like`.
[[nodiscard]] Filter like(std::string_view column, std::string_view pattern);
[[nodiscard]] Filter ilike(std::string_view column, std::string_view pattern);
[[nodiscard]] Filter like_all_of(std::string_view column, const std::vector<FilterValue>& patterns);
[[nodiscard]] Filter like_any_of(std::string_view column, const std::vector<FilterValue>& patterns);
[[nodiscard]] Filter ilike_all_of(std::string_view column, const std::vector<FilterValue>& patterns);
[[nodiscard]] Filter ilike_any_of(std::string_view column, const std::vector<FilterValue>& patterns);
[[nodiscard]] Filter regex_match(std::string_view column, std::string_view pattern);  // POSIX, as PostgreSQL's ~
[[nodiscard]] Filter regex_imatch(std::string_view column, std::string_view pattern);
// One of the values; none of them when the list is empty.
[[nodiscard]] Filter in_(std::string_view column, const std::vector<FilterValue>& values);
template <FilterValues R>
[[nodiscard]] Filter in_(std::string_view column, const R& values) {
  return in_(column, std::vector<FilterValue>(std::ranges::begin(values), std::ranges::end(values)));
}
[[nodiscard]] Filter contains(std::string_view column, FilterLiteral value);
[[nodiscard]] Filter contained_by(std::string_view column, FilterLiteral value);
[[nodiscard]] Filter overlaps(std::string_view column, FilterLiteral value);
[[nodiscard]] Filter range_lt(std::string_view column, FilterLiteral range);        // strictly left of:   <<
[[nodiscard]] Filter range_gt(std::string_view column, FilterLiteral range);        // strictly right of:  >>
[[nodiscard]] Filter range_gte(std::string_view column, FilterLiteral range);       // does not extend left of:  &>
[[nodiscard]] Filter range_lte(std::string_view column, FilterLiteral range);       // does not extend right of: &<
[[nodiscard]] Filter range_adjacent(std::string_view column, FilterLiteral range);  // -|-
[[nodiscard]] Filter text_search(std::string_view column, std::string_view query, TextSearchOptions options = {});
// Every member of the object equals the column of that name, null asking for null. Not empty, else Error "misuse".
[[nodiscard]] Filter match(const boost::json::object& columns);
// The operator as PostgREST writes it ("eq", "not.in", "like(any)", "fts(english)") and the value as it stands after
// the operator's dot: RAW.
[[nodiscard]] Filter filter(std::string_view column, std::string_view op, std::string_view value);
}  // namespace where

}  // namespace bailey
