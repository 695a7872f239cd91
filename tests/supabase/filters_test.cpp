#include "tests/supabase/models.hpp"
#include "tests/supabase/test_project.hpp"

#include <functional>

namespace bailey::test {
namespace {

class Filtering : public OverBothWays {};
BAILEY_OVER_BOTH_WAYS(Filtering);

using Ids = std::vector<int>;

struct Case {
  std::string name;
  Filter filter;
  Ids ids;
};

std::vector<Case> cases() {
  const std::string awkward = R"(be,ta "q" \ (x))";
  const auto midsummer = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1) + std::chrono::milliseconds(45'015'250);
  return {
      {"eq", where::eq("id", 1), {1}},
      {"eq text", where::eq("name", awkward), {2}},
      {"eq quoted text is literal", where::eq("name", "\"alpha\""), {}},
      {"eq text that looks like an operator", where::eq("name", "not.is.null"), {}},
      {"eq bool", where::eq("done", true), {1, 4}},
      {"eq double", where::eq("ratio", 0.1), {1}},
      {"eq numeric", where::eq("amount", 1.5), {1}},
      {"eq time", where::eq("at", midsummer), {2}},
      {"eq date", where::eq("born", std::chrono::year(2001) / 2 / 3), {2}},
      {"eq in json", where::eq("meta->>kind", "y"), {2}},
      {"eq of an array element in json", where::eq("meta->list->>1", 20), {1}},
      {"neq", where::neq("id", 1), {2, 3, 4}},
      {"neq skips null", where::neq("amount", 2), {1, 4}},
      {"gt", where::gt("amount", 1.5), {2, 4}},
      {"gte", where::gte("amount", 1.5), {1, 2, 4}},
      {"lt", where::lt("id", 2), {1}},
      {"lte", where::lte("id", 2), {1, 2}},
      {"lt time", where::lt("at", midsummer), {1}},
      {"is null", where::is("done", nullptr), {3}},
      {"is true", where::is("done", true), {1, 4}},
      {"is false", where::is("done", false), {2}},
      {"is unknown", where::is("done", Is::unknown), {3}},
      {"is not_null", where::is("done", Is::not_null), {1, 2, 4}},
      {"is_distinct", where::is_distinct("amount", 2), {1, 3, 4}},
      {"like", where::like("name", "al%"), {1}},
      {"like with a star", where::like("name", "*lph*"), {1}},
      {"like of escaped text", where::like("name", escape_like("100%_sure*")), {3}},
      {"like of escaped text is no pattern", where::like("name", escape_like("%")), {}},
      {"ilike", where::ilike("name", "GAM*"), {4}},
      {"like_any_of", where::like_any_of("name", {"al*", "Gam*"}), {1, 4}},
      {"like_any_of with awkward text", where::like_any_of("name", {R"(be,ta "q"*)", "x"}), {2}},
      {"like_all_of", where::like_all_of("name", {"*a*", "G*"}), {4}},
      {"ilike_any_of", where::ilike_any_of("name", {"AL*", "x"}), {1}},
      {"ilike_all_of", where::ilike_all_of("name", {"*A", "g*"}), {4}},
      {"regex_match", where::regex_match("name", "^(alpha|Gamma)$"), {1, 4}},
      {"regex_imatch", where::regex_imatch("name", "^gam"), {4}},
      {"in", where::in_("id", {1, 3, 9}), {1, 3}},
      {"in awkward text", where::in_("name", {awkward, "100%_sure*"}), {2, 3}},
      {"in what would break out", where::in_("name", {"x\",\"alpha", "alpha)", "),(alpha", "\\\",alpha"}), {}},
      {"in nothing", where::in_("id", std::vector<int>{}), {}},
      {"in the empty text", where::in_("name", {""}), {}},
      {"not in", not_(where::in_("id", {1, 3})), {2, 4}},
      {"contains array", where::contains("tags", {"a"}), {1, 4}},
      {"contains awkward elements", where::contains("tags", {"c,d", "e\"f", "g\\h"}), {2}},
      {"contains json", where::contains("meta", json::object{{"kind", "x"}}), {1}},
      {"contains range", where::contains("period", RangeValue{.lower = 2, .upper = 3}), {1, 4}},
      {"contains raw", where::contains("tags", "{a,b}"), {1}},
      {"contained_by", where::contained_by("tags", {"a", "z"}), {3, 4}},
      {"overlaps", where::overlaps("tags", {"b", "c,d"}), {1, 2}},
      {"overlaps range", where::overlaps("period", RangeValue{.lower = 4, .upper = 5, .bounds = "[]"}), {1, 2}},
      {"overlaps unbounded range", where::overlaps("period", RangeValue{.lower = 10}), {3}},
      {"range_lt", where::range_lt("period", RangeValue{.lower = 5, .upper = 6}), {1, 4}},
      {"range_gt", where::range_gt("period", RangeValue{.lower = 1, .upper = 5}), {2, 3}},
      {"range_gte", where::range_gte("period", RangeValue{.lower = 2, .upper = 3}), {2, 3, 4}},
      {"range_lte", where::range_lte("period", RangeValue{.lower = 1, .upper = 5}), {1, 4}},
      {"range_adjacent", where::range_adjacent("period", RangeValue{.lower = 10, .upper = 20}), {2, 3}},
      {"text_search",
       where::text_search("words", "fox & quick", {.type = TextSearch::query, .config = "english"}),
       {1}},
      {"text_search plain",
       where::text_search("words", "brown quick", {.type = TextSearch::plain, .config = "english"}),
       {1, 3}},
      {"text_search phrase",
       where::text_search("words", "quick brown", {.type = TextSearch::phrase, .config = "english"}),
       {1}},
      {"text_search websearch",
       where::text_search("words", "brown -dog", {.type = TextSearch::websearch, .config = "english"}),
       {1, 3}},
      {"match", where::match(json::object{{"name", "alpha"}, {"done", true}}), {1}},
      {"match null", where::match(json::object{{"done", nullptr}}), {3}},
      {"match of what would break out", where::match(json::object{{"name", "a),id.gt.(0"}, {"done", true}}), {}},
      {"any_of", any_of({where::eq("id", 1), where::eq("name", "Gamma")}), {1, 4}},
      {"any_of awkward text", any_of({where::eq("name", awkward), where::eq("name", "\"")}), {2}},
      {"any_of what would break out",
       any_of({where::eq("name", "x),id.gt.(0"), where::eq("name", "x\",id.gt.0,name.eq.\"y")}),
       {}},
      {"any_of array", any_of({where::contains("tags", {"c,d"}), where::eq("id", 1)}), {1, 2}},
      {"any_of range",
       any_of({where::overlaps("period", RangeValue{.lower = 5, .upper = 6}), where::eq("id", 1)}),
       {1, 2}},
      {"any_of json",
       any_of({where::contains("meta", json::object{{"kind", "x"}, {"n", 1}}), where::eq("id", 4)}),
       {1, 4}},
      {"any_of in", any_of({where::in_("name", {awkward, "x"}), where::is("done", nullptr)}), {2, 3}},
      {"any_of raw", any_of("id.eq.1,and(id.gt.2,done.not.is.true)"), {1, 3}},
      {"all_of within any_of", any_of({all_of({where::gt("id", 1), where::lt("id", 3)}), where::eq("id", 4)}), {2, 4}},
      {"not any_of", not_(any_of({where::eq("id", 1), where::eq("id", 2)})), {3, 4}},
      {"raw filter", where::filter("id", "not.in", "(1,2)"), {3, 4}},
  };
}

TEST_P(Filtering, chooses_the_same_rows_by_every_operator) {
  for (const Case& c : cases()) {
    const auto outcome =
        run_blocking(nobody().from("test_values").select<ValueId>().where(c.filter).order("id").try_execute());
    if (!outcome) {
      ADD_FAILURE() << c.name << ": " << outcome.error().code() << " " << outcome.error().message() << " "
                    << outcome.error().details();
      continue;
    }
    Ids ids;
    for (const ValueId& value : *outcome) ids.push_back(value.id);
    EXPECT_EQ(ids, c.ids) << c.name;
  }
}

TEST_P(Filtering, joins_all_filters) {
  const auto found =
      get(nobody().from("test_values").select<ValueId>().gt("id", 1).lt("id", 4).not_().is("done", nullptr));
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].id, 2);
}

