#include <bailey/model/enums.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>

namespace bailey {
namespace {

enum class Status { draft, published, delete_, archived = 40 };
enum class Small : std::uint8_t { only = 127 };
enum Plain : int { plain_one = 1, plain_two };
enum class Aliased { a = 3, b = 3 };
enum class Depth : std::int8_t { below = -128, ground = 0, above = 127 };
enum class Octet : std::uint8_t { low = 1, middle = 128, high = 255 };
enum class Gap { none = -1, some = 129, last = 255 };
enum class Right : std::uint64_t { read = 1, write = 2, grant = 1ULL << 40, own = 1ULL << 63 };
enum class Sign : std::int32_t { plain = 0, sign = std::numeric_limits<std::int32_t>::min() };
enum class Truth : bool { no, yes };
enum class Reply { moved = 301, done = 200, odd = -4000 };
enum class Progress { in_progress, fresh };

}  // namespace

template <>
inline constexpr auto enumerators<Reply> = std::array{Reply::done, Reply::moved, Reply::odd};
template <>
inline constexpr auto enumerators<Progress> =
    std::array{Enumerator{Progress::in_progress, "in progress"}, Enumerator{Progress::fresh, "new"}};

namespace {

TEST(Enums, are_named_in_the_order_of_values) {
  EXPECT_TRUE(std::ranges::equal(enum_names<Status>, std::array{"draft", "published", "delete", "archived"}));
  EXPECT_EQ(enum_names<Small>.size(), 1U);
  EXPECT_EQ(enum_names<Plain>[0], "plain_one");
  EXPECT_EQ(enum_names<Aliased>.size(), 1U);
}

TEST(Enums, translate_both_ways) {
  EXPECT_EQ(enum_name(Status::archived), "archived");
  EXPECT_EQ(enum_name(Small::only), "only");
  EXPECT_EQ(parse_enum<Status>("delete"), Status::delete_);
  EXPECT_EQ(parse_enum<Plain>("plain_two"), plain_two);
}

TEST(Enums, are_found_with_negative_large_and_single_bit_values) {
  EXPECT_TRUE(std::ranges::equal(enum_names<Depth>, std::array{"below", "ground", "above"}));
  EXPECT_TRUE(std::ranges::equal(enum_names<Octet>, std::array{"low", "middle", "high"}));
  EXPECT_TRUE(std::ranges::equal(enum_names<Gap>, std::array{"none", "some", "last"}));
  EXPECT_TRUE(std::ranges::equal(enum_names<Right>, std::array{"read", "write", "grant", "own"}));
  EXPECT_TRUE(std::ranges::equal(enum_names<Sign>, std::array{"sign", "plain"}));
  EXPECT_TRUE(std::ranges::equal(enum_names<Truth>, std::array{"no", "yes"}));
}

TEST(Enums, that_are_listed_may_have_any_values) {
  EXPECT_TRUE(std::ranges::equal(enum_names<Reply>, std::array{"odd", "done", "moved"}));
  EXPECT_EQ(parse_enum<Reply>("moved"), Reply::moved);
}

TEST(Enums, may_have_names_that_cpp_has_not) {
  EXPECT_EQ(enum_name(Progress::in_progress), "in progress");
  EXPECT_EQ(parse_enum<Progress>("new"), Progress::fresh);
  EXPECT_FALSE(parse_enum<Progress>("in_progress"));
  EXPECT_EQ(encode(std::vector{Progress::fresh, Progress::in_progress}), R"(["new","in progress"])");
  EXPECT_EQ(enum_names<Progress>.size(), 2U);
}

TEST(Enums, go_to_the_wire_and_back_whatever_their_values) {
  const auto round_trips = [](auto value) { return decode_json<decltype(value)>(encode(value)) == value; };
  EXPECT_TRUE(round_trips(Depth::below));
  EXPECT_TRUE(round_trips(Octet::middle));
  EXPECT_TRUE(round_trips(Gap::last));
  EXPECT_TRUE(round_trips(Right::own));
  EXPECT_TRUE(round_trips(Reply::odd));
}

TEST(Enums, without_a_name_are_not_encoded) {
  for (const Right both : {static_cast<Right>(3), static_cast<Right>(0)}) {
    EXPECT_THROW(static_cast<void>(encode(both)), std::out_of_range);
  }
  try {
    static_cast<void>(enum_text(static_cast<Status>(700)));
    FAIL();
  } catch (const std::out_of_range& error) {
    EXPECT_EQ(std::string(error.what()),
              "700 is no enumerator of Status that is known by name: those beyond -128 to 255 are listed in "
              "bailey::enumerators<Status>");
  }
}

TEST(Enums, have_no_name_for_other_values) {
  EXPECT_EQ(enum_name(static_cast<Status>(7)), "");
  EXPECT_EQ(enum_name(static_cast<Status>(-1)), "");
  EXPECT_EQ(enum_name(static_cast<Status>(100000)), "");
  for (const char* text : {"", "Draft", "delete_", "draft ", "7"}) EXPECT_FALSE(parse_enum<Status>(text)) << text;
}

}  // namespace
}  // namespace bailey
