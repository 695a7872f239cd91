#include <bailey/query/parse.hpp>

#include "query/scanner.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace bailey::query {
namespace {

using Texts = std::vector<std::string>;

Condition compare(std::string column, Operator op, std::string value) {
  return {.field = {std::move(column), {}}, .op = op, .operand = std::move(value)};
}

ApiRequest parsed(const RequestParts& request) {
  auto query = parse(request);
  EXPECT_TRUE(query.has_value()) << request.query << ": " << (query ? "" : query.error().to_json());
  return query ? std::move(*query) : ApiRequest{};
}

RestError refusal(const RequestParts& request, const Limits& limits = {}) {
  const auto query = parse(request, limits);
  EXPECT_FALSE(query.has_value()) << request.query;
  return query ? RestError(0, "", "") : query.error();
}

TEST(Filter, reads_every_operator) {
  const std::vector<std::pair<std::string, Operator>> operators{{"eq", Operator::eq},
                                                                {"neq", Operator::neq},
                                                                {"gt", Operator::gt},
                                                                {"gte", Operator::gte},
                                                                {"lt", Operator::lt},
                                                                {"lte", Operator::lte},
                                                                {"like", Operator::like},
                                                                {"ilike", Operator::ilike},
                                                                {"match", Operator::match},
                                                                {"imatch", Operator::imatch},
                                                                {"isdistinct", Operator::isdistinct},
                                                                {"fts", Operator::fts},
                                                                {"plfts", Operator::plfts},
                                                                {"phfts", Operator::phfts},
                                                                {"wfts", Operator::wfts},
                                                                {"cs", Operator::cs},
                                                                {"cd", Operator::cd},
                                                                {"ov", Operator::ov},
                                                                {"sl", Operator::sl},
                                                                {"sr", Operator::sr},
                                                                {"nxr", Operator::nxr},
                                                                {"nxl", Operator::nxl},
                                                                {"adj", Operator::adj}};
  for (const auto& [name, op] : operators) {
    const auto plain = parse_filter("a", name + ".x,(\"y\")");
    ASSERT_TRUE(plain) << name;
    EXPECT_EQ(*plain, Filter{compare("a", op, "x,(\"y\")")}) << name;
    Condition negated = compare("a", op, "");
    negated.negated = true;
    EXPECT_EQ(parse_filter("a", "not." + name + "."), Filter{negated}) << name;
  }
}

TEST(Filter, takes_a_quantifier_with_nine_operators_only) {
  for (const std::string name : {"eq", "gte", "gt", "lte", "lt", "like", "ilike", "match", "imatch"}) {
    const auto any = parse_filter("a", name + "(any).{1,2}");
    ASSERT_TRUE(any) << name;
    EXPECT_EQ(std::get<Condition>(any->node).quantifier, Quantifier::any);
    const auto all = parse_filter("a", name + "(all).{1,2}");
    ASSERT_TRUE(all) << name;
    EXPECT_EQ(std::get<Condition>(all->node).quantifier, Quantifier::all);
  }
  for (const std::string name : {"neq", "cs", "cd", "in", "is", "isdistinct", "sl", "adj"}) {
    EXPECT_FALSE(parse_filter("a", name + "(any).{1,2}")) << name;
  }
}

TEST(Filter, reads_a_list_with_its_leniencies) {
  const std::vector<std::pair<std::string, Texts>> lists{{"in.(1,2)", {"1", "2"}},
                                                         {"in.()", {}},
                                                         {"in.(   )", {}},
                                                         {"in.(\"\")", {}},
                                                         {"in.( a, b )", {"a", " b "}},
                                                         {"in.(\"a,b\",c)", {"a,b", "c"}},
                                                         {"in.(Double\"Quote\")", {"Double\"Quote\""}},
                                                         {R"(in.("q\"u\\o\x"))", {"q\"u\\ox"}},
                                                         {"in.(\"a\"b,c)", {"\"a\"b", "c"}},
                                                         {"in.(1,2)garbage", {"1", "2"}},
                                                         {"in. (1)", {"1"}},
                                                         {"in.(,)", {"", ""}}};
  for (const auto& [text, elements] : lists) {
    const auto filter = parse_filter("a", text);
    ASSERT_TRUE(filter) << text;
    EXPECT_EQ(std::get<Texts>(std::get<Condition>(filter->node).operand), elements) << text;
  }
}

