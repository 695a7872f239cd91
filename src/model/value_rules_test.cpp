// Texts without the space around them, lists of different items, durations.
#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/rules.hpp>
#include <bailey/model/schema.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;

struct Tag {
  std::string text;
};
struct Event {
  std::string title;
  std::vector<Tag> tags;
  std::optional<std::vector<int>> rows;
};

}  // namespace

template <>
constexpr auto rules<Event> = fields(field<&Event::title>(strip, min_length(1), max_length(5)),
                                     field<&Event::tags>(unique_items, defaulted), field<&Event::rows>(unique_items));

namespace {

// What is wrong with an event that is right but for this.
std::string fault(std::string_view members) {
  json::object event{{"title", "Tea"}};
  const json::value changed = json::parse("{" + std::string(members) + "}");
  for (const auto& [name, value] : changed.as_object()) event[name] = value;
  const auto decoded = decode_json<Event>(json::serialize(event), {}, {}, Conversion::lenient);
  if (decoded) return "";
  std::string all;
  for (const ValidationError& error : decoded.error().entries) {
    if (!all.empty()) all += "; ";
    for (const auto& step : error.loc) {
      if (const auto* name = std::get_if<std::string>(&step)) all += *name;
      if (const auto* at = std::get_if<std::int64_t>(&step)) all += std::to_string(*at);
      all += ' ';
    }
    all += std::string(error.type) + " " + error.msg;
  }
  return all;
}

TEST(ValueRules, take_the_white_space_around_a_text_off_before_they_look_at_it) {
  EXPECT_EQ(decode_json<Event>(R"({"title":" \t Tea\u2003\n"})").value().title, "Tea");
  EXPECT_EQ(fault(R"("title":"   ")"), "title string_too_short String should have at least 1 character");
  EXPECT_EQ(fault(R"("title":"     12345     ")"), "");
  EXPECT_EQ(fault(R"("title":" 123456 ")"), "title string_too_long String should have at most 5 characters");
}

TEST(ValueRules, tell_items_apart_by_what_they_are_and_not_by_how_they_were_written) {
  EXPECT_EQ(fault(R"("tags":[{"text":"a"},{"text":"b"}])"), "");
  EXPECT_EQ(fault(R"("tags":[{"text":"a"},{"text":"b"},{"text":"\u0061"}])"),
            "tags value_error Value error, the items must differ from each other");
  EXPECT_EQ(fault(R"("rows":[1,2,"1"])"), "rows value_error Value error, the items must differ from each other");
  EXPECT_EQ(fault(R"("rows":null)"), "");
  const std::string schema_text = json::serialize(schema<Event>());
  EXPECT_TRUE(schema_text.contains(R"("uniqueItems":true)")) << schema_text;
}

struct EventPatch {
  Maybe<std::string> title;
  std::optional<int> rows;
  Maybe<std::vector<std::optional<int>>> seats;
  Maybe<std::string> note;
};

}  // namespace

template <>
constexpr auto rules<EventPatch> =
    fields(field<&EventPatch::title>(not_null, min_length(1)), field<&EventPatch::rows>(not_null),
           field<&EventPatch::seats>(not_null), min_members(1));

namespace {

// Any JSON, which may itself be null.
struct NotePatch {
  Maybe<json::value> extra;
  std::optional<json::value> more;