TEST_P(Filtering, has_every_filter_as_a_method) {
  const auto none = [&](auto&& request) { return get(std::move(request)).empty(); };
  const auto values = [&] { return nobody().from("test_values").select<ValueId>().eq("id", 0); };
  EXPECT_TRUE(none(values().neq("id", 1).gt("id", 1).gte("id", 1).lt("id", 1).lte("id", 1).is("done", true)));
  EXPECT_TRUE(none(values().is_distinct("id", 1).like("name", "a").ilike("name", "a").like_all_of("name", {"a"})));
  EXPECT_TRUE(none(values().like_any_of("name", {"a"}).ilike_all_of("name", {"a"}).ilike_any_of("name", {"a"})));
  EXPECT_TRUE(none(values().regex_match("name", "a").regex_imatch("name", "a").in_("id", {1}).in_("id", Ids{1})));
  EXPECT_TRUE(none(values().contains("tags", {"a"}).contained_by("tags", {"a"}).overlaps("tags", {"a"})));
  EXPECT_TRUE(none(values().range_lt("period", "[1,2)").range_gt("period", "[1,2)").range_gte("period", "[1,2)")));
  EXPECT_TRUE(none(values().range_lte("period", "[1,2)").range_adjacent("period", "[1,2)").text_search("words", "a")));
  EXPECT_TRUE(none(values().match(json::object{{"id", 1}}).or_({where::eq("id", 1)}).or_("id.eq.1")));
  EXPECT_TRUE(none(values().filter("id", "eq", "1").not_("id", "eq", "1").not_().eq("id", 1)));
}

TEST_P(Filtering, that_ends_in_a_lone_not_is_refused) {
  EXPECT_EQ(error_of(nobody().from("test_values").select<ValueId>().not_()).code(), "misuse");
}

}  // namespace
}  // namespace bailey::test
