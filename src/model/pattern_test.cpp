#include <bailey/model/pattern.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailey {
namespace {

struct Case {
  const char* expression;
  std::vector<std::string> matching;
  std::vector<std::string> other;
};

const std::vector<Case> cases = {
    {"", {"", "a"}, {}},
    {"b", {"b", "abc"}, {"", "a"}},
    {"^b$", {"b"}, {"ab", "bb", ""}},
    {"^a*$", {"", "aaa"}, {"ab"}},
    {"^a+b?$", {"a", "ab", "aab"}, {"", "b", "abb"}},
    {"^(ab|cd)*$", {"", "abcd"}, {"abc"}},
    {"^(?:a|b|)c$", {"c", "ac"}, {"abc"}},
    {"^a{2}$", {"aa"}, {"a", "aaa"}},
    {"^a{2,}$", {"aa", "aaaa"}, {"a"}},
    {"^a{1,3}$", {"a", "aaa"}, {"", "aaaa"}},
    {"^a{0,1}b$", {"b", "ab"}, {"aab"}},
    {"^(a{2}){2}$", {"aaaa"}, {"aa", "aaa"}},
    {"^a{$", {"a{"}, {"a"}},
    {"^a{,3}$", {"a{,3}"}, {"aa"}},
    {"^[a-c_-]+$", {"abc-_"}, {"d", ""}},
    {"^[^a-c]$", {"d", "é", "\n"}, {"a", "dd"}},
    {"^[]a]$", {"]", "a"}, {"b"}},
    {"^[\\d\\]x]+$", {"1]x"}, {"y"}},
    {"^\\d{4}-\\d\\d$", {"2026-11"}, {"2026-1", "x2026-11"}},
    {"^\\w+\\s\\W$", {"a_1 !"}, {"a_1!"}},
    {"^\\S\\D$", {"ab"}, {" b", "a1"}},
    {"^.$", {"x", "é", "🦊"}, {"\n", "", "xx"}},
    {"^[à-ü]{2}$", {"éà"}, {"e"}},
    {"\\.\\*\\\\", {"a.*\\"}, {"abc"}},
    {"^a|b$", {"ax", "xb"}, {"xa", "bx"}},
    {"(^|,)x(,|$)", {"x", "a,x,b", "x,y"}, {"ax", "xx"}},
    {"^(a*)*$", {"", "aaa"}, {"b"}},
    {"^(a|a?)+$", {"", "aaa"}, {"b"}},
    {"^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$", {"my-slug-2"}, {"-x", "x-", "a--b"}},
    {"^a+?$", {"aaa"}, {""}},
};

TEST(Pattern, matches_what_it_should_and_nothing_else) {
  for (const Case& c : cases) {
    const Pattern pattern(c.expression);
    for (const std::string& text : c.matching) EXPECT_TRUE(pattern.found_in(text)) << c.expression << " in " << text;
    for (const std::string& text : c.other) EXPECT_FALSE(pattern.found_in(text)) << c.expression << " in " << text;
  }
}

// std::regex is the slow, well-known oracle: every text of up to five of three letters.
TEST(Pattern, agrees_with_another_engine_on_all_short_texts) {
  std::vector<std::string> texts = {""};
  for (std::size_t i = 0; texts[i].size() < 5; ++i) {
    for (const char c : {'a', 'b', '-'}) texts.push_back(texts[i] + c);
  }
  for (const char* expression : {"^a*b+$", "a(b|-)a", "^(a|ab)(-|b-)*$", "^[^a]+$", "^(ab?){2,3}$", "b$|^-", "(a-){2}",
                                 "^(?:a|b){1,2}-?$", "^(a*b*)*-$", "^$"}) {
    const Pattern pattern(expression);
    const std::regex oracle(expression);
    for (const std::string& text : texts) {
      EXPECT_EQ(pattern.found_in(text), std::regex_search(text, oracle)) << expression << " in " << text;
    }
  }
}

TEST(Pattern, refuses_expressions_it_cannot_keep_linear_or_read) {
  for (const char* expression : {"(a", "a)", "[a", "*a", "a**b(", "+", "\\", "(?=a)", "(?<n>a)", "\\1", "\\b", "[z-a]",
                                 "a{3,2}", "a{1001}", "[\\D]", "\xff", "(((a{100}){100}){100})", "[\\"}) {
    EXPECT_THROW(Pattern{expression}, std::invalid_argument) << expression;
  }
  EXPECT_THROW(Pattern(std::string(100, '(') + std::string(100, ')')), std::invalid_argument);
}

TEST(Pattern, stays_linear_where_backtracking_explodes) {
  const Pattern pattern("^(a+)+$");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(pattern.found_in(std::string(100'000, 'a') + "b"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace bailey
