#include <bailey/model/patch.hpp>

#include <bailey/model/decode.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailey {
namespace {

struct Card {
  int id = 1;
  std::string full_name = "Ada";
  std::optional<std::string> website = "https://example.com";
  std::vector<std::string> tags = {"a"};
};
struct CardPatch {
  std::optional<std::string> full_name;
  Maybe<std::string> website;
  std::optional<std::vector<std::string>> tags;
};

Card patched(std::string_view text) {
  Card card;
  apply_patch(card, decode_json<CardPatch>(text).value());
  return card;
}

TEST(Patches, take_over_what_they_bring_and_leave_the_rest) {
  const Card same = patched("{}");
  EXPECT_EQ(same.full_name, "Ada");
  EXPECT_EQ(same.website, "https://example.com");
  const Card changed = patched(R"({"full_name":"Grace","website":"x","tags":[]})");
  EXPECT_EQ(changed.id, 1);
  EXPECT_EQ(changed.full_name, "Grace");
  EXPECT_EQ(changed.website, "x");
  EXPECT_TRUE(changed.tags.empty());
}

TEST(Patches, clear_what_they_bring_as_null_where_it_can_be_null) {
  EXPECT_EQ(patched(R"({"website":null})").website, std::nullopt);
  EXPECT_EQ(patched(R"({"full_name":null})").full_name, "Ada");
}

struct TitlePatch {
  Maybe<std::string> full_name;
};

}  // namespace

template <>
constexpr auto rules<TitlePatch> = fields(field<&TitlePatch::full_name>(not_null));

namespace {

TEST(Patches, change_what_cannot_be_null_by_a_maybe_that_is_not_null) {
  Card card;
  apply_patch(card, decode_json<TitlePatch>(R"({"full_name":"Grace"})").value());
  EXPECT_EQ(card.full_name, "Grace");
  apply_patch(card, decode_json<TitlePatch>("{}").value());
  apply_patch(card, TitlePatch{.full_name = std::nullopt});
  EXPECT_EQ(card.full_name, "Grace");
}

struct Stock {
  std::int64_t pieces = 0;
  std::optional<std::int64_t> ordered;
  double price = 0;
  std::optional<std::string> place;
  std::chrono::milliseconds age{0};
};
struct StockPatch {
  std::optional<int> pieces;
  Maybe<std::uint32_t> ordered;
  std::optional<float> price;
  std::optional<std::string> place;
  std::optional<std::chrono::seconds> age;
};

TEST(Patches, widen_numbers_and_durations_without_a_loss) {
  Stock stock;
  apply_patch(
      stock,
      StockPatch{
          .pieces = -1, .ordered = 4294967295U, .price = 0.5F, .place = "shelf", .age = std::chrono::seconds(3)});
  EXPECT_EQ(stock.pieces, -1);
  EXPECT_EQ(stock.ordered, 4294967295);
  EXPECT_EQ(stock.price, 0.5);
  EXPECT_EQ(stock.place, "shelf");
  EXPECT_EQ(stock.age, std::chrono::milliseconds(3000));
}

// The sentence is asked for in refused.cpp; here is what it is said of.
TEST(Patches, know_which_numbers_others_hold) {
  using detail::holds_every;
  using Seconds = std::chrono::duration<int>;
  EXPECT_TRUE((holds_every<double, int>()));
  EXPECT_TRUE((holds_every<std::optional<std::int64_t>, std::optional<std::uint32_t>>()));
  EXPECT_TRUE((holds_every<std::chrono::duration<std::int64_t>, Seconds>()));
  EXPECT_FALSE((holds_every<int, std::int64_t>()));
  EXPECT_FALSE((holds_every<std::optional<int>, std::int64_t>()));
  EXPECT_FALSE((holds_every<unsigned, int>()));
  EXPECT_FALSE((holds_every<int, double>()));
  EXPECT_FALSE((holds_every<float, double>()));
  EXPECT_FALSE((holds_every<double, std::int64_t>()));
  EXPECT_FALSE((holds_every<bool, int>()));
  EXPECT_FALSE((holds_every<Seconds, std::chrono::duration<std::int64_t>>()));
}

}  // namespace
}  // namespace bailey
