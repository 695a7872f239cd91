#include <graphql/scalar_values.hpp>

#include <graphql/literal.hpp>
#include <graphql/test_schema.hpp>
#include <graphql/type_system_builder.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bailey::graphql {
namespace {

struct Row {
  TypeId scalar;
  std::string_view given, taken, said;  // what it becomes, or why not
};

TEST(BuiltInScalars, take_what_the_specification_says) {
  const Row rows[] = {
      {int_type, "7", "7", ""},
      {int_type, "7.0", "7", ""},
      {int_type, "-2147483648", "-2147483648", ""},
      {int_type, "2147483647", "2147483647", ""},
      {int_type, "2147483648", "", "Int cannot represent non 32-bit signed integer value: 2147483648"},
      {int_type, "1e21", "", "Int cannot represent non 32-bit signed integer value: 1e+21"},
      {int_type, "18446744073709551615", "",
       "Int cannot represent non 32-bit signed integer value: 18446744073709551615"},
      {int_type, "7.5", "", "Int cannot represent non-integer value: 7.5"},
      {int_type, "\"x\"", "", "Int cannot represent non-integer value: \"x\""},
      {int_type, "true", "", "Int cannot represent non-integer value: true"},
      {float_type, "1.5", "1.5", ""},
      {float_type, "[1.5]", "", "Float cannot represent non numeric value: [1.5]"},
      {float_type, "\"1.5\"", "", "Float cannot represent non numeric value: \"1.5\""},
      {string_type, "\"text\"", "\"text\"", ""},
      {string_type, "5", "", "String cannot represent a non string value: 5"},
      {string_type, R"({"a":1})", "", "String cannot represent a non string value: { a: 1 }"},
      {boolean_type, "false", "false", ""},
      {boolean_type, "0", "", "Boolean cannot represent a non boolean value: 0"},
      {id_type, "\"x\"", "\"x\"", ""},
      {id_type, "12", "\"12\"", ""},
      {id_type, "18446744073709551615", "\"18446744073709551615\"", ""},
      {id_type, "12.0", "\"12\"", ""},
      {id_type, "1.5", "", "ID cannot represent value: 1.5"},
      {id_type, "true", "", "ID cannot represent value: true"},
  };
  for (const Row& row : rows) {
    const json::value given = try_parse_json(row.given).value();
    const auto taken = built_in_value_check(row.scalar)(given);
    EXPECT_EQ(taken ? std::string() : taken.error(), row.said) << row.given;
    if (taken) {
      EXPECT_EQ(to_json_text(normalised(row.scalar, given)), row.taken);
    }
  }
}

TEST(BuiltInScalars, are_of_one_form_each) {
  EXPECT_TRUE(normalised(int_type, 7.0).is_int64());
  EXPECT_TRUE(normalised(float_type, 7).is_double());
  EXPECT_TRUE(normalised(first_own_type, 7.0).is_double());
}

TEST(CustomScalar, has_its_literals_checked_by_what_they_are_as_json) {
  TypeSystemBuilder builder;
  const TypeId even = builder.add_scalar("Even");
  builder.check_values(even, [](const json::value& value) -> std::expected<void, std::string> {
    if (value.is_int64() && value.get_int64() % 2 == 0) return {};
    return std::unexpected(value.is_int64() ? "Even cannot represent what is odd." : "");
  });
  const TypeId query = builder.add_object("Query");
  builder.add_field(query, {.name = "a", .type = {.named = even}});
  builder.set_root(OperationKind::query, query);
  const TypeSystem types = builder.finish().value();
  const auto said = [&](std::string_view literal) {
    const auto document = test::document_of("{ a(b: " + std::string(literal) + ") }");
    const Field& field = *document->definitions()[0].operation->selection_set->selections[0].field;
    const auto fits = check_leaf(*types.find("Even"), field.arguments[0].value);
    return fits ? "fits" : fits.error();
  };
  EXPECT_EQ(said("4"), "fits");
  EXPECT_EQ(said("5"), "Even cannot represent what is odd.");
  EXPECT_EQ(said("FOUR"), "");
  EXPECT_EQ(said("1e999"), "");
  EXPECT_EQ(said("[$later]"), "fits");  // what it stands for is not known yet
}

}  // namespace
}  // namespace bailey::graphql
