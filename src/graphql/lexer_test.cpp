#include <graphql/lexer.hpp>

#include <graphql/parser.hpp>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

// The tokens as messages name them, each with its place; at a fault its words.
std::vector<std::string> tokens_of(std::string_view text) {
  std::pmr::monotonic_buffer_resource arena;
  Lexer lexer(text, arena);
  std::vector<std::string> tokens;
  while (true) {
    const Token token = lexer.next();
    if (token.kind == TokenKind::end) return tokens;
    const bool is_fault = token.kind == TokenKind::fault;
    tokens.push_back(std::to_string(token.at) + " " + (is_fault ? lexer.fault().message : describe(token)));
    if (is_fault) return tokens;
  }
}

using Tokens = std::vector<std::string>;

TEST(Lexer, tells_the_punctuators_apart) {
  EXPECT_EQ(tokens_of("! $ & ( ) ... : = @ [ ] { | }"),
            (Tokens{R"(0 "!")", R"(2 "$")", R"(4 "&")", R"(6 "(")", "8 \")\"", R"(10 "...")", R"(14 ":")", R"(16 "=")",
                    R"(18 "@")", R"(20 "[")", R"(22 "]")", R"(24 "{")", R"(26 "|")", R"(28 "}")"}));
}

TEST(Lexer, leaves_out_blanks_commas_comments_and_byte_order_marks) {
  EXPECT_EQ(tokens_of("\xef\xbb\xbf a,,\t\r\n# \"no string\r,b \xef\xbb\xbf #"),
            (Tokens{R"(4 Name "a")", R"(24 Name "b")"}));
}

TEST(Lexer, reads_numbers_and_refuses_what_only_looks_like_one) {
  constexpr struct {
    std::string_view text, token;
  } rows[] = {
      {"0", R"(0 Int "0")"},
      {"-0", R"(0 Int "-0")"},
      {"9007199254740993", R"(0 Int "9007199254740993")"},
      {"-12", R"(0 Int "-12")"},
      {"1.50", R"(0 Float "1.50")"},
      {"1e5", R"(0 Float "1e5")"},
      {"-1.2E-03", R"(0 Float "-1.2E-03")"},
      {"1e+5", R"(0 Float "1e+5")"},
      {"00", R"(1 Invalid number, unexpected digit after 0: "0".)"},
      {"-01", R"(2 Invalid number, unexpected digit after 0: "1".)"},
      {"-", "1 Invalid number, expected digit but got: <EOF>."},
      {"--1", R"(1 Invalid number, expected digit but got: "-".)"},
      {"+1", R"(0 Unexpected character: "+".)"},
      {".5", R"(0 Unexpected character: ".".)"},
      {"1.", "2 Invalid number, expected digit but got: <EOF>."},
      {"1.a", R"(2 Invalid number, expected digit but got: "a".)"},
      {"1.\"", R"(2 Invalid number, expected digit but got: '"'.)"},
      {"1e", "2 Invalid number, expected digit but got: <EOF>."},
      {"1e-é", "3 Invalid number, expected digit but got: U+00E9."},
      {"1a", R"(1 Invalid number, expected digit but got: "a".)"},
      {"1_0", R"(1 Invalid number, expected digit but got: "_".)"},
      {"1.2.3", R"(3 Invalid number, expected digit but got: ".".)"},
      {"0x1F", R"(1 Invalid number, expected digit but got: "x".)"},
      {"1.5e3f", R"(5 Invalid number, expected digit but got: "f".)"},
  };
  for (const auto& row : rows) EXPECT_EQ(tokens_of(row.text), Tokens{std::string(row.token)}) << row.text;
}

TEST(Lexer, undoes_the_escapes_of_a_string) {
  const std::string nul(1, '\0');
  const struct {
    std::string_view text;
    std::string value;
  } rows[] = {
      {R"("")", ""},
      {R"("a, # b")", "a, # b"},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "Aé€"},
      {R"("\u0000")", nul},
      {R"("\u{41}\u{0}\u{1F600}\u{10ffff}\u{00000042}")", "A" + nul + "😀\xf4\x8f\xbf\xbf" + "B"},
      {R"("\uD83D\uDE00")", "😀"},
      {R"("x\\")", "x\\"},
      {"\"raw \x01\x7f é😀\"", "raw \x01\x7f é😀"},
  };
  for (const auto& row : rows) EXPECT_EQ(tokens_of(row.text), Tokens{"0 String \"" + row.value + "\""}) << row.text;
}

TEST(Lexer, refuses_a_string_that_is_wrong_at_the_place_where_it_is) {
  constexpr struct {
    std::string_view text, fault;
  } rows[] = {
      {R"(")", "1 Unterminated string."},
      {R"("a)", "2 Unterminated string."},
      {"\"a\nb\"", "2 Unterminated string."},
      {"\"a\rb\"", "2 Unterminated string."},
      {"\"\\n\nb\"", "3 Unterminated string."},
      {R"("a\")", "4 Unterminated string."},
      {R"("a\)", R"(2 Invalid character escape sequence: "\".)"},
      {R"("\x")", R"(1 Invalid character escape sequence: "\x".)"},
      {R"("\é")", R"(1 Invalid character escape sequence: "\é".)"},
      {R"("a\u")", R"(2 Invalid Unicode escape sequence: "\u"".)"},
      {R"("\u12z4")", R"(1 Invalid Unicode escape sequence: "\u12z4".)"},
      {R"("\uD83D")", R"(1 Invalid Unicode escape sequence: "\uD83D".)"},
      {R"("\uDE00")", R"(1 Invalid Unicode escape sequence: "\uDE00".)"},
      {R"("\uD83D\u0041")", R"(1 Invalid Unicode escape sequence: "\uD83D".)"},
      {R"("\u{}")", R"(1 Invalid Unicode escape sequence: "\u{}".)"},
      {R"("\u{110000}")", R"(1 Invalid Unicode escape sequence: "\u{110000}".)"},
      {R"("\u{D800}")", R"(1 Invalid Unicode escape sequence: "\u{D800}".)"},
      {R"("\u{FFFFFFFF}")", R"(1 Invalid Unicode escape sequence: "\u{FFFFFFFF".)"},
      {R"("\u{000000041}")", R"(1 Invalid Unicode escape sequence: "\u{000000041".)"},
      {R"("\u{4g}")", R"(1 Invalid Unicode escape sequence: "\u{4g".)"},
      {R"("""a)", "4 Unterminated string."},
      {R"("""a\""")", "8 Unterminated string."},
      {"'a'", R"(0 Unexpected single quote character ('), did you mean to use a double quote (")?)"},
  };
  for (const auto& row : rows) EXPECT_EQ(tokens_of(row.text), Tokens{std::string(row.fault)}) << row.text;
}

TEST(Lexer, dedents_a_block_string) {
  constexpr struct {
    std::string_view text, value;
  } rows[] = {
      {R"("""""")", ""},
      {R"("""  plain """)", "  plain "},
      {R"("""a \n \u0041 \\ "" """)", R"(a \n \u0041 \\ "" )"},
      {R"("""a \""" b""")", R"(a """ b)"},
      {"\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  \"\"\"",
       "Hello,\n  World!\n\nYours,\n  GraphQL."},
      {"\"\"\"first\n    second\n   third\"\"\"", "first\n second\nthird"},
      {"\"\"\"a\r\n  b\r  c\n  d\"\"\"", "a\nb\nc\nd"},
      {"\"\"\"\n\n  \n a\n\n b\n \n\"\"\"", "a\n\nb"},
      {"\"\"\"\n\ta\n\t\tb\"\"\"", "a\n\tb"},
      {"\"\"\" \n\t \n\"\"\"", ""},
      {"\"\"\"\n  a\n \n  b  \n\"\"\"", "a\n\nb  "},
  };
  for (const auto& row : rows)
    EXPECT_EQ(tokens_of(row.text), Tokens{"0 BlockString \"" + std::string(row.value) + "\""}) << row.text;
}

TEST(Lexer, names_a_character_that_begins_no_token) {
  constexpr struct {
    std::string_view text, fault;
  } rows[] = {
      {"?", R"(0 Unexpected character: "?".)"},    {"\x07", "0 Unexpected character: U+0007."},
      {"\x7f", "0 Unexpected character: U+007F."}, {"é", "0 Unexpected character: U+00E9."},
      {"￾", "0 Unexpected character: U+FFFE."},  {"😀", "0 Unexpected character: U+1F600."},
      {"aé", "1 Unexpected character: U+00E9."},   {"..", R"(0 Unexpected character: ".".)"},
      {"\v", "0 Unexpected character: U+000B."},   {"\u00a0", "0 Unexpected character: U+00A0."},
  };
  for (const auto& row : rows) EXPECT_EQ(tokens_of(row.text).back(), row.fault) << row.text;
}

}  // namespace
}  // namespace bailey::graphql
