#include <graphql/block_string.hpp>
#include <graphql/literal.hpp>
#include <graphql/test_schema.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bailey::graphql {
namespace {

// A literal as it stands in a document, as the test prints and checks it.
class Literal {
 public:
  explicit Literal(std::string_view text) : document_(test::document_of("{ a(b: " + std::string(text) + ") }")) {}
  [[nodiscard]] const Value& value() const {
    return document_->definitions()[0].operation->selection_set->selections[0].field->arguments[0].value;
  }

 private:
  std::unique_ptr<const Document> document_;
};

TEST(PrintLiteral, gives_the_canonical_form) {
  for (const std::string_view text : {"1", "-1.5e10", "true", "false", "null", "RED", "$a", "[]", "[1, [2], $b]", "{}",
                                      "{a: 1, b: {c: [\"x\"]}}", R"("a \"quoted\" \\ text")", R"("line\nline\ttab")"})
    EXPECT_EQ(print_literal(Literal(text).value()), text);
}

TEST(PrintLiteral, ends_in_an_ellipsis_where_it_is_too_long_and_never_within_a_character) {
  EXPECT_EQ(print_literal(Literal("[1, 2, 3, 4]").value(), 5), "[1, 2…");
  EXPECT_EQ(print_literal(Literal("\"ääää\"").value(), 4), "\"ä…");
  EXPECT_EQ(print_literal(Literal("[1, 2]").value(), 6), "[1, 2]");
}

TEST(CheckConstant, knows_what_is_of_a_type) {
  const TypeSystem& types = test::card_types();
  struct Row {
    std::string_view type, literal, said;  // nothing where it fits
  };
  const Row rows[] = {
      {"Int", "2147483647", ""},
      {"Int", "-2147483648", ""},
      {"Int", "2147483648", "Int cannot represent non 32-bit signed integer value: 2147483648"},
      {"Int", "1.0", "Int cannot represent non-integer value: 1.0"},
      {"Float", "1", ""},
      {"Float", "1e400", ""},
      {"Float", "RED", "Float cannot represent non numeric value: RED"},
      {"ID", "\"x\"", ""},
      {"ID", "123456789012345678901234567890", ""},
      {"ID", "1.5", "ID cannot represent a non-string and non-integer value: 1.5"},
      {"Any", "{a: [1, null]}", ""},
      {"Color", "RED", ""},
      {"Color", "null", ""},
      {"Color", "GREEN", "Value \"GREEN\" does not exist in \"Color\" enum."},
      {"Need", "{id: 1}", ""},
      {"Need", "{count: 1}", "Field \"Need.id\" of required type \"ID!\" was not provided."},
      {"Need", "{id: null}", "Expected value of type \"ID!\", found null."},
      {"Need", "{id: 1, more: 2}", "Field \"more\" is not defined by type \"Need\"."},
      {"Need", "[]", "Expected value of type \"Need\", found []."},
      {"CardFilter", "{and: {title: \"one stands for a list of it\"}}", ""},
      {"Lookup", "{id: 1}", ""},
      {"Lookup", "{id: 1, title: \"x\"}", "OneOf Input Object \"Lookup\" must specify exactly one key."},
      {"Lookup", "{id: null}", "Field \"Lookup.id\" must be non-null."},
  };
  for (const Row& row : rows) {
    const Literal literal(row.literal);
    const auto fits = check_constant(types, literal.value(), {.named = types.find(row.type)->id});
    EXPECT_EQ(fits ? std::string() : fits.error(), row.said) << row.type << " " << row.literal;
  }
}

TEST(BlockString, is_used_where_the_text_reads_back_from_it) {
  for (const std::string_view text : {"", "text", "two\nlines", "  indented\nthen not", "tab\tin it", "\"quotes\""})
    EXPECT_TRUE(fits_block_string(text)) << text;
  for (const std::string_view text :
       {"\nfirst line blank", "last line blank\n", "\rreturn", "bell\a", "  all\n  indented", "  \n"})
    EXPECT_FALSE(fits_block_string(text)) << text;
}

TEST(BlockString, breaks_lines_where_the_text_needs_it) {
  const std::string long_text(71, 'x');
  EXPECT_EQ(print_block_string(""), "\"\"\"\"\"\"");
  EXPECT_EQ(print_block_string("short"), "\"\"\"short\"\"\"");
  EXPECT_EQ(print_block_string("two\nlines"), "\"\"\"\ntwo\nlines\n\"\"\"");
  EXPECT_EQ(print_block_string(long_text), "\"\"\"\n" + long_text + "\n\"\"\"");
  EXPECT_EQ(print_block_string("ends in \""), "\"\"\"\nends in \"\n\"\"\"");
  EXPECT_EQ(print_block_string("ends in \\"), "\"\"\"\nends in \\\n\"\"\"");
  EXPECT_EQ(print_block_string("has \"\"\" in it"), "\"\"\"has \\\"\"\" in it\"\"\"");
}

}  // namespace
}  // namespace bailey::graphql
