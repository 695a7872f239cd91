#include "stack/glob.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace bailey::stack {
namespace {

bool matches(std::string_view pattern, std::string_view text) { return Glob::parse(pattern).value().matches(text); }

// Expectations of gobwas/glob itself with the separators `.` and `/`.
TEST(Glob, matches_whole_texts_as_gotrue_does) {
  struct Case {
    std::string_view pattern, text;
    bool matches;
  };
  for (const Case& c : {
           Case{"", "", true},
           Case{"", "a", false},
           Case{"abc", "abc", true},
           Case{"abc", "abcd", false},
           Case{"abc", "ab", false},
           Case{"*", "", true},
           Case{"*", "abc:?=&#", true},
           Case{"*", "a.b", false},
           Case{"*", "a/b", false},
           Case{"**", "a.b/c", true},
           Case{"**", "", true},
           Case{"***", "a.b/c", true},
           Case{"a*c", "ac", true},
           Case{"a*c", "abbbc", true},
           Case{"a*c", "ab/c", false},
           Case{"a**c", "a.b/c", true},
           Case{"?", "a", true},
           Case{"?", "\xC3\xA9", true},
           Case{"?", "/", false},
           Case{"?", "", false},
           Case{"a?c", "abc", true},
           Case{"a?c", "a.c", false},
           Case{"[abc]", "b", true},
           Case{"[abc]", "d", false},
           Case{"[!abc]", "d", true},
           Case{"[!abc]", "a", false},
           Case{"[!abc]", "/", true},
           Case{"[a-c]", "b", true},
           Case{"[a-c]", "-", false},
           Case{"[!a-c]", "d", true},
           Case{"[.]", ".", true},
           Case{"[\\]]", "]", true},
           Case{"{a,bc}", "a", true},
           Case{"{a,bc}", "bc", true},
           Case{"{a,bc}", "ab", false},
           Case{"x{a,b{c,d*}}y", "xbdeey", true},
           Case{"x{a,b{c,d*}}y", "xby", false},
           Case{"x{,a}y", "xy", true},
           Case{"{*,**}.example.com", "a.b.example.com", true},
           Case{"a,b}", "a,b}", true},
           Case{"\\*", "*", true},
           Case{"\\*", "a", false},
           Case{"a\\", "a", true},
           Case{"http://localhost:8000/*", "http://localhost:8000/path?x=1", true},
           Case{"http://localhost:8000/*", "http://localhost:8000", false},
           Case{"http://localhost:8000/*", "http://localhost:8000/path/to", false},
           Case{"https://*.example.com/**", "https://a.example.com/b/c", true},
           Case{"https://*.example.com/**", "https://a.b.example.com/", false},
           Case{"myapp://**", "myapp://cb/x", true},
       }) {
    EXPECT_EQ(matches(c.pattern, c.text), c.matches) << c.pattern << " and " << c.text;
  }
}

TEST(Glob, takes_bytes_that_are_no_text_for_characters_nobody_names) {
  EXPECT_TRUE(matches("a?c",
                      "a\xFF"
                      "c"));
  EXPECT_FALSE(
      matches("a\xC3\xBF"
              "c",
              "a\xFF"
              "c"));
}

TEST(Glob, is_refused_with_what_is_wrong_with_it) {
  struct Case {
    std::string pattern, problem;
  };
  for (const Case& c :
       {Case{"[abc", "a [ is not closed"}, Case{"[a-", "a [ is not closed"}, Case{"[]", "a [] is empty"},
        Case{"[!]", "a [] is empty"}, Case{"[c-a]", "a range in [] ends before it begins"},
        Case{"[a-cx]", "a range in [] is followed by something"}, Case{"{a,b", "a { is not closed"},
        Case{"\xFF", "it is not UTF-8"}, Case{std::string(17, '{'), "its {} are nested too deeply"},
        Case{std::string(5000, 'a'), "it has more than 4096 bytes"}}) {
    const auto glob = Glob::parse(c.pattern);
    ASSERT_FALSE(glob) << c.pattern;
    EXPECT_EQ(glob.error().code(), "invalid_pattern");
    EXPECT_EQ(glob.error().message(), c.problem) << c.pattern;
  }
}

TEST(Glob, takes_no_longer_for_a_pattern_that_was_made_to_be_slow) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "**a";
  const std::string text = std::string(2000, 'a') + "b";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(matches(pattern, text));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

// The obvious matcher, one way after the other.
bool plainly(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    const bool any = pattern.starts_with("**");
    for (std::size_t taken = 0;; ++taken) {
      if (plainly(pattern.substr(any ? 2 : 1), text.substr(taken))) return true;
      if (taken == text.size() || (!any && (text[taken] == '.' || text[taken] == '/'))) return false;
    }
  }
  if (text.empty()) return false;
  const bool same =
      pattern.front() == '?' ? text.front() != '.' && text.front() != '/' : pattern.front() == text.front();
  return same && plainly(pattern.substr(1), text.substr(1));
}

TEST(Glob, finds_what_the_obvious_matcher_finds_in_all_small_cases) {
  const auto all = [](std::string_view alphabet, std::size_t longest) {
    std::vector<std::string> texts{""};
    for (std::size_t i = 0; i < texts.size() && texts[i].size() < longest; ++i) {
      for (const char c : alphabet) texts.push_back(texts[i] + c);
    }
    return texts;
  };
  const std::vector<std::string> texts = all("a./", 4);
  for (const std::string& pattern : all("a*?.", 4)) {
    const Glob glob = Glob::parse(pattern).value();
    for (const std::string& text : texts) {
      ASSERT_EQ(glob.matches(text), plainly(pattern, text)) << pattern << " and " << text;
    }
  }
}

}  // namespace
}  // namespace bailey::stack