TEST(Filter, reads_is_by_prefix_whatever_the_case) {
  const std::vector<std::pair<std::string, Is>> keywords{{"is.null", Is::null},       {"is.NOT_NULL", Is::not_null},
                                                         {"is.True", Is::true_},      {"is.false", Is::false_},
                                                         {"is.unknown", Is::unknown}, {"is.nullable", Is::null}};
  for (const auto& [text, value] : keywords) {
    const auto filter = parse_filter("a", text);
    ASSERT_TRUE(filter) << text;
    EXPECT_EQ(std::get<Is>(std::get<Condition>(filter->node).operand), value) << text;
  }
}

TEST(Filter, reads_names_and_json_paths_of_a_key) {
  using Arrow = JsonStep::Arrow;
  const std::vector<std::pair<std::string, Field>> keys{
      {"a", {"a", {}}},
      {" first name ", {"first name", {}}},
      {"first-name", {"first-name", {}}},
      {"\"a.b\"", {"a.b", {}}},
      {R"("say \"hi\"")", {"say \"hi\"", {}}},
      {"été", {"été", {}}},
      {"id::text", {"id", {}}},
      {"data->a->>b", {"data", {{Arrow::json, "a"}, {Arrow::text, "b"}}}},
      {"data->0->>-1", {"data", {{Arrow::json, std::int64_t{0}}, {Arrow::text, std::int64_t{-1}}}}},
      {"data->\"0\"", {"data", {{Arrow::json, "0"}}}},
      {"data->0a", {"data", {{Arrow::json, "0a"}}}},
      {"data->a-b", {"data", {{Arrow::json, "a-b"}}}},
      {"\"order\"", {"order", {}}}};
  for (const auto& [key, field] : keys) {
    const auto filter = parse_filter(key, "eq.1");
    ASSERT_TRUE(filter) << key;
    EXPECT_EQ(std::get<Condition>(filter->node).field, field) << key;
  }
}

TEST(Filter, says_what_it_expected) {
  struct Case {
    std::string query, message, details;
  };
  const std::vector<Case> cases{
      {"nope=1", R"x("failed to parse filter (1)" (line 1, column 1))x",
       R"x(unexpected "1" expecting "not" or operator (eq, gt, ...))x"},
      {"a=", R"x("failed to parse filter ()" (line 1, column 1))x",
       R"x(unexpected end of input expecting "not" or operator (eq, gt, ...))x"},
      {"a=is.9", R"x("failed to parse filter (is.9)" (line 1, column 4))x",
       R"x(unexpected "9" expecting isVal: (null, not_null, true, false, unknown))x"},
      {"a=in.1", R"x("failed to parse filter (in.1)" (line 1, column 4))x", R"x(unexpected "1" expecting "(")x"},
      {"a=eq", R"x("failed to parse filter (eq)" (line 1, column 3))x",
       R"x(unexpected end of input expecting delimiter (.))x"},
      {"or=()", R"x("failed to parse logic tree (or())" (line 1, column 4))x",
       R"x(unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or))x"},
      {"or=(a.eq.1", R"x("failed to parse logic tree (or(a.eq.1)" (line 1, column 10))x",
       R"x(unexpected end of input expecting "," or ")")x"},
      {"select=id::", R"x("failed to parse select parameter (id::)" (line 1, column 5))x",
       R"x(unexpected end of input expecting field name (* or [a..z0..9_$]))x"},
      {"select=%C3%A9t%C3%A9)", R"x("failed to parse select parameter (été))" (line 1, column 4))x",
       R"x(unexpected ")" expecting "," or end of input)x"},
      {"order=a.up", R"x("failed to parse order (a.up)" (line 1, column 2))x",
       R"x(unexpected "." expecting ".asc", ".desc", ".nullsfirst", ".nullslast", "," or end of input)x"},
      {"columns=", R"x("failed to parse columns parameter ()" (line 1, column 1))x",
       R"x(unexpected end of input expecting field name (* or [a..z0..9_$]))x"},
      {".=eq.1", R"x("failed to parse tree path (.)" (line 1, column 1))x",
       R"x(unexpected "." expecting field name (* or [a..z0..9_$]))x"}};
  for (const Case& test : cases) {
    const RestError error = refusal({.path = "/t", .query = test.query});
    EXPECT_EQ(error.http_status(), 400) << test.query;
    EXPECT_EQ(error.code(), "PGRST100") << test.query;
    EXPECT_EQ(error.message(), test.message) << test.query;
    EXPECT_EQ(error.details(), test.details) << test.query;
  }
}

