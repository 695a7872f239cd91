#include <bailey/model/rules.hpp>

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>

namespace bailey {
namespace {

struct Signup {
  std::string full_name;
  std::string email;
  std::optional<std::string> website;
  int age;
  double share;
  std::vector<std::string> tags;
  std::map<std::string, int> scores;
  std::string slug;
  int page_size = 20;
  std::string display;
};
struct Strict {
  int a;
};
struct Range {
  int from;
  int to;
};

struct Booking {
  int nights;
  int guests;
  std::string room;
};
struct Nested {
  std::vector<std::vector<std::string>> rows;
  std::optional<std::vector<std::map<std::string, int>>> sheets;
  std::map<std::string, std::vector<int>> series;
  Maybe<std::vector<std::array<int, 3>>> points;
};

std::optional<std::string> few_nights(const Booking& booking) {
  if (booking.nights > 7) return "at most a week";
  return std::nullopt;
}
std::optional<std::string> few_guests(const Booking& booking) {
  if (booking.guests > 4) return "at most four guests";
  return std::nullopt;
}

std::optional<std::string> in_order(const Range& range) {
  if (range.from > range.to) return "from must not exceed to";
  return std::nullopt;
}

}  // namespace

template <>
constexpr auto rules<Signup> =
    fields(field<&Signup::full_name>(min_length(1), max_length(5)), field<&Signup::email>(format::email),
           field<&Signup::website>(format::url), field<&Signup::age>(ge(18), lt(150), multiple_of(2)),
           field<&Signup::share>(gt(0), le(0.5)), field<&Signup::tags>(min_items(1), max_items(2), min_length(2)),
           field<&Signup::scores>(max_items(1), ge(0)), field<&Signup::slug>(pattern("^[a-z-]+$")),
           field<&Signup::page_size>(defaulted, ge(1)), field<&Signup::display>(name("displayName"), defaulted));
template <>
constexpr auto rules<Strict> = fields(forbid_extra(), field<&Strict::a>());
template <>
constexpr auto rules<Range> = fields(field<&Range::from>(ge(0)), check<&in_order>());
template <>
constexpr auto rules<Booking> =
    fields(check<&few_nights>(), field<&Booking::nights>(ge(1), ge(1)), field<&Booking::room>(min_length(2)),
           field<&Booking::room>(max_length(4), min_length(2)), check<&few_guests>());
template <>
constexpr auto rules<Nested> =
    fields(field<&Nested::rows>(max_items(1), min_length(1)), field<&Nested::sheets>(max_items(1)),
           field<&Nested::series>(min_items(1), max_items(1), ge(0)), field<&Nested::points>(max_items(1)));

namespace {

json::object valid() {
  return {{"full_name", "Ada"}, {"email", "ada@example.com"}, {"age", 36},    {"share", 0.5},
          {"tags", {"xx"}},     {"scores", {{"a", 1}}},       {"slug", "ada"}};
}

struct Case {
  const char* member;
  json::value value;
  const char* type;
  const char* message;
  json::object context;
};

TEST(Rules, bounds_leave_a_value_between_them_or_not) {
  static_assert(constraints(ge(5), le(5)).can_be_met());
  static_assert(constraints(gt(4.5), lt(5)).can_be_met());
  static_assert(constraints(ge(1), gt(0), lt(3), le(2)).can_be_met());
  static_assert(constraints(ge(9007199254740992), le(9007199254740993)).can_be_met());
  static_assert(!constraints(gt(5), lt(5)).can_be_met());
  static_assert(!constraints(ge(1), gt(100), lt(50)).can_be_met());
  static_assert(!constraints(ge(5), lt(5)).can_be_met());
  static_assert(!constraints(gt(5), le(5.0)).can_be_met());
  static_assert(!constraints(le(100), lt(1), ge(2)).can_be_met());
  static_assert(!constraints(ge(9007199254740993), le(9007199254740992)).can_be_met());
  static_assert(constraints(multiple_of(0.01)).has_divisor());
  static_assert(!constraints(multiple_of(0)).has_divisor());
  static_assert(!constraints(multiple_of(-2)).has_divisor());
}

// In the struct, where each file that sees it sees them.
struct Visit {
  std::string name;
  int guests;
  std::string note;

  static constexpr auto rules() {
    return fields(field<&Visit::name>(bailey::name("fullName"), min_length(1)), field<&Visit::guests>(ge(1), le(4)),
                  field<&Visit::note>(defaulted), forbid_extra(), check<&Visit::fits>());
  }
  static std::optional<std::string> fits(const Visit& visit) {
    if (visit.guests > 2 && visit.note.empty()) return "more than two guests need a note";
    return std::nullopt;
  }
};
template <class T>
struct Numbered {
  T value;
  int number;

