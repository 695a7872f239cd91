#include <bailey/model/json.hpp>
#include <bailey/query/print.hpp>
#include <bailey/supabase/filter.hpp>
#include <bailey/supabase/postgrest_error.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <utility>
#include <variant>

namespace bailey {
namespace {

using namespace std::chrono_literals;

enum class Progress { open, in_work, delete_ };

std::string text_of(const Filter& filter) {
  const auto& comparison = std::get<query::Condition>(filter.node);
  return query::print_field(comparison.field) + "=" + query::print_operation(comparison);
}

TEST(Filter, by_an_enumerations_value_without_a_name_is_refused) {
  EXPECT_THROW(static_cast<void>(where::eq("progress", static_cast<Progress>(9))), std::out_of_range);
}

TEST(Filter, is_written_as_postgrest_reads_it) {
  const std::chrono::sys_time<std::chrono::milliseconds> instant =
      std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 14h + 5min + 9s + 120ms;
  const std::vector<int> numbers{1, 2};
  const std::vector<std::pair<Filter, std::string>> cases{
      {where::eq("id", 7), "id=eq.7"},
      {where::eq("id", std::numeric_limits<std::int64_t>::min()), "id=eq.-9223372036854775808"},
      {where::neq("name", "a.b,(c)"), "name=neq.a.b,(c)"},
      {where::gt("ratio", 0.1), "ratio=gt.0.1"},
      {where::gte("ratio", std::numeric_limits<double>::infinity()), "ratio=gte.Infinity"},
      {where::lt("at", instant), "at=lt.2026-11-23T14:05:09.120000+00"},
      {where::lte("born", std::chrono::year(2001) / 2 / 3), "born=lte.2001-02-03"},
      {where::eq("done", true), "done=eq.true"},
      {where::eq("state", Progress::in_work), "state=eq.in_work"},
      {where::in_("state", {Progress::open, Progress::delete_}), "state=in.(open,delete)"},
      {where::is("done", nullptr), "done=is.null"},
      {where::is("done", false), "done=is.false"},
      {where::is("done", Is::not_null), "done=is.not_null"},
      {where::is_distinct("name", "x"), "name=isdistinct.x"},
      {where::like("name", "a*"), "name=like.a*"},
      {where::ilike("name", "%a_"), "name=ilike.%a_"},
      {where::like_all_of("name", {"a*", "*\"b"}), R"(name=like(all).{"a*","*\"b"})"},
      {where::ilike_any_of("name", {"a*"}), R"(name=ilike(any).{"a*"})"},
      {where::regex_match("name", "^a"), "name=match.^a"},
      {where::regex_imatch("name", "^a"), "name=imatch.^a"},
      {where::in_("id", {1, 2}), "id=in.(1,2)"},
      {where::in_("id", numbers), "id=in.(1,2)"},
      {where::in_("name", {"a,b", "c\"d\\", "(e)"}), R"_(name=in.("a,b","c\"d\\","(e)"))_"},
      {where::in_("name", {""}), "name=eq."},  // in.("") is a list of nothing to PostgREST
      {where::contains("tags", {"a,b", "c\"d"}), R"(tags=cs.{"a,b","c\"d"})"},
      {where::contains("meta", json::object{{"kind", "x"}}), R"(meta=cs.{"kind":"x"})"},
      {where::contained_by("tags", "{a,b}"), "tags=cd.{a,b}"},
      {where::overlaps("period", RangeValue{.lower = 1, .upper = 5}), R"_(period=ov.["1","5"))_"},
      {where::range_lt("period", RangeValue{.lower = 1, .bounds = "(]"}), R"_(period=sl.("1",])_"},
      {where::range_gt("period", "[1,2)"), "period=sr.[1,2)"},
      {where::range_gte("period", "[1,2)"), "period=nxl.[1,2)"},
      {where::range_lte("period", "[1,2)"), "period=nxr.[1,2)"},
      {where::range_adjacent("period", "[1,2)"), "period=adj.[1,2)"},
      {where::text_search("words", "fox"), "words=fts.fox"},
      {where::text_search("words", "a b", {.type = TextSearch::plain, .config = "english"}),
       "words=plfts(english).a b"},
      {where::text_search("words", "a b", {.type = TextSearch::phrase, .config = {}}), "words=phfts.a b"},
      {where::text_search("words", "a -b", {.type = TextSearch::websearch, .config = {}}), "words=wfts.a -b"},
      {where::match(json::object{{"id", 7}}), "id=eq.7"},
      {where::match(json::object{{"id", nullptr}}), "id=is.null"},
      {where::filter("id", "not.in", "(1,2)"), "id=not.in.(1,2)"},
      {where::filter("name", "like(any)", "{a*}"), "name=like(any).{a*}"},
      {where::eq("data->>kind", "x"), "data->>kind=eq.x"},
      {not_(where::eq("id", 7)), "id=not.eq.7"},
      {not_(not_(where::eq("id", 7))), "id=eq.7"},
  };
  for (const auto& [filter, expected] : cases) EXPECT_EQ(text_of(filter), expected);
}

