#include "model/dotenv.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace bailey::detail {
namespace {

std::optional<std::string> from_environment(std::string_view name) {
  static const std::map<std::string, std::string, std::less<>> environment{{"HOME", "/home/ada"}, {"EMPTY", ""}};
  const auto found = environment.find(name);
  return found == environment.end() ? std::nullopt : std::optional(found->second);
}

std::expected<Variables, DotenvError> parse(std::string_view text) { return parse_dotenv(text, from_environment); }

TEST(Dotenv, takes_values_as_shells_do) {
  struct Case {
    std::string_view line;
    std::string_view value;
  };
  for (const Case& c : std::vector<Case>{
           {"A=1", "1"},
           {"A=", ""},
           {"A =  1  ", "1"},
           {"export A=1", "1"},
           {"export\tA=1", "1"},
           {"export=1", "1"},
           {"A=a b  # no", "a b"},
           {"A=a#b", "a#b"},
           {"A=#ab", "#ab"},
           {"A= # none", ""},
           {"A=\t#none", ""},
           {"A=a=b", "a=b"},
           {"A=it's", "it's"},
           {"A=a\\nb", "a\\nb"},
           {"A='a # \"b\" $HOME ${HOME} \\n'  # no", "a # \"b\" $HOME ${HOME} \\n"},
           {"A=\"a # 'b' \\\"c\\\" \\\\ \\$ \\x\"", "a # 'b' \"c\" \\ $ \\x"},
           {"A=\"1\\n2\\t3\\r\"", "1\n2\t3\r"},
           {"A=\"first\nsecond\"", "first\nsecond"},
           {"A='first\nsecond'", "first\nsecond"},
           {"A=${HOME}/x", "/home/ada/x"},
           {"A=\"${HOME}\"", "/home/ada"},
           {"A=$HOME", "$HOME"},
           {"A=\"\\${HOME}\"", "${HOME}"},
           {"A=[${NOBODY}]", "[]"},
           {"A=${NOBODY:-80}", "80"},
           {"A=${EMPTY:-80}", "80"},
           {"A=${HOME:-80}", "/home/ada"},
           {"A=${NOBODY:-}", ""},
           {"A=\"\"", ""},
           {"A=1\r\n", "1"},
           {"A=1\r", "1"},
       }) {
    const auto parsed = parse(c.line);
    ASSERT_TRUE(parsed) << c.line << ": " << parsed.error().reason;
    ASSERT_EQ(parsed->size(), 1U) << c.line;
    EXPECT_EQ(parsed->front().second, c.value) << c.line;
  }
}

TEST(Dotenv, reads_line_by_line_and_puts_in_what_stands_above) {
  const auto parsed = parse(
      "\xEF\xBB\xBF# a comment\r\n\r\n  \t\nHOST=db\n  PORT=5432 # the usual "
      "one\nURL=postgresql://${HOST}:${PORT}/app\n"
      "HOST=other\nTWICE=${HOST}${LATER}\nLATER=1");
  ASSERT_TRUE(parsed) << parsed.error().reason;
  EXPECT_EQ(*parsed, (Variables{{"HOST", "db"},
                                {"PORT", "5432"},
                                {"URL", "postgresql://db:5432/app"},
                                {"HOST", "other"},
                                {"TWICE", "other"},
                                {"LATER", "1"}}));
}

TEST(Dotenv, does_not_read_again_what_it_has_put_in) {
  const auto parsed = parse("A='${HOME} \"'\nB=\"${A}\"");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->back().second, "${HOME} \"");
}

TEST(Dotenv, says_where_a_text_is_none_and_quotes_nothing_of_it) {
  struct Case {
    std::string_view text;
    std::size_t line;
    std::size_t column;
    std::string_view reason;
  };
  for (const Case& c : std::vector<Case>{
           {"A=1\ncanary", 2, 7, "= was expected"},
           {"A=1\n  9A=canary", 2, 3, "name was expected"},
           {"export =canary", 1, 8, "name was expected"},
           {"A-B=canary", 1, 2, "= was expected"},
           {"A='canary\nB=2\n", 1, 3, "without the one that ends"},
           {"\nA=\"canary\\\"", 2, 3, "without the one that ends"},
           {"A='1' canary", 1, 7, "line's end was expected"},
           {"A=\"1\"canary", 1, 6, "line's end was expected"},
           {"A=${canary", 1, 3, "${ is followed by"},
           {"A=${}", 1, 3, "${ is followed by"},
           {"A=${1}", 1, 3, "${ is followed by"},
           {"A=${B-canary}", 1, 3, "${ is followed by"},
           {"A=\"${B:-canary\n}\"", 1, 4, "${ is followed by"},
           {std::string_view("A=1\nB=\0canary", 13), 2, 3, "NUL"},
       }) {
    const auto parsed = parse(c.text);
    ASSERT_FALSE(parsed) << c.text;
    EXPECT_EQ(parsed.error().line, c.line) << c.text;
    EXPECT_EQ(parsed.error().column, c.column) << c.text;
    EXPECT_NE(parsed.error().reason.find(c.reason), std::string_view::npos) << c.text << ": " << parsed.error().reason;
    EXPECT_EQ(parsed.error().reason.find("canary"), std::string_view::npos);
  }
}

TEST(Dotenv, bounds_what_a_few_lines_grow_to) {
  std::string text = "A0=0123456789\n";
  for (int line = 1; line < 100; ++line) {
    const std::string before = "${A" + std::to_string(line - 1) + "}";
    text += "A" + std::to_string(line) + "=" + before + before + "\n";
  }
  const auto parsed = parse(text);
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().reason.find("too large"), std::string_view::npos);
}

}  // namespace
}  // namespace bailey::detail