  static constexpr auto rules() { return fields(field<&Numbered::number>(ge(1))); }
};
// What is only called so says nothing.
struct Club {
  std::string rules;
};
struct Court {
  int cases;
  [[nodiscard]] int rules() const { return cases; }
};

TEST(Rules, stand_in_the_struct) {
  EXPECT_TRUE(decode_json<Visit>(R"({"fullName":"Ada","guests":2})"));
  const auto types_of = []<class T>(std::type_identity<T>, std::string_view text) {
    std::string all;
    const auto decoded = decode_json<T>(text);
    if (decoded) return all;
    for (const ValidationError& error : decoded.error().entries) all += std::string(error.type) + " ";
    return all;
  };
  EXPECT_EQ(types_of(std::type_identity<Visit>(), R"({"fullName":"","guests":5,"more":1})"),
            "string_too_short less_than_equal extra_forbidden ");
  EXPECT_EQ(types_of(std::type_identity<Visit>(), R"({"fullName":"Ada","guests":3})"), "value_error ");
  EXPECT_EQ(types_of(std::type_identity<Numbered<std::string>>(), R"({"value":"a","number":0})"),
            "greater_than_equal ");
  EXPECT_EQ(decode_json<Club>(R"({"rules":"none"})").value().rules, "none");
  EXPECT_EQ(decode_json<Court>(R"({"cases":3})").value().rules(), 3);
}

TEST(Rules, let_what_fits_pass) {
  const auto signup = decode<Signup>(valid());
  ASSERT_TRUE(signup) << to_json_text(signup.error().to_json());
  EXPECT_EQ(signup->page_size, 20);
}

TEST(Rules, name_what_does_not_fit) {
  const std::vector<Case> cases = {
      {"full_name", "", "string_too_short", "String should have at least 1 character", {{"min_length", 1}}},
      {"full_name", "Augusta", "string_too_long", "String should have at most 5 characters", {{"max_length", 5}}},
      {"email",
       "ada",
       "value_error",
       "value is not a valid email address: An email address must have an @-sign.",
       {{"reason", "An email address must have an @-sign."}}},
      {"website",
       "ftp://x",
       "url_scheme",
       "URL scheme should be 'http' or 'https'",
       {{"expected_schemes", "'http' or 'https'"}}},
      {"website",
       "x",
       "url_parsing",
       "Input should be a valid URL, relative URL without a base",
       {{"error", "relative URL without a base"}}},
      {"age", 16, "greater_than_equal", "Input should be greater than or equal to 18", {{"ge", 18}}},
      {"age", 150, "less_than", "Input should be less than 150", {{"lt", 150}}},
      {"age", 21, "multiple_of", "Input should be a multiple of 2", {{"multiple_of", 2}}},
      {"share", 0, "greater_than", "Input should be greater than 0", {{"gt", 0}}},
      {"share", 0.6, "less_than_equal", "Input should be less than or equal to 0.5", {{"le", 0.5}}},
      {"tags",
       json::array(),
       "too_short",
       "List should have at least 1 item after validation, not 0",
       {{"field_type", "List"}, {"min_length", 1}, {"actual_length", 0}}},
      {"tags",
       {"aa", "bb", "cc"},
       "too_long",
       "List should have at most 2 items after validation, not 3",
       {{"field_type", "List"}, {"max_length", 2}, {"actual_length", 3}}},
      {"scores",
       {{"a", 1}, {"b", 1}},
       "too_long",
       "Dictionary should have at most 1 item after validation, not 2",
       {{"field_type", "Dictionary"}, {"max_length", 1}, {"actual_length", 2}}},
      {"slug",
       "Ada!",
       "string_pattern_mismatch",
       "String should match pattern '^[a-z-]+$'",
       {{"pattern", "^[a-z-]+$"}}},
      {"page_size", 0, "greater_than_equal", "Input should be greater than or equal to 1", {{"ge", 1}}},
  };
  for (const Case& c : cases) {
    json::object input = valid();
    input[c.member] = c.value;
    const auto result = decode<Signup>(input, {"body"});
    ASSERT_FALSE(result) << c.member;
    ASSERT_EQ(result.error().entries.size(), 1U) << to_json_text(result.error().to_json());
    const ValidationError& error = result.error().entries[0];
    EXPECT_EQ(error.type, c.type);
    EXPECT_EQ(error.msg, c.message);
    EXPECT_EQ(error.loc, (Location{"body", c.member}));
    EXPECT_EQ(to_json_text(error.ctx), to_json_text(c.context));
    EXPECT_EQ(to_json_text(error.input), to_json_text(c.value));
  }
}

TEST(Rules, reach_into_items) {
  json::object input = valid();
  input["tags"] = {"xx", "y"};
  input["scores"] = {{"a", -1}};
  const auto result = decode<Signup>(input);
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().entries.size(), 2U);
  EXPECT_EQ(result.error().entries[0].loc, (Location{"tags", 1}));
  EXPECT_EQ(result.error().entries[1].loc, (Location{"scores", "a"}));
}

TEST(Rules, on_a_format_give_the_value_in_its_normal_form) {
  json::object input = valid();
  input["email"] = "Ada <ada@EXAMPLE.com>";
  input["website"] = "HTTPS://example.com";
  const auto signup = decode<Signup>(input);
  ASSERT_TRUE(signup);
  EXPECT_EQ(signup->email, "ada@example.com");
  EXPECT_EQ(signup->website, "https://example.com/");
}

TEST(Rules, count_characters_not_bytes) {
  json::object input = valid();
  input["full_name"] = "éàüöß";
  EXPECT_TRUE(decode<Signup>(input));
}

TEST(Rules, rename_members_on_the_wire) {
  json::object input = valid();
  input["displayName"] = "A.";
  const auto signup = decode<Signup>(input);
  ASSERT_TRUE(signup);
  EXPECT_EQ(signup->display, "A.");
  EXPECT_NE(encode(*signup).find(R"("displayName":"A.")"), std::string::npos);
}

TEST(Rules, refuse_unknown_names_where_asked) {
  const auto result = decode_json<Strict>(R"({"a":1,"b":2,"c":3})", {"body"});
  ASSERT_FALSE(result);
  EXPECT_EQ(to_json_text(result.error().to_json()),
            R"([{"type":"extra_forbidden","loc":["body","b"],"msg":"Extra inputs are not permitted","input":2},)"
            R"({"type":"extra_forbidden","loc":["body","c"],"msg":"Extra inputs are not permitted","input":3}])");
}

TEST(Rules, of_several_fields_and_checks_hold_together) {
  EXPECT_TRUE(decode_json<Booking>(R"({"nights":7,"guests":4,"room":"12a"})"));
  for (const char* room : {"1", "12abc"}) {
    const auto refused = decode<Booking>(json::object{{"nights", 7}, {"guests", 4}, {"room", room}});
    ASSERT_FALSE(refused) << room;
    EXPECT_EQ(refused.error().entries.at(0).loc, (Location{"room"}));
  }
  const auto refused = decode_json<Booking>(R"({"nights":8,"guests":5,"room":"12a"})");
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().entries.size(), 2U);
  EXPECT_EQ(refused.error().entries[0].msg, "Value error, at most a week");
  EXPECT_EQ(refused.error().entries[1].msg, "Value error, at most four guests");
}

