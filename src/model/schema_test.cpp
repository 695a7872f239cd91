#include <bailey/model/schema.hpp>

#include <bailey/base/error.hpp>
#include "model/schema_testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace bailey {
namespace {

enum class Kind { big, small };
struct Part {
  std::string label;
};
struct Sample {
  std::int64_t id;
  Uuid owner;
  std::string email;
  std::optional<int> age;
  std::vector<Part> parts;
  Kind kind;
  std::string password;
  int size = 20;
  std::map<std::string, double> extra;
  std::chrono::sys_seconds made_at;
  Maybe<std::string> note;
};
struct Chain {
  std::vector<Chain> next;
};
namespace other {
struct Part {
  int number;
};
}  // namespace other
struct TwoParts {
  Part a;
  other::Part b;
};

}  // namespace

template <>
constexpr auto rules<Sample> =
    fields(field<&Sample::email>(format::email, description("Where to write to")), field<&Sample::age>(ge(0)),
           field<&Sample::password>(secret, min_length(8)), field<&Sample::size>(defaulted, ge(1), le(100)),
           field<&Sample::parts>(min_items(1)), forbid_extra());

namespace {

TEST(Schema, describes_a_model_with_its_rules) {
  EXPECT_EQ(
      to_json_text(schema<Sample>()),
      R"({"$ref":"#/$defs/Sample","$defs":{)"
      R"("Part":{"type":"object","title":"Part","properties":{"label":{"type":"string","title":"Label"}},"required":["label"]},)"
      R"("Kind":{"type":"string","title":"Kind","enum":["big","small"]},)"
      R"("Sample":{"type":"object","title":"Sample","properties":{)"
      R"("id":{"type":"integer","format":"int64","title":"Id"},)"
      R"("owner":{"type":"string","format":"uuid","title":"Owner"},)"
      R"("email":{"type":"string","format":"email","description":"Where to write to","title":"Email"},)"
      R"("age":{"anyOf":[{"type":"integer","format":"int32","minimum":0},{"type":"null"}],"title":"Age"},)"
      R"("parts":{"type":"array","items":{"$ref":"#/$defs/Part"},"minItems":1,"title":"Parts"},)"
      R"("kind":{"$ref":"#/$defs/Kind"},)"
      R"("password":{"type":"string","minLength":8,"writeOnly":true,"format":"password","title":"Password"},)"
      R"("size":{"type":"integer","format":"int32","minimum":1,"maximum":100,"default":20,"title":"Size"},)"
      R"("extra":{"type":"object","additionalProperties":{"type":"number"},"title":"Extra"},)"
      R"("made_at":{"type":"string","format":"date-time","title":"Made At"},)"
      R"("note":{"anyOf":[{"type":"string"},{"type":"null"}],"title":"Note"}},)"
      R"("required":["id","owner","email","parts","kind","password","extra","made_at"],"additionalProperties":false}}})");
}

TEST(Schema, refers_to_types_that_contain_themselves) {
  EXPECT_EQ(to_json_text(schema<Chain>()),
            R"({"$ref":"#/$defs/Chain","$defs":{"Chain":{"type":"object","title":"Chain","properties":{)"
            R"("next":{"type":"array","items":{"$ref":"#/$defs/Chain"},"title":"Next"}},"required":["next"]}}})");
}

TEST(Schema, tells_types_of_one_name_apart) {
  SchemaDefinitions definitions("#/components/schemas/");
  EXPECT_EQ(to_json_text(schema<TwoParts>(definitions)), R"({"$ref":"#/components/schemas/TwoParts"})");
  EXPECT_EQ(definitions.all().size(), 3U);
  EXPECT_TRUE(definitions.all().contains("Part"));
}

json::object schema_of_an_answer(SchemaDefinitions& definitions) {
  struct Answer {
    std::string text;
  };
  return schema<Answer>(definitions);
}

TEST(Schema, tells_types_apart_that_are_spelled_alike_in_two_files_or_functions) {
  struct Answer {
    int count;
  };
  SchemaDefinitions definitions("");
  std::vector<json::object> own{schema<Part>(definitions), schema<Kind>(definitions), schema<Answer>(definitions)};
  own.push_back(schema_of_an_answer(definitions));
  std::vector<json::object> others = schema_testing::schemas_elsewhere(definitions);
  EXPECT_EQ(to_json_text(schema<Part>(definitions)), R"({"$ref":"Part"})") << "it keeps its name";

  const auto says = [&](const json::object& reference) {
    const json::object& found = definitions.all().at(reference.at("$ref").as_string()).as_object();
    if (const json::value* const values = found.if_contains("enum")) return to_json_text(*values);
    return std::string(found.at("properties").as_object().begin()->key());
  };
  EXPECT_EQ(definitions.all().size(), 7U);
  EXPECT_EQ(says(own[0]), "label");
  EXPECT_EQ(says(own[1]), R"(["big","small"])");
  EXPECT_EQ(says(own[2]), "count");
  EXPECT_EQ(says(own[3]), "text");
  EXPECT_EQ(says(others[0]), "number");
  EXPECT_EQ(says(others[1]), R"(["on","off"])");
  EXPECT_EQ(says(others[2]), "is_known");
  EXPECT_EQ(others[0].at("$ref"), "bailey_Part") << "no name says that it has none";
}

TEST(Schema, of_scalars_needs_no_definitions) {
  EXPECT_EQ(to_json_text(schema<bool>()), R"({"type":"boolean"})");
  EXPECT_EQ(to_json_text(schema<std::uint8_t>()), R"({"type":"integer","minimum":0,"maximum":255})");
  EXPECT_EQ(to_json_text(schema<std::int16_t>()), R"({"type":"integer","minimum":-32768,"maximum":32767})");
  EXPECT_EQ(to_json_text(schema<std::uint32_t>()), R"({"type":"integer","minimum":0,"maximum":4294967295})");
  EXPECT_EQ(to_json_text(schema<std::uint64_t>()), R"({"type":"integer","minimum":0})");
  EXPECT_EQ(to_json_text(schema<std::array<int, 2>>()),
            R"({"type":"array","items":{"type":"integer","format":"int32"},"minItems":2,"maxItems":2})");
  EXPECT_EQ(to_json_text(schema<std::variant<int, std::string>>()),
            R"({"anyOf":[{"type":"integer","format":"int32"},{"type":"string"}]})");
  EXPECT_EQ(to_json_text(schema<std::vector<std::byte>>().at("contentEncoding")), R"("base64")");
  EXPECT_EQ(to_json_text(schema<json::value>()), "{}");
  SchemaDefinitions definitions;
  EXPECT_EQ(to_json_text(schema<int>(definitions, constraints(ge(1)))),
            R"({"type":"integer","format":"int32","minimum":1})");
}

TEST(Schema, of_what_is_written_has_all_that_is_always_there_and_of_a_secret_no_rules) {
  SchemaDefinitions definitions;
  definitions.set_use(SchemaUse::output);
  EXPECT_EQ(to_json_text(schema<Sample>(definitions)), R"({"$ref":"#/$defs/Sample-Output"})");
  const json::object& sample = definitions.all().at("Sample-Output").as_object();
  EXPECT_EQ(to_json_text(sample.at("required")),
            R"(["id","owner","email","age","parts","kind","password","size","extra","made_at"])");
  EXPECT_EQ(to_json_text(sample.at("properties").at("password")),
            R"({"type":"string","format":"password","title":"Password"})");
  EXPECT_TRUE(definitions.all().contains("Part-Output"));
}

TEST(Schema, refuses_an_example_that_is_no_json) {
  SchemaDefinitions definitions;
  EXPECT_THROW(static_cast<void>(schema<std::vector<int>>(definitions, constraints(example_json("[1,")))), Error);
  EXPECT_EQ(to_json_text(schema<std::optional<bool>>(definitions, constraints(example(true))).at("examples")),
            "[true]");
  EXPECT_EQ(to_json_text(schema<double>(definitions, constraints(example(0.5))).at("examples")), "[0.5]");
}

}  // namespace
}  // namespace bailey