TEST(Logic, reads_trees_with_quoted_values) {
  const auto logic =
      parse_logic(Junction::or_, R"x(( a.eq."1,(2)", not.and(b.is.null,c.in.(1,"2,3")), d.cs.{1,2},e.not.like.*x*))x");
  ASSERT_TRUE(logic) << logic.error().to_json();
  ASSERT_EQ(logic->members.size(), 4U);
  EXPECT_EQ(logic->members[0], Filter{compare("a", Operator::eq, "1,(2)")});
  const auto& inner = std::get<Logic>(logic->members[1].node);
  EXPECT_TRUE(inner.negated);
  EXPECT_EQ(inner.junction, Junction::and_);
  EXPECT_EQ(std::get<Texts>(std::get<Condition>(inner.members[1].node).operand), (Texts{"1", "2,3"}));
  EXPECT_EQ(logic->members[2], Filter{compare("d", Operator::cs, "{1,2}")});
  Condition last = compare("e", Operator::like, "*x*");
  last.negated = true;
  EXPECT_EQ(logic->members[3], Filter{last});
}

TEST(Logic, reads_columns_called_like_operators) {
  const auto logic = parse_logic(Junction::and_, "(not.eq.1,and.eq.2,or.not.eq.3)garbage");
  ASSERT_TRUE(logic) << logic.error().to_json();
  EXPECT_EQ(logic->members[0], Filter{compare("not", Operator::eq, "1")});
  EXPECT_EQ(logic->members[1], Filter{compare("and", Operator::eq, "2")});
}

TEST(Logic, is_negated_by_its_key) {
  const ApiRequest query = parsed({.path = "/t", .query = "not.or=(a.eq.1,b.eq.2)&and=(c.eq.3)"});
  ASSERT_EQ(query.where.size(), 2U);
  EXPECT_TRUE(std::get<Logic>(query.where[0].node).negated);
  EXPECT_EQ(std::get<Logic>(query.where[0].node).junction, Junction::or_);
  EXPECT_EQ(std::get<Logic>(query.where[1].node).junction, Junction::and_);
}

TEST(Select, reads_columns_aliases_casts_and_paths) {
  const auto items = parse_select(R"(*, id ,n:"full name"::text,meta->tags->>0,x:data->a::int)");
  ASSERT_TRUE(items) << items.error().to_json();
  using Arrow = JsonStep::Arrow;
  const std::vector<SelectItem> expected{
      Star{}, Column{{"id", {}}, "", ""}, Column{{"full name", {}}, "n", "text"},
      Column{{"meta", {{Arrow::json, "tags"}, {Arrow::text, std::int64_t{0}}}}, "", ""},
      Column{{"data", {{Arrow::json, "a"}}}, "x", "int"}};
  EXPECT_EQ(*items, expected);
}

TEST(Select, means_all_columns_when_empty) {
  EXPECT_TRUE(parse_select("")->empty());
  EXPECT_TRUE(parse_select("  ")->empty());
}

