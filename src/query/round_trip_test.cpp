// parse(print(q)) == q, over random queries whose names and values are made of the characters the grammar uses.
#include <bailey/query/parse.hpp>
#include <bailey/query/print.hpp>

#include "query/grammar.hpp"

#include <gtest/gtest.h>

#include <random>

namespace bailey::query {
namespace {

class RandomQuery {
 public:
  explicit RandomQuery(std::uint32_t seed) : engine_(seed) {}

  ApiRequest query() {
    ApiRequest q{.kind = pick({Kind::read, Kind::insert, Kind::update, Kind::delete_}), .relation = text(1)};
    q.head_only = q.kind == Kind::read && flip();
    if (flip()) q.schema = word();
    many([&] { q.select.push_back(item()); });
    many([&] { q.where.push_back(filter(0)); });
    many([&] { q.order.push_back(term()); });
    if (flip()) q.limit = number(0, 100);
    if (flip()) q.offset = number(1, 100);
    if (flip()) q.columns = {text(1) + "1", text(1) + "2"};
    if (flip()) q.on_conflict = {text(1)};
    if (q.kind == Kind::insert || q.kind == Kind::update) q.payload = R"([{"a":1}])";
    preferences(q.preferences);
    q.media.form = pick({Media::Form::array, Media::Form::object, Media::Form::csv});
    q.media.nulls_stripped = q.media.form != Media::Form::csv && flip();
    return q;
  }

 private:
  bool flip() { return number(0, 1) == 1; }
  std::int64_t number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }
  template <class T>
  T pick(std::initializer_list<T> values) {
    return *(values.begin() + number(0, static_cast<std::int64_t>(values.size()) - 1));
  }
  template <class F>
  void many(F&& f) {
    for (std::int64_t i = number(0, 3); i > 0; --i) f();
  }
  std::string text(std::int64_t least = 0) {
    std::string result;
    for (std::int64_t i = number(least, 6); i > 0; --i) {
      result +=
          pick<std::string_view>({"a",   "B",  "0",     "9",     "_",    "$",  " ",  "-", "->", ".",  ",",  ":", "(",
                                  ")",   "\"", "\\",    "{",     "}",    "*",  "%",  "&", ";",  "=",  "+",  "é", "not",
                                  "and", "or", "order", "limit", "null", "eq", "in", "!", "'",  "\t", "\n", "🏰"});
    }
    return result;
  }
  std::string word() { return pick<std::string>({"text", "int", "double precision", "_int4", "api", "english"}); }
  Field field() {
    Field f{.name = pick<std::string>({text(1), text(1), "order", "or", "not", "select", "limit", "id"}), .path = {}};
    many([&] {
      JsonStep step{.arrow = pick({JsonStep::Arrow::json, JsonStep::Arrow::text}), .key = text()};
      if (flip()) step.key = number(-3, 12);
      f.path.push_back(step);
    });
    return f;
  }
  SelectItem item() {
    if (number(0, 4) == 0) return Star{};
    return Column{.field = field(), .alias = flip() ? text(1) : "", .cast = flip() ? word() : ""};
  }
  Filter filter(int depth) {
    if (depth < 4 && number(0, 2) == 0) {
      Logic logic{.junction = pick({Junction::and_, Junction::or_}), .negated = flip(), .members = {}};
      many([&] { logic.members.push_back(filter(depth + 1)); });
      logic.members.push_back(filter(depth + 1));
      return {logic};
    }
    const auto& names = detail::operator_names;
    Condition c{.field = field(), .negated = flip()};
    c.op = names[static_cast<std::size_t>(number(0, static_cast<std::int64_t>(names.size()) - 1))].op;
    if (c.op == Operator::in) {
      std::vector<std::string> list;
      many([&] { list.push_back(text()); });
      if (list.size() == 1 && list.front().empty()) list.clear();
      c.operand = list;
    } else if (c.op == Operator::is) {
      c.operand = pick({Is::null, Is::not_null, Is::true_, Is::false_, Is::unknown});
    } else {
      c.operand = text();
    }
    if (detail::takes_quantifier(c.op)) c.quantifier = pick({Quantifier::none, Quantifier::any, Quantifier::all});
    if (detail::is_text_search(c.op) && flip()) c.config = word();
    return {c};
  }
  OrderTerm term() {
    using Direction = OrderTerm::Direction;
    using Nulls = OrderTerm::Nulls;
    return {field(), pick({Direction::unspecified, Direction::ascending, Direction::descending}),
            pick({Nulls::unspecified, Nulls::first, Nulls::last})};
  }
  void preferences(Preferences& p) {
    using P = Preferences;
    if (flip()) p.return_ = pick({P::Return::minimal, P::Return::headers_only, P::Return::representation});
    if (flip()) p.count = pick({P::Count::exact, P::Count::planned, P::Count::estimated});
    if (flip()) p.resolution = pick({P::Resolution::merge_duplicates, P::Resolution::ignore_duplicates});
    if (flip()) p.missing = pick({P::Missing::null, P::Missing::default_});
    if (flip()) p.handling = pick({P::Handling::strict, P::Handling::lenient});
    if (flip()) p.transaction = pick({P::Transaction::commit, P::Transaction::rollback});
    if (flip()) p.timezone = "Europe/Berlin";
    if (flip()) p.max_affected = number(0, 9);
  }

  std::mt19937 engine_;
};

TEST(RoundTrip, parse_of_print_is_the_same_query) {
  for (std::uint32_t seed = 0; seed < 10'000; ++seed) {
    const ApiRequest query = RandomQuery(seed).query();
    const RequestParts request = print(query);
    const auto again = parse(request);
    ASSERT_TRUE(again) << "seed " << seed << ": " << request.path << '?' << request.query << ' '
                       << again.error().to_json();
    ASSERT_EQ(*again, query) << "seed " << seed << ": " << request.path << '?' << request.query;
  }
}

TEST(RoundTrip, print_url_holds_path_and_query) {
  const ApiRequest query{.relation = "cards",
                         .select = {Column{{"id", {}}, "", ""}},
                         .where = {{Condition{.field = {"id", {}}, .operand = "7"}}},
                         .limit = 1};
  EXPECT_EQ(print_url(query), "/cards?select=id&id=eq.7&limit=1");
}

TEST(RoundTrip, quotes_only_where_the_place_needs_it) {
  EXPECT_EQ(print_name("full_name"), "full_name");
  EXPECT_EQ(print_name("full name"), "\"full name\"");
  EXPECT_EQ(print_name("a\"b"), R"("a\"b")");
  Condition condition{.field = {"a", {}}, .operand = "x,\"y\""};
  EXPECT_EQ(print_operation(condition), "eq.x,\"y\"");
  condition.op = Operator::in;
  condition.operand = std::vector<std::string>{"plain", "a,b", "", "c\"d"};
  EXPECT_EQ(print_operation(condition), R"(in.(plain,"a,b","","c\"d"))");
}

}  // namespace
}  // namespace bailey::query