  static constexpr auto rules() {
    return fields(field<&NotePatch::extra>(not_null), field<&NotePatch::more>(not_null));
  }
};

TEST(ValueRules, take_no_null_for_any_json_but_null) {
  EXPECT_TRUE(decode_json<NotePatch>("{}"));
  EXPECT_TRUE(decode_json<NotePatch>(R"({"extra":[null],"more":0})"));
  const auto refused = decode_json<NotePatch>(R"({"extra":null,"more":null})", {"body"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(to_json_text(refused.error().to_json()),
            R"([{"type":"value_error","loc":["body","extra"],"msg":"Value error, null is no value here",)"
            R"("input":null,"ctx":{"error":{}}},{"type":"value_error","loc":["body","more"],)"
            R"("msg":"Value error, null is no value here","input":null,"ctx":{"error":{}}}])");
  EXPECT_EQ(to_json_text(schema<NotePatch>().at("$defs").at("NotePatch").at("properties").at("extra").at("not")),
            R"({"type":"null"})");
}

struct TagPatch {
  Maybe<std::vector<std::string>> tags;

  static constexpr auto rules() { return fields(field<&TagPatch::tags>(unique_items)); }
};

TEST(ValueRules, tell_items_apart_in_a_list_that_may_be_left_out_too) {
  EXPECT_TRUE(decode_json<TagPatch>("{}"));
  EXPECT_TRUE(decode_json<TagPatch>(R"({"tags":null})"));
  EXPECT_TRUE(decode_json<TagPatch>(R"({"tags":["a","b"]})"));
  EXPECT_FALSE(decode_json<TagPatch>(R"({"tags":["a","a"]})"));
}

TEST(ValueRules, take_no_null_for_what_may_only_be_left_out) {
  const auto types_of = [](std::string_view text) {
    std::string all;
    const auto decoded = decode_json<EventPatch>(text);
    if (!decoded) {
      for (const ValidationError& error : decoded.error().entries) all += std::string(error.type) + " ";
    }
    return all;
  };
  EXPECT_EQ(types_of(R"({"title":"a","note":null})"), "");
  EXPECT_EQ(types_of(R"({"rows":7})"), "");
  EXPECT_EQ(types_of(R"({"title":null,"rows":null,"seats":null})"), "string_type int_type list_type ");
  EXPECT_EQ(types_of(R"({"seats":[null,1]})"), "") << "its items are no member";
  const json::object document = schema<EventPatch>();
  const json::object& properties = document.at("$defs").at("EventPatch").at("properties").as_object();
  EXPECT_EQ(properties.at("title").at("type"), "string");
  EXPECT_EQ(properties.at("rows").at("type"), "integer");
  EXPECT_TRUE(properties.at("note").as_object().contains("anyOf"));
}

TEST(ValueRules, count_the_members_that_an_object_brings) {
  const auto fault_of = [](std::string_view text) {
    const auto decoded = decode_json<EventPatch>(text);
    return decoded ? std::string() : std::string(decoded.error().entries.front().msg);
  };
  constexpr std::string_view too_few = "Dictionary should have at least 1 item after validation, not 0";
  EXPECT_EQ(fault_of("{}"), too_few);
  EXPECT_EQ(fault_of(R"({"titel":"a"})"), too_few) << "what is no member does not count";
  EXPECT_EQ(fault_of(R"({"note":null})"), "") << "null is a change";
}

struct Times {
  std::chrono::seconds in_seconds{0};
  std::chrono::nanoseconds in_nanoseconds{0};
  std::chrono::duration<std::int8_t> few{0};
  std::chrono::duration<double> exact{0};
  std::optional<std::chrono::milliseconds> perhaps = {};
};

TEST(Durations, are_read_from_iso_8601_clock_forms_and_numbers_of_seconds) {
  const auto read = decode_json<Times>(
      R"({"in_seconds":"PT1H0.9S","in_nanoseconds":"00:00:01.5","few":100,"exact":0.25,"perhaps":"1 day, 00:00:01"})",
      {}, {}, Conversion::lenient);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->in_seconds, 3600s);
  EXPECT_EQ(read->in_nanoseconds, 1500ms);
  EXPECT_EQ(read->few.count(), 100);
  EXPECT_EQ(read->exact.count(), 0.25);
  EXPECT_EQ(*read->perhaps, 24h + 1s);
  EXPECT_EQ(encode(*read),
            R"({"in_seconds":"PT1H","in_nanoseconds":"PT1.5S","few":"PT1M40S","exact":"PT0.25S","perhaps":"P1DT1S"})");
}

TEST(Durations, are_refused_where_they_are_none_or_do_not_fit) {
  const auto type_of = [](std::string_view few, std::string_view nanoseconds = R"("PT0S")") {
    const auto read = decode_json<Times>(R"({"in_seconds":"PT0S","exact":0,"few":)" + std::string(few) +
                                             R"(,"in_nanoseconds":)" + std::string(nanoseconds) + "}",
                                         {}, {}, Conversion::lenient);
    return read ? std::string() : std::string(read.error().entries.front().type);
  };
  EXPECT_EQ(type_of("127"), "");
  EXPECT_EQ(type_of("128"), "time_delta_parsing");
  EXPECT_EQ(type_of("-129"), "time_delta_parsing");
  EXPECT_EQ(type_of("true"), "time_delta_type");
  EXPECT_EQ(type_of("{}"), "time_delta_type");
  EXPECT_EQ(type_of(R"("soon")"), "time_delta_parsing");
  EXPECT_EQ(type_of("0", R"("P106751D")"), "");
  EXPECT_EQ(type_of("0", R"("P106752D")"), "time_delta_parsing");
}

TEST(Durations, have_a_format_in_the_schema) {
  const std::string text = json::serialize(schema<std::chrono::seconds>());
  EXPECT_EQ(text, R"({"type":"string","format":"duration"})");
}

}  // namespace
}  // namespace bailey