TEST(Select, refuses_what_this_version_lacks_by_name) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"id,books(title)", "PGRST127"}, {"b:books!inner(*)", "PGRST127"},
      {"...books(title)", "PGRST127"}, {"books!fk!left(id)", "PGRST127"},
      {"count()", "PGRST123"},         {"n:count()", "PGRST123"},
      {"amount.sum()", "PGRST123"},    {"a:amount::int.avg()::text", "PGRST123"}};
  for (const auto& [text, code] : cases) {
    const auto items = parse_select(text);
    ASSERT_FALSE(items) << text;
    EXPECT_EQ(items.error().code(), code) << text;
    EXPECT_EQ(items.error().http_status(), 400) << text;
  }
}

TEST(Select, refuses_what_is_no_list_of_columns) {
  for (const std::string text : {"id,", ",id", "id::text[]", "id::numeric(1,2)", "*x", "id)", "a:*", "id::\"x\"",
                                 "\"unclosed", "data->", "id;drop table t", "(select 1)", "a:b:c"}) {
    EXPECT_FALSE(parse_select(text)) << text;
  }
}

TEST(Order, reads_direction_and_nulls_independently) {
  const auto terms = parse_order("a,b.desc,c.asc.nullsfirst,d.nullslast,e->>x.desc");
  ASSERT_TRUE(terms) << terms.error().to_json();
  using Direction = OrderTerm::Direction;
  using Nulls = OrderTerm::Nulls;
  EXPECT_EQ((*terms)[0], (OrderTerm{{"a", {}}, Direction::unspecified, Nulls::unspecified}));
  EXPECT_EQ((*terms)[1], (OrderTerm{{"b", {}}, Direction::descending, Nulls::unspecified}));
  EXPECT_EQ((*terms)[2], (OrderTerm{{"c", {}}, Direction::ascending, Nulls::first}));
  EXPECT_EQ((*terms)[3], (OrderTerm{{"d", {}}, Direction::unspecified, Nulls::last}));
  EXPECT_EQ((*terms)[4].field.path.size(), 1U);
  EXPECT_FALSE(parse_order("a.nullsfirst.desc"));
  EXPECT_FALSE(parse_order("a,"));
  EXPECT_FALSE(parse_order(""));
}

TEST(Parse, takes_methods_and_refuses_the_rest) {
  EXPECT_EQ(parsed({.method = "GET", .path = "/t"}).kind, Kind::read);
  EXPECT_TRUE(parsed({.method = "HEAD", .path = "/t"}).head_only);
  EXPECT_EQ(parsed({.method = "POST", .path = "/t", .body = "{}"}).kind, Kind::insert);
  EXPECT_EQ(parsed({.method = "PATCH", .path = "/t", .body = "{}"}).kind, Kind::update);
  EXPECT_EQ(parsed({.method = "DELETE", .path = "/t"}).kind, Kind::delete_);
  for (const std::string method : {"PUT", "TRACE", "get", ""}) {
    const RestError error = refusal({.method = method, .path = "/t"});
    EXPECT_EQ(error.http_status(), 405);
    EXPECT_EQ(error.message(), "Unsupported HTTP method: " + method);
  }
}

TEST(Parse, decodes_the_path) {
  EXPECT_EQ(parsed({.path = "/my%20table%2Fx"}).relation, "my table/x");
  EXPECT_EQ(parsed({.path = "/rpc"}).relation, "rpc");
  const std::vector<std::pair<std::string, std::string>> bad{
      {"/", "PGRST126"},      {"/t/", "PGRST125"},  {"/a/b", "PGRST125"}, {"", "PGRST125"},
      {"/rpc/f", "PGRST127"}, {"/%00", "PGRST125"}, {"/%ff", "PGRST125"}, {"/a%2", "PGRST125"}};
  for (const auto& [path, code] : bad) EXPECT_EQ(refusal({.path = path}).code(), code) << path;
}