template <class What>
concept ComparableByIs = requires(What what) { where::is("done", what); };

TEST(Filter, for_null_takes_no_text) {
  static_assert(ComparableByIs<std::nullptr_t> && ComparableByIs<bool> && ComparableByIs<Is>);
  static_assert(!ComparableByIs<const char*>);  // it would convert to true
}

TEST(Filter, matching_several_columns_needs_all_of_them) {
  const Filter filter = where::match(json::object{{"id", 7}, {"name", "x"}});
  const auto& logic = std::get<query::Logic>(filter.node);
  EXPECT_EQ(logic.junction, query::Junction::and_);
  ASSERT_EQ(logic.members.size(), 2);
  EXPECT_EQ(text_of(logic.members[1]), "name=eq.x");
}

TEST(Filter, raw_logic_means_the_same_as_the_typed_one) {
  EXPECT_EQ(any_of("id.eq.1,not.and(name.eq.x,done.is.true)"),
            any_of({where::eq("id", 1), not_(all_of({where::eq("name", "x"), where::is("done", true)}))}));
}

TEST(Filter, escaped_text_is_a_pattern_of_itself) { EXPECT_EQ(escape_like("100%_a\\b*"), "100\\%\\_a\\\\b_"); }

TEST(Filter, refuses_what_cannot_mean_what_it_says) {
  using namespace std::string_literals;
  const std::vector<std::pair<std::function<Filter()>, std::string>> cases{
      {[] { return where::eq("name", "a\0b"s); }, "22021"},
      {[] { return where::eq("na\0me"s, "a"); }, "22021"},
      {[] { return where::in_("name", {"a", "b\0"s}); }, "22021"},
      {[] { return where::contains("tags", {"b\0"s}); }, "22021"},
      {[] { return any_of("a.eq.\0"s); }, "22021"},
      {[] { return where::eq("name", "\xFF"); }, "22021"},
      {[] { return where::eq("\xED\xA0\x80", "a"); }, "22021"},
      {[] { return where::in_("name", {"a", "\xC3"}); }, "22021"},
      {[] { return where::eq("", 1); }, "PGRST100"},
      {[] { return where::eq("done=eq.true&title", false); }, "PGRST100"},
      {[] { return where::eq("title::varchar(1)", "a"); }, "PGRST100"},
      {[] { return where::eq("title,id", "one"); }, "PGRST100"},
      {[] { return where::is("title;", nullptr); }, "PGRST100"},
      {[] { return where::filter("title!", "eq", "1"); }, "PGRST100"},
      {[] { return where::eq("a.b", 1); }, "PGRST108"},
      {[] { return where::filter("id", "equals", "1"); }, "PGRST100"},
      {[] { return any_of("id.eq"); }, "PGRST100"},
      {[] { return any_of(std::vector<Filter>{}); }, "misuse"},
      {[] { return where::match(json::object{}); }, "misuse"},
      {[] { return where::text_search("words", "x", {.type = TextSearch::plain, .config = "a.b)"}); }, "misuse"},
      {[] { return where::overlaps("period", RangeValue{.bounds = "[["}); }, "misuse"},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    try {
      (void)cases[i].first();
      ADD_FAILURE() << "case " << i << " was accepted";
    } catch (const PostgrestError& error) {
      EXPECT_EQ(error.code(), cases[i].second) << "case " << i;
    }
  }
}

}  // namespace
}  // namespace bailey
