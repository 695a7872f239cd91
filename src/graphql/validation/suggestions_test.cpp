#include <graphql/natural_order.hpp>
#include <graphql/validation/suggestions.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

using Names = std::vector<std::string_view>;

TEST(Suggestions, are_the_names_a_few_edits_away_nearest_first) {
  EXPECT_EQ(suggestion_list("titel", {"title", "tile", "card", "subtitle"}), (Names{"title", "tile"}));
  EXPECT_EQ(suggestion_list("abc", {"a", "ab", "abc"}), (Names{"abc", "ab", "a"}));
  EXPECT_EQ(suggestion_list("card", {"owner"}), Names());
  EXPECT_EQ(suggestion_list("", {"a"}), Names{"a"});
}

TEST(Suggestions, take_a_change_of_case_and_a_swap_as_one_edit) {
  EXPECT_EQ(suggestion_list("verylongname", {"VERYLONGNAME", "verylongnaem"}), (Names{"VERYLONGNAME", "verylongnaem"}));
}

TEST(Suggestions, are_not_looked_for_where_the_name_is_too_long_to_be_one) {
  EXPECT_EQ(suggestion_list(std::string(100'000, 'a'), {std::string_view("aaaa")}), Names());
}

TEST(Suggestions, are_told_in_a_sentence_at_most_five) {
  EXPECT_EQ(did_you_mean({}), "");
  EXPECT_EQ(did_you_mean({"a"}), " Did you mean \"a\"?");
  EXPECT_EQ(did_you_mean({"a", "b"}, "the enum value"), " Did you mean the enum value \"a\" or \"b\"?");
  EXPECT_EQ(did_you_mean({"a", "b", "c", "d", "e", "f"}), " Did you mean \"a\", \"b\", \"c\", \"d\", or \"e\"?");
}

TEST(NaturalOrder, takes_numbers_in_names_as_numbers) {
  EXPECT_TRUE(naturally_less("a2", "a10"));
  EXPECT_FALSE(naturally_less("a10", "a2"));
  EXPECT_TRUE(naturally_less("a2b", "a10a"));
  EXPECT_TRUE(naturally_less("B", "a"));
  EXPECT_FALSE(naturally_less("a", "a"));
  EXPECT_TRUE(naturally_less("a", "ab"));
}

}  // namespace
}  // namespace bailey::graphql