TEST(Parse, splits_the_query_as_postgrest_does) {
  const ApiRequest query =
      parsed({.path = "/t", .query = "a=eq.x+y;b=eq.%26%3B&c&&limit=3&limit=4&select=a&select=b&order=a&order=b"});
  ASSERT_EQ(query.where.size(), 2U);
  EXPECT_EQ(query.where[0], Filter{compare("a", Operator::eq, "x y")});
  EXPECT_EQ(query.where[1], Filter{compare("b", Operator::eq, "&;")});
  EXPECT_EQ(query.limit, 4);
  EXPECT_EQ(query.select, (std::vector<SelectItem>{Column{{"a", {}}, "", ""}}));
  ASSERT_EQ(query.order.size(), 1U);
  EXPECT_EQ(query.order[0].field.name, "a");
}

TEST(Parse, refuses_bytes_that_are_no_text) {
  for (const std::string text : {"a=eq.%00", "a%00=eq.1", "a=eq.%ff", "a=eq.%c0%80", "a=eq.%ed%a0%80"}) {
    EXPECT_EQ(refusal({.path = "/t", .query = text}).code(), "PGRST100") << text;
  }
}

TEST(Parse, refuses_paths_into_embeds_that_are_not_there) {
  for (const std::string text : {"books.title=eq.A", "books.or=(a.eq.1)", "books.order=title", "books.limit=1",
                                 "books.not.and=(a.eq.1)", "order=books(title)", "books.offset=2"}) {
    const RestError error = refusal({.path = "/t", .query = text});
    EXPECT_EQ(error.code(), "PGRST108") << text;
    EXPECT_EQ(error.message(), "'books' is not an embedded resource in this request");
    EXPECT_EQ(error.hint(), "Verify that 'books' is included in the 'select' query parameter.");
  }
}

TEST(Parse, merges_range_limit_and_offset) {
  struct Case {
    std::string query, range;
    std::optional<std::int64_t> limit, offset;
  };
  const std::vector<Case> cases{{"", "0-9", 10, {}},
                                {"", "5-", {}, 5},
                                {"", "items=0-9", {}, {}},
                                {"limit=5&offset=2", "", 5, 2},
                                {"limit=5", "2-100", 3, 2},
                                {"offset=-3", "", {}, {}},
                                {"limit=x&offset=y", "", {}, {}},
                                {"limit=0", "", 0, {}},
                                {"offset=3", "0-9", 7, 3},
                                {"limit=99999999999999999999", "", std::numeric_limits<std::int64_t>::max(), {}}};
  for (const Case& test : cases) {
    RequestParts request{.path = "/t", .query = test.query};
    if (!test.range.empty()) request.headers.emplace_back("range", test.range);
    const ApiRequest query = parsed(request);
    EXPECT_EQ(query.limit, test.limit) << test.query << ' ' << test.range;
    EXPECT_EQ(query.offset, test.offset) << test.query << ' ' << test.range;
  }
  EXPECT_EQ(refusal({.path = "/t", .query = "limit=-1"}).details(), "Limit should be greater than or equal to zero.");
  const RestError reversed = refusal({.path = "/t", .headers = {{"Range", "9-0"}}});
  EXPECT_EQ(reversed.http_status(), 416);
  EXPECT_EQ(reversed.details(),
            "The lower boundary must be lower than or equal to the upper boundary in the Range header.");
}

TEST(Parse, reads_preferences_and_names_unknown_ones_under_strict) {
  const ApiRequest query = parsed({.path = "/t",
                                   .headers = {{"Prefer", "return=representation, count=exact,foo"},
                                               {"prefer", "return=minimal, max-affected=3 , timezone=Europe/Berlin"}}});
  EXPECT_EQ(query.preferences.return_, Preferences::Return::representation);
  EXPECT_EQ(query.preferences.count, Preferences::Count::exact);
  EXPECT_EQ(query.preferences.max_affected, 3);
  EXPECT_EQ(query.preferences.timezone, "Europe/Berlin");
  const RestError error = refusal({.path = "/t", .headers = {{"Prefer", "handling=strict, foo, count=none"}}});
  EXPECT_EQ(error.code(), "PGRST122");
  EXPECT_EQ(error.details(), "Invalid preferences: foo, count=none");
}