TEST(Rules, on_the_number_of_items_are_about_the_outermost_list_only) {
  EXPECT_TRUE(decode_json<Nested>(
      R"({"rows":[["a","b","c"]],"sheets":[{"a":1,"b":2}],"series":{"a":[1,2]},"points":[[1,2,3]]})"));
  EXPECT_TRUE(decode_json<Nested>(R"({"rows":[[]],"series":{"a":[]}})"));
  const auto refused =
      decode_json<Nested>(R"({"rows":[[],[]],"sheets":[{},{}],"series":{"a":[-1],"b":[]},"points":[[1,2,3],[1,2,3]]})");
  ASSERT_FALSE(refused);
  std::vector<Location> where;
  for (const ValidationError& error : refused.error().entries) where.push_back(error.loc);
  EXPECT_EQ(where, (std::vector<Location>{{"rows"}, {"sheets"}, {"series"}, {"points"}}));
  EXPECT_EQ(decode_json<Nested>(R"({"rows":[["a",""]],"series":{"a":[]}})").error().entries.at(0).loc,
            (Location{"rows", 0, 1}));
  EXPECT_EQ(decode_json<Nested>(R"({"rows":[],"series":{"a":[1,-1]}})").error().entries.at(0).loc,
            (Location{"series", "a", 1}));
}

TEST(Rules, check_the_whole_when_its_parts_are_right) {
  EXPECT_TRUE(decode_json<Range>(R"({"from":1,"to":2})"));
  EXPECT_EQ(
      to_json_text(decode_json<Range>(R"({"from":3,"to":2})").error().to_json()),
      R"([{"type":"value_error","loc":[],"msg":"Value error, from must not exceed to","input":{"from":3,"to":2},"ctx":{"error":{}}}])");
  EXPECT_EQ(decode_json<Range>(R"({"from":-1,"to":-2})").error().entries.at(0).type, "greater_than_equal");
}

}  // namespace
}  // namespace bailey
