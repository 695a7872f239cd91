#include <bailey/model/patch.hpp>

#include <bailey/model/decode.hpp>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace bailey
