#include <bailey/graphql/graphql.hpp>

#include <bailey/base/error.hpp>
#include <bailey/graphql/executor.hpp>
#include <bailey/model/decimal.hpp>
#include <bailey/model/time_of_day.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bailey::graphql {
namespace {

enum class Mood { fine, so_so };
struct HexColor {};

}  // namespace
}  // namespace bailey::graphql

namespace bailey {

template <>
inline constexpr auto enumerators<graphql::Mood> =
    std::array{Enumerator{graphql::Mood::fine, "FINE"}, Enumerator{graphql::Mood::so_so, "SO_SO"}};

template <>
struct TextCodec<graphql::HexColor> {
  static constexpr std::string_view graphql_description = "A colour, as #rrggbb.";
  static constexpr std::string_view specified_by_url = "https://example.com/colors";
  static std::string to_text(const graphql::HexColor&) { return "#123456"; }
  static std::expected<graphql::HexColor, std::string> from_text(std::string_view) { return graphql::HexColor{}; }
};

}  // namespace bailey

namespace bailey::graphql {
namespace {

enum class Kind { small, large };

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next_cursor;
};

struct Part {
  Uuid id;
  std::unique_ptr<Part> inner;  // a type may be of itself
};

struct Whole {
  Id id;
  std::string first_name;
  std::int64_t big_number = 0;
  std::uint8_t small_number = 0;
  float ratio = 0;
  bool is_there = false;
  Kind kind = Kind::small;
  std::chrono::sys_days day{};
  std::chrono::sys_seconds made_at{};
  Decimal price;
  TimeOfDay at;
  json::value any;
  std::map<std::string, int> counts;
  std::vector<std::optional<std::string>> notes;
  std::optional<std::vector<int>> numbers;
  Secret password;
  Part part;
};

struct Missing {
  std::string message;
};

std::string problems_of(const Schema& schema) {
  try {
    static_cast<void>(schema.compile());
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(Schema, TypesAreFoundByWhatFieldsReturn) {
  Schema schema;
  schema.query("whole", [] { return Whole(); });
  EXPECT_EQ(schema.text(), R"("""A day: 2026-11-23."""
scalar Date @specifiedBy(url: "https://datatracker.ietf.org/doc/html/rfc3339")

"""A moment: 2026-11-23T14:05:09Z."""
scalar DateTime @specifiedBy(url: "https://datatracker.ietf.org/doc/html/rfc3339")

"""A decimal number, exact: a string, or a number that is read."""
scalar Decimal

"""A whole number of 64 bits."""
scalar Int64

"""Any JSON."""
scalar JSON @specifiedBy(url: "https://datatracker.ietf.org/doc/html/rfc8259")

enum Kind {
  large
  small
}

type Part {
  id: UUID!
  inner: Part
}

type Query {
  whole: Whole!
}

"""A time of day: 14:05:09."""
scalar Time @specifiedBy(url: "https://datatracker.ietf.org/doc/html/rfc3339")

"""A universally unique identifier."""
scalar UUID @specifiedBy(url: "https://datatracker.ietf.org/doc/html/rfc9562")

type Whole {
  any: JSON
  at: Time!
  bigNumber: Int64!
  counts: JSON!
  day: Date!
  firstName: String!
  id: ID!
  isThere: Boolean!
  kind: Kind!
  madeAt: DateTime!
  notes: [String]!
  numbers: [Int!]
  part: Part!
  price: Decimal!
  ratio: Float!
  smallNumber: Int!
}
)") << "and a secret is no field";
}

TEST(Schema, NamesStayAsTheyAreWhereCamelCaseIsOff) {
  Schema schema({.auto_camel_case = false});
  schema.query("first_page", [](Arg<"page_size", int>) { return Page<Part>(); });
  EXPECT_NE(schema.text().find("first_page(page_size: Int!): PartPage!"), std::string::npos) << schema.text();
  EXPECT_NE(schema.text().find("next_cursor: String"), std::string::npos);
}

TEST(Schema, AUnionHasTheNamesOfItsTypesOrOneOfItsOwn) {
  using Found = std::variant<Part, Missing>;
  Schema schema;
  schema.query("found", []() -> Found { return Missing{"none"}; });
  EXPECT_NE(schema.text().find("union PartMissing = Missing | Part"), std::string::npos) << schema.text();
  schema.name_union<Found>("Found", "What was found.");
  EXPECT_NE(schema.text().find("union Found = Missing | Part"), std::string::npos) << schema.text();
}

struct Both {
  std::string text;
};

TEST(Schema, AStructThatIsTakenAndReturnedIsTwoTypes) {
  Schema schema;
  schema.query("both", [](Arg<"both", Both> both) { return *both; });
  EXPECT_NE(schema.text().find("input BothInput {"), std::string::npos) << schema.text();
  EXPECT_NE(schema.text().find("both(both: BothInput!): Both!"), std::string::npos);
}

TEST(Schema, DefaultsAndDescriptionsStandInTheText) {
  Schema schema;
  schema.query("paged",
               [](Arg<"limit", int, Number{.default_value = 20, .le = 100, .description = "How many."}>,
                  Arg<"kind", Kind, Text{.default_value = "large"}>,
                  Arg<"name", std::optional<std::string>, Text{.deprecated = true}>) { return 1; },
               {.description = "A page.", .deprecation_reason = "Use pages."});
  EXPECT_EQ(schema.text(), R"(enum Kind {
  large
  small
}

type Query {
  """A page."""
  paged(
    kind: Kind! = large

    """How many."""
    limit: Int! = 20
    name: String @deprecated
  ): Int! @deprecated(reason: "Use pages.")
}
)");
}

TEST(Schema, ValuesOfAnEnumerationAreDescribedAndHaveTheNamesThatTheyHaveInJson) {
  Schema schema;
  schema.query("mood", [](Arg<"mood", Mood, Text{.default_value = "SO_SO"}> mood) { return *mood; });
  schema.enumeration<Mood>()
      .describe("How it is.")
      .value(Mood::fine, {.description = "As it should be."})
      .value(Mood::so_so, {.deprecation_reason = "Decide."});
  EXPECT_EQ(schema.text(), R"("""How it is."""
enum Mood {
  """As it should be."""
  FINE
  SO_SO @deprecated(reason: "Decide.")
}

type Query {
  mood(mood: Mood! = SO_SO): Mood!
}
)");
  Executor executor(schema);
  EXPECT_EQ(executor.execute("{ a: mood b: mood(mood: FINE) }").data, (json::object{{"a", "SO_SO"}, {"b", "FINE"}}));
}

TEST(Schema, AScalarSaysWhatSpecifiesIt) {
  Schema schema;
  schema.query("color", [] { return HexColor{}; });
  EXPECT_EQ(schema.text(), R"("""A colour, as #rrggbb."""
scalar HexColor @specifiedBy(url: "https://example.com/colors")

type Query {
  color: HexColor!
}
)");
}

TEST(Schema, EverythingThatIsWrongIsToldAtOnce) {
  struct Empty {};
  Schema schema;
  schema.query("empty", [] { return Empty(); });
  schema.query("__hidden", [] { return 1; });
  schema.query("twice", [] { return 1; });
  schema.query("twice", [] { return 2; });
  schema.query("loads", [](Loader<int, std::string>& texts) { return texts.load(1); });
  const std::string problems = problems_of(schema);
  EXPECT_NE(problems.find("Empty"), std::string::npos) << problems;
  EXPECT_NE(problems.find("__hidden"), std::string::npos) << problems;
  EXPECT_NE(problems.find("twice"), std::string::npos) << problems;
  EXPECT_NE(problems.find("which no schema.loader(…) makes"), std::string::npos) << problems;
}

TEST(Schema, ASchemaWithoutQueriesIsNone) { EXPECT_NE(problems_of(Schema()), ""); }

}  // namespace
}  // namespace bailey::graphql
