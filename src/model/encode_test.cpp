#include <bailey/model/encode.hpp>

#include <bailey/model/decode.hpp>
#include <bailey/model/json_text.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace bailey {

struct Money {
  std::int64_t cents;
};
template <>
struct TextCodec<Money> {
  static std::string to_text(const Money& money) { return std::to_string(money.cents) + "ct"; }
  static std::expected<Money, std::string> from_text(std::string_view) { return std::unexpected("unused"); }
};

namespace {

enum class Colour { red, green };
struct Empty {};
struct Point {
  int x;
  double y;
};
struct Everything {
  bool yes;
  std::int64_t whole;
  double real;
  std::string text;
  std::optional<int> none;
  std::vector<Point> points;
  std::map<std::string, int> map;
  Colour colour;
  Uuid id;
};

TEST(Encode, writes_models_compactly_in_the_order_of_members) {
  const Everything value{.yes = true,
                         .whole = -7,
                         .real = 1.5,
                         .text = "a\"b",
                         .none = {},
                         .points = {{1, 2.0}, {3, 0.1}},
                         .map = {{"k", 1}, {"l\n", 2}},
                         .colour = Colour::green,
                         .id = {}};
  EXPECT_EQ(encode(value),
            R"({"yes":true,"whole":-7,"real":1.5,"text":"a\"b","none":null,"points":[{"x":1,"y":2},{"x":3,"y":0.1}],)"
            R"("map":{"k":1,"l\n":2},"colour":"green","id":"00000000-0000-0000-0000-000000000000"})");
}

TEST(Encode, appends_to_what_is_there) {
  std::string out = "[0,";
  encode(1, out);
  out.push_back(',');
  encode(std::vector<int>{}, out);
  encode(Empty{}, out);
  EXPECT_EQ(out, "[0,1,[]{}");
}

TEST(Encode, writes_each_kind_of_value) {
  EXPECT_EQ(encode(true), "true");
  EXPECT_EQ(encode(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(encode(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(encode(std::uint8_t{200}), "200");
  EXPECT_EQ(encode(0.1F), "0.1");
  EXPECT_EQ(encode(std::nan("")), "null");
  EXPECT_EQ(encode("literal"), "\"literal\"");
  EXPECT_EQ(encode(std::string_view("view")), "\"view\"");
  EXPECT_EQ(encode(nullptr), "null");
  EXPECT_EQ(encode(std::optional<int>(3)), "3");
  EXPECT_EQ(encode(std::make_unique<int>(3)), "3");
  EXPECT_EQ(encode(std::unique_ptr<int>()), "null");
  EXPECT_EQ(encode(std::shared_ptr<int>()), "null");
  EXPECT_EQ(encode(std::vector<bool>{true, false}), "[true,false]");
  EXPECT_EQ(encode(std::array<int, 2>{1, 2}), "[1,2]");
  EXPECT_EQ(encode(std::set<std::string>{"b", "a"}), R"(["a","b"])");
  EXPECT_EQ(encode(std::unordered_map<std::string, int>{{"a", 1}}), R"({"a":1})");
  EXPECT_EQ(encode(std::variant<int, std::string>("x")), "\"x\"");
  EXPECT_EQ(encode(std::variant<std::monostate, int>()), "null");
  EXPECT_EQ(encode(json::value{{"a", {1, nullptr}}}), R"({"a":[1,null]})");
  EXPECT_EQ(encode(json::object{{"a", 1}}), R"({"a":1})");
  EXPECT_EQ(encode(json::array{1, 2}), "[1,2]");
  EXPECT_EQ(encode(std::vector<std::byte>{std::byte{'f'}, std::byte{'o'}}), "\"Zm8=\"");
  EXPECT_EQ(encode(Money{250}), "\"250ct\"");
  EXPECT_THROW(static_cast<void>(encode(static_cast<Colour>(9))), std::out_of_range);
  const std::array<int, 2> numbers{1, 2};
  EXPECT_EQ(encode(std::span<const int>(numbers)), "[1,2]");
}

TEST(Encode, writes_times_as_iso_8601) {
  using namespace std::chrono_literals;
  const std::chrono::sys_days day = std::chrono::year(2026) / 11 / 23;
  EXPECT_EQ(encode(day), "\"2026-11-23\"");
  EXPECT_EQ(encode(std::chrono::sys_seconds(day) + 1h), "\"2026-11-23T01:00:00Z\"");
  EXPECT_EQ(encode(std::chrono::sys_time<std::chrono::milliseconds>(day) + 5ms), "\"2026-11-23T00:00:00.005Z\"");
}

TEST(Encode, leaves_out_members_that_are_missing) {
  struct Patch {
    Maybe<int> a;
    Maybe<int> b;
    Maybe<int> c;
  };
  EXPECT_EQ(encode(Patch{}), "{}");
  EXPECT_EQ(encode(Patch{.a = {}, .b = 2, .c = {}}), R"({"b":2})");
  EXPECT_EQ(encode(Patch{.a = std::nullopt, .b = {}, .c = 3}), R"({"a":null,"c":3})");
}

TEST(Encode, a_maybe_is_made_of_what_makes_its_value) {
  struct Patch {
    Maybe<std::string> name;
    Maybe<double> share;
    Maybe<Uuid> owner;
  };
  Patch patch{.name = "x", .share = 1, .owner = {}};
  EXPECT_EQ(encode(patch), R"({"name":"x","share":1})");
  patch.name = std::nullopt;
  EXPECT_EQ(encode(patch), R"({"name":null,"share":1})");
  patch.name = {};
  EXPECT_TRUE(patch.name.is_missing());
  static_assert(std::same_as<decltype(Maybe(7)), Maybe<int>>);
  static_assert(std::is_convertible_v<const char*, Maybe<std::string>>);
  static_assert(!std::is_convertible_v<std::string_view, Maybe<std::string>>, "as explicit as in std::string itself");
  static_assert(std::is_constructible_v<Maybe<std::string>, std::string_view>);
  static_assert(!std::is_constructible_v<Maybe<std::string>, std::vector<int>>);
}

TEST(Encode, writes_what_is_json_already_as_it_stands) {
  struct Row {
    int id = 1;
    JsonText document;
    Maybe<JsonText> more;
  };
  EXPECT_EQ(encode(Row{.document = JsonText(R"({"big":123456789012345678901234567890})")}),
            R"({"id":1,"document":{"big":123456789012345678901234567890}})");
  EXPECT_EQ(encode(Row{.more = JsonText("[1]")}), R"({"id":1,"document":null,"more":[1]})");
  EXPECT_EQ(encode(std::vector{JsonText("1"), JsonText("{}")}), "[1,{}]");
  const auto read = decode_json<Row>(R"({"id":2,"document":{"a":[1,"x"]}})");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->document.text(), R"({"a":[1,"x"]})");
}

TEST(Encode, does_not_allocate_when_the_string_has_room) {
  const Everything value{.yes = true,
                         .whole = 1,
                         .real = 0.25,
                         .text = std::string(100, 'x'),
                         .none = 1,
                         .points = {{1, 2}},
                         .map = {{"k", 1}},
                         .colour = Colour::red,
                         .id = Uuid::random()};
  std::string out;
  out.reserve(1024);
  const char* buffer = out.data();
  encode(value, out);
  EXPECT_EQ(out.data(), buffer);
}

}  // namespace
}  // namespace bailey
