#include <bailey/model/rules.hpp>
#include <bailey/web/app.hpp>
#include "web/openapi_testing.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace models {

struct Point {
  int x;
  int y;
};
struct Note {
  std::string text;
  std::optional<std::string> author;
};
struct Folder {
  std::string name;
  std::vector<Note> notes;
};
struct Tree {
  std::vector<Tree> children;
};
struct Account {
  std::string name;
  std::string password;
  int size = 3;
  std::string colour;
  std::vector<int> sizes;
  bool is_open;
};
enum class Kind { big, small };

}  // namespace models

template <>
constexpr auto bailey::rules<models::Account> = bailey::fields(
    bailey::field<&models::Account::name>(bailey::example("Ada"), bailey::description("What to call them")),
    bailey::field<&models::Account::password>(bailey::secret, bailey::min_length(12)),
    bailey::field<&models::Account::size>(bailey::defaulted, bailey::example(7)),
    bailey::field<&models::Account::colour>(bailey::deprecated),
    bailey::field<&models::Account::sizes>(bailey::example_json("[1, 2]")),
    bailey::field<&models::Account::is_open>(bailey::example(true)));

namespace bailey {
namespace {

using models::Account;
using models::Folder;
using models::Note;
using models::Point;
using models::Tree;
using web_testing::at;
using web_testing::document_of;
using web_testing::text_at;

TEST(OpenApiModels, that_are_the_same_in_both_directions_are_there_once) {
  App app;
  app.post("/", [](Json<Point> point) { return *point; });
  app.post("/tree", [](Json<Tree> tree) { return *tree; });
  app.post("/kind", [](Query<"kind", models::Kind> kind) { return *kind; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/post/requestBody/content/application~1json/schema"),
            R"({"$ref":"#/components/schemas/Point"})");
  EXPECT_EQ(text_at(document, "/paths/~1/post/responses/200/content/application~1json/schema"),
            R"({"$ref":"#/components/schemas/Point"})");
  EXPECT_EQ(at(document, "/components/schemas").as_object().size(), 6U)
      << "Error, HTTPValidationError, Kind, Point, Tree, ValidationError";
  EXPECT_EQ(text_at(document, "/components/schemas/Tree/properties/children/items"),
            R"({"$ref":"#/components/schemas/Tree"})");
}

TEST(OpenApiModels, that_are_answered_otherwise_than_they_are_read_are_two_and_so_is_what_holds_them) {
  App app;
  app.post("/", [](Json<Folder> folder) { return *folder; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/post/requestBody/content/application~1json/schema"),
            R"({"$ref":"#/components/schemas/Folder-Input"})");
  EXPECT_EQ(text_at(document, "/paths/~1/post/responses/200/content/application~1json/schema"),
            R"({"$ref":"#/components/schemas/Folder-Output"})");
  EXPECT_EQ(text_at(document, "/components/schemas/Folder-Output/properties/notes/items"),
            R"({"$ref":"#/components/schemas/Note-Output"})");
  EXPECT_EQ(text_at(document, "/components/schemas/Note-Input/required"), R"(["text"])");
  EXPECT_EQ(text_at(document, "/components/schemas/Note-Output/required"), R"(["text","author"])")
      << "what is not there is written as null";
}

TEST(OpenApiModels, that_are_only_answered_have_their_plain_name) {
  App app;
  app.get("/", [] { return Folder{}; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/components/schemas/Folder/properties/notes/items"),
            R"({"$ref":"#/components/schemas/Note"})");
  EXPECT_EQ(text_at(document, "/components/schemas/Note/required"), R"(["text","author"])");
}

TEST(OpenApiModels, say_what_rules_say_for_readers) {
  App app;
  app.post("/", [](Json<Account> account) { return *account; });
  const json::value document = document_of(app);
  const json::value& properties = at(document, "/components/schemas/Account-Input/properties");
  EXPECT_EQ(text_at(properties, "/name/examples"), R"(["Ada"])");
  EXPECT_EQ(text_at(properties, "/name/description"), R"("What to call them")");
  EXPECT_EQ(text_at(properties, "/size/examples"), "[7]");
  EXPECT_EQ(text_at(properties, "/is_open/examples"), "[true]");
  EXPECT_EQ(text_at(properties, "/sizes/examples"), "[[1,2]]");
  EXPECT_EQ(text_at(properties, "/colour/deprecated"), "true");
  EXPECT_EQ(text_at(properties, "/password/minLength"), "12");
}

TEST(OpenApiModels, say_of_a_secret_that_is_answered_only_that_it_is_a_text) {
  App app;
  app.get("/", [] { return Account{}; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/components/schemas/Account/properties/password"),
            R"({"type":"string","format":"password","title":"Password"})");
}

TEST(OpenApiParameters, say_what_their_rules_say_for_readers) {
  App app;
  app.get("/{id}",
          [](Path<"id", int, Number{.description = "Whose", .example = 7}>,
             Query<"old", std::optional<std::string>, Text{.example = "x", .deprecated = true}>) { return 1; });
  const json::value document = document_of(app);
  const json::value& parameters = at(document, "/paths/~1{id}/get/parameters");
  EXPECT_EQ(text_at(parameters, "/0/description"), R"("Whose")");
  EXPECT_EQ(text_at(parameters, "/0/schema/examples"), "[7]");
  EXPECT_EQ(text_at(parameters, "/1/deprecated"), "true");
  EXPECT_EQ(text_at(parameters, "/1/schema/examples"), R"(["x"])");
  EXPECT_TRUE(at(document, "/paths/~1{id}/get/responses").as_object().contains("404"));
}

TEST(OpenApiParameters, leave_out_header_fields_that_openapi_has_other_words_for) {
  App app;
  app.get("/", [](Header<"Accept", std::optional<std::string>>, Header<"Authorization", std::optional<std::string>>) {
    return 1;
  });
  EXPECT_FALSE(at(document_of(app), "/paths/~1/get").as_object().contains("parameters"));
}

TEST(OpenApiForms, say_that_a_text_that_is_asked_for_may_not_be_empty) {
  App app;
  app.post("/", [](Form<"name">, Form<"note", std::optional<std::string>>) { return 1; });
  const json::value document = document_of(app);
  const json::value& schema =
      at(document, "/paths/~1/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties");
  EXPECT_EQ(text_at(schema, "/name/minLength"), "1");
  EXPECT_FALSE(schema.at("note").as_object().contains("minLength"));
}

TEST(OpenApiLists, that_are_asked_for_have_at_least_one_item_as_none_cannot_be_sent) {
  App app;
  app.post("/", [](Query<"q", std::vector<int>>, Form<"f", std::vector<std::string>>,
                   Query<"o", std::optional<std::vector<int>>>) { return 1; });
  const json::value document = document_of(app);
  EXPECT_EQ(text_at(document, "/paths/~1/post/parameters/0/schema/minItems"), "1");
  EXPECT_FALSE(at(document, "/paths/~1/post/parameters/1/schema").as_object().contains("minItems"));
  EXPECT_EQ(text_at(document, "/paths/~1/post/requestBody/content/multipart~1form-data/schema/properties/f/minItems"),
            "1");
}

TEST(OpenApiDocument, is_edited_before_it_is_served) {
  App app;
  app.get("/", [] { return 1; });
  app.openapi_edit([](json::object& document) { document["x-first"] = 1; });
  app.openapi_edit([](json::object& document) { document["x-second"] = document.at("x-first"); });
  EXPECT_EQ(text_at(document_of(app), "/x-second"), "1");
  EXPECT_THROW(app.openapi_edit([](json::object&) {}), Error) << "it has been served by now";
}

}  // namespace
}  // namespace bailey