TEST(Parse, negotiates_the_media_type) {
  using Form = Media::Form;
  const std::vector<std::pair<std::string, Media>> cases{
      {"*/*", {}},
      {"application/json", {}},
      {"text/html, */*;q=0.1", {}},
      {"application/vnd.pgrst.object+json", {Form::object, false}},
      {"application/vnd.pgrst.object", {Form::object, false}},
      {"Application/vnd.pgrst.object+json; Nulls=Stripped", {Form::object, true}},
      {"application/vnd.pgrst.array+json;nulls=stripped", {Form::array, true}},
      {"application/vnd.pgrst.array", {}},
      {"application/json;q=0.5, text/csv", {Form::csv, false}},
      {"application/json;q=nan, text/csv;q=-3", {}},  // such weights count as none
      {"*/*, text/csv", {Form::csv, false}}};
  for (const auto& [accept, media] : cases) {
    EXPECT_EQ(parsed({.path = "/t", .headers = {{"Accept", accept}}}).media, media) << accept;
  }
  const RestError error = refusal({.path = "/t", .headers = {{"Accept", "text/html, image/png"}}});
  EXPECT_EQ(error.http_status(), 406);
  EXPECT_EQ(error.code(), "PGRST107");
  EXPECT_EQ(error.message(), "None of these media types are available: text/html, image/png");
}

TEST(Parse, takes_the_profile_header_that_fits_the_method) {
  const std::vector<std::pair<std::string, std::string>> both{{"Accept-Profile", "a"}, {"Content-Profile", "b"}};
  EXPECT_EQ(parsed({.path = "/t", .headers = both}).schema, "a");
  EXPECT_EQ(parsed({.method = "DELETE", .path = "/t", .headers = both}).schema, "b");
}

TEST(Parse, holds_its_limits) {
  const Limits limits{
      .query_bytes = 200, .logic_depth = 3, .filters = 4, .list_elements = 3, .select_items = 2, .payload_bytes = 5};
  EXPECT_EQ(refusal({.path = "/t", .query = std::string(201, 'a')}, limits).http_status(), 414);
  EXPECT_EQ(refusal({.method = "POST", .path = "/t", .body = "[1,2,3]"}, limits).http_status(), 413);
  for (const std::string query : {"and=(and(and(and(a.eq.1))))", "a=eq.1&a=eq.1&a=eq.1&and=(a.eq.1,a.eq.1)",
                                  "a=in.(1,2,3,4)", "select=a,b,c", "order=a,b,c", "columns=a,b,c"}) {
    const RestError error = refusal({.path = "/t", .query = query}, limits);
    EXPECT_EQ(error.http_status(), 400) << query;
    EXPECT_TRUE(error.message().starts_with("The request has too many")) << error.message();
  }
  EXPECT_TRUE(parse({.path = "/t", .query = "and=(and(and(a.eq.1)))&a=in.(1,2,3)&select=a,b"}, limits));
}

TEST(Parse, bounds_the_depth_of_json_paths) {
  const auto path = [](int steps) {
    std::string text = "select=data";
    for (int i = 0; i < steps; ++i) text += "->a";
    return text;
  };
  EXPECT_TRUE(parse({.path = "/t", .query = path(64)}));
  const RestError error = refusal({.path = "/t", .query = path(65)});
  EXPECT_EQ(error.details(), "unexpected \"-\" expecting at most 64 steps into a JSON value");
}

TEST(CanonicalQuery, sorts_by_key_and_joins_repeated_ones) {
  EXPECT_EQ(canonical_query("a=1&c=3&b=2&d"), "a=1&b=2&c=3&d=");
  EXPECT_EQ(canonical_query("x=1&x=2"), "x=1%2C2");
  EXPECT_EQ(canonical_query("select=name,books(title)&order=id"), "order=id&select=name%2Cbooks%28title%29");
}

}  // namespace
}  // namespace bailey::query
