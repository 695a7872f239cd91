#include <bailey/model/pattern.hpp>

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <chrono>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {
namespace {

struct Case {
  std::string_view expression;
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
    {R"(^a\{$)", {"a{"}, {"a"}},
    {"^a}$", {"a}"}, {"a"}},
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
    // Classes are Unicode's, in brackets, too.
    {R"(^\d+$)", {"42", "٤٢"}, {"", "½", "四"}},
    {R"(^[\d.]+$)", {"4.2", "٤.٢"}, {"a"}},
    {R"(^\w+$)", {"Zoë_1", "語", "e\u0301", "ⓐ", "Ⅷ", "\u200d"}, {"", "-", "😀", "²"}},
    {R"(^\W$)", {"-", "😀"}, {"é", "_"}},
    {R"(^\s$)", {" ", "\t", "\u00a0", "\u2003", "\u3000"}, {"x", "\u200b"}},
    {R"(^[\S]$)", {"x", "\u200b", "\U0010ffff"}, {" ", "\u2003"}},
    {R"(^[\D]$)", {"x", "½"}, {"4", "٤"}},
    {R"(^[\s\S]$)", {"x", "\n", "\u2028"}, {""}},
    {R"(^[^\d\s]$)", {"x"}, {"4", " ", "\u2003"}},
    {R"(^[\w-]+$)", {"a-b", "é-"}, {"a.b"}},
    {R"(^[[:alpha:]\d]+$)", {"a1"}, {"é"}},
    {R"(^\p{Greek}+$)", {"αβ"}, {"ab"}},
    {R"(^\pL\PL$)", {"é1"}, {"éa"}},
    // Each character, however it is spelt.
    {R"(^\x41\x{e9}\u00e9\u{1F600}\U0001F600$)", {"Aéé😀😀"}, {"A"}},
    {R"(^[\x41\u0042-\u{44}]+$)", {"ABCD"}, {"E"}},
    {R"(^\_\-\ \/\&\~\#$)", {"_- /&~#"}, {""}},
    {"^[-a]$", {"-", "a"}, {"b"}},
    {"^[^-a]$", {"b"}, {"-", "a"}},
    {"^[--a]$", {"-", "a"}, {"b"}},
    {"^[a&b~]$", {"&", "~"}, {"c"}},
    // Flags, and groups with names.
    {"(?i)^äb$", {"Äb", "äB"}, {"ab"}},
    {"(?m)^b$", {"a\nb\nc"}, {"a\nbc"}},
    {"(?s)^.$", {"\n"}, {""}},
    {"^(?i:a)b$", {"Ab"}, {"AB"}},
    {"^(?<first>a)(?P<second>b)$", {"ab"}, {"a"}},
    {R"(\Ab\z)", {"b"}, {"b\n", "ab"}},
    {"b$", {"b"}, {"b\n"}},
    {std::string_view("a\0b", 3), {std::string("a\0b", 3)}, {"ab"}},
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

TEST(Pattern, refuses_what_is_wrong_or_would_be_taken_in_another_sense_with_a_sentence) {
  struct Refused {
    std::string_view expression, reason;
  };
  for (const auto& [expression, reason] : std::vector<Refused>{
           {"(a", "a parenthesis is not closed"},
           {"a)", "it has a closing parenthesis too many"},
           {"[a", "a bracket is not closed"},
           {"[]", "a bracket is not closed"},
           {"[", "a bracket is not closed"},
           {"[^", "a bracket is not closed"},
           {"[[:alpha", "a bracket is not closed"},
           {R"([\)", "it ends with a backslash"},
           {R"(\)", "it ends with a backslash"},
           {"*a", "a repetition has nothing to repeat"},
           {"+", "a repetition has nothing to repeat"},
           {"a**", "a repetition is repeated"},
           {"a{3,2}", "a repetition has bounds that are the wrong way round, or beyond 1000"},
           {"a{1001}", "a repetition has bounds that are the wrong way round, or beyond 1000"},
           {"a{", R"(a brace repeats nothing; as a character it is written \{)"},
           {"^{id}$", R"(a brace repeats nothing; as a character it is written \{)"},
           {"a{,3}", R"(a brace repeats nothing; as a character it is written \{)"},
           {"(?=a)", "look-around is not supported"},
           {"(?<!a)b", "look-around is not supported"},
           {"(?x)a b", "it has a group or flag that is not known"},
           {"(?P<>a)", "a group has a name that is none"},
           {R"((a)\1)", "it has an escape that is not known"},
           {R"(\C)", "it has an escape that is not known"},
           {R"(\Qa\E)", "it has an escape that is not known"},
           {R"(\u12)", "it has an escape that is not known"},
           {R"(\é)", "it escapes a character that needs no escape"},
           {R"(\bword)", "word boundaries are not supported"},
           {R"(\<word)", "word boundaries are not supported"},
           {R"([\W_])", R"(\W stands in brackets; outside of them it can be used)"},
           {R"([\A])", "brackets hold characters, and an end of the text is none"},
           {R"([\w-.])", "a range in brackets begins with a class"},
           {"[z-a]", "it has a range of characters that is none, or a class that is not known"},
           {R"(\p{Nonsense})", "it has a range of characters that is none, or a class that is not known"},
           {"[a-z&&[^x]]", "operations on sets of characters are not supported"},
           {"[a[b]]", R"(brackets stand in brackets; as a character one is written \[)"},
           {"\xff", "it is not UTF-8"},
           {"(((a{100}){100}){100})", "a repetition has bounds that are the wrong way round, or beyond 1000"},
           {R"(^\w{1000}$)", "it is too large"}}) {
    try {
      const Pattern pattern(expression);
      ADD_FAILURE() << expression << " is taken";
    } catch (const std::invalid_argument& refusal) {
      EXPECT_EQ(refusal.what(), "The pattern cannot be used: " + std::string(reason) + ".") << expression;
    }
  }
}

TEST(Pattern, stays_linear_where_backtracking_explodes) {
  const Pattern pattern("^(a+)+$");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(pattern.found_in(std::string(100'000, 'a') + "b"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

// Each text leads to new states, two to the power of twenty in all.
TEST(Pattern, goes_on_within_its_memory_when_texts_lead_to_ever_new_states) {
  const Pattern pattern("^(a|b)*a(a|b){20}c$");
  std::string text;
  for (unsigned bits = 1; text.size() < 200'000; bits = bits * 1664525U + 1013904223U) text += bits >> 31U ? 'a' : 'b';
  EXPECT_FALSE(pattern.found_in(text));
  EXPECT_TRUE(pattern.found_in(text + "a" + std::string(20, 'b') + "c"));
  rusage used{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &used), 0);
  EXPECT_LT(used.ru_maxrss, 512 * 1024) << "KiB";
}

}  // namespace
}  // namespace bailey
