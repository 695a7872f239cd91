#include <bailey/graphql/graphql.hpp>

#include <bailey/model/json.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

enum class Color { red, blue };

struct Place {
  std::string street;
};

struct Person {
  Id id;
  std::string full_name;
  std::optional<int> age;
  std::vector<std::string> tags;
  std::optional<Place> home;

  static void graphql(Type<Person>& type) {
    type.field("greeting",
               [](const Person& person, Arg<"word", std::string, Text{.default_value = "Hello"}> word) {
                 return *word + ", " + person.full_name;
               },
               {.uses = {{"full_name"}}});
    type.field("friends", [](const Person& person, Arg<"first", int> first) -> Task<std::vector<Person>> {
      co_await sleep_for(1ms);
      std::vector<Person> friends;
      for (int i = 0; i < *first; ++i)
        friends.push_back({.id = Id(person.id.text + std::to_string(i)), .full_name = "Friend " + std::to_string(i)});
      co_return friends;
    });
    type.field("home_town", [](const Person& person, Loader<std::string, std::optional<Place>>& places) {
      return places.load(person.id.text);
    });
    type.field("slow_town",
               [](const Person& person, Loader<std::string, std::optional<Place>>& places) -> Task<std::string> {
                 const std::optional<Place> place = co_await places.load(person.id.text);
                 co_await sleep_for(1ms);
                 co_return place ? place->street : "nowhere";
               });
    type.field("slow_age", [](const Person& person) -> Task<int> {
      co_await sleep_for(1ms);
      if (!person.age) throw GraphQLError("No age is known", {.code = "NO_AGE"});
      co_return *person.age;
    });
  }
};

struct NotFound {
  std::string message;
};

std::optional<Person> person_of(std::string_view id) {
  if (id == "1") return Person{.id = Id("1"), .full_name = "Ada", .age = 36, .tags = {"a", "b"}, .home = Place{"x"}};
  if (id == "2") return Person{.id = Id("2"), .full_name = "Bob"};
  return std::nullopt;
}

Schema schema_of_people() {
  Schema schema;
  schema.loader([](const std::vector<std::string>& ids) -> Task<std::map<std::string, Place>> {
    co_await sleep_for(1ms);
    std::map<std::string, Place> places;
    for (const std::string& id : ids)
      if (id != "2") places[id] = Place{"Street of " + id + " in a batch of " + std::to_string(ids.size())};
    co_return places;
  });
  schema.query("hello", [] { return std::string("world"); });
  schema.query("person", [](Arg<"id", Id> id) { return person_of(id->text); });
  schema.query("people", []() -> Task<std::vector<Person>> {
    co_await sleep_for(1ms);
    co_return std::vector<Person>{*person_of("1"), *person_of("2")};
  });
  schema.query("find", [](Arg<"id", Id> id) -> std::variant<Person, NotFound> {
    auto person = person_of(id->text);
    if (person) return *std::move(person);
    return NotFound{"Nobody is " + id->text};
  });
  schema.query("paint", [](Arg<"color", Color> color) { return *color == Color::red ? Color::blue : Color::red; });
  schema.query("selected", [](const Info& info) -> std::vector<Person> {
    info.add_header("X-Columns", select_of<Person>(info));
    return {};
  });
  schema.query("fails", []() -> std::optional<int> { throw std::runtime_error("a secret"); });
  schema.query("refuses", []() -> std::optional<int> { throw HttpError(404, "There is none"); });
  schema.mutation("push", [](Arg<"value", int> value) -> Task<int> {
    co_await sleep_for(std::chrono::milliseconds(*value));
    co_return *value;
  });
  return schema;
}

class Execution : public testing::Test {
 protected:
  Execution() { app_.graphql("/graphql", schema_of_people()); }

  std::string run(std::string_view query, std::string_view variables = "{}") {
    if (!client_) client_.emplace(app_);
    std::string body = R"({"query":)";
    append_json_string(body, query);
    body.append(R"(,"variables":)").append(variables).append("}");
    return client_->send("POST", "/graphql", body, {{"Content-Type", "application/json"}}).body;
  }

  App app_;
  std::optional<TestClient> client_;
};

TEST_F(Execution, FieldsAreWrittenInTheOrderOfTheSelection) {
  EXPECT_EQ(run("{ hello __typename again: hello }"),
            R"({"data":{"hello":"world","__typename":"Query","again":"world"}})");
}

TEST_F(Execution, WhatIsResolvedLaterStandsWhereItWasSelected) {
  EXPECT_EQ(run("{ a: hello people { fullName slowTown } b: hello person(id: 1) { friends(first: 2) { id } age } }"),
            R"({"data":{"a":"world","people":[{"fullName":"Ada","slowTown":"Street of 1 in a batch of 2"},)"
            R"({"fullName":"Bob","slowTown":"nowhere"}],"b":"world",)"
            R"("person":{"friends":[{"id":"10"},{"id":"11"}],"age":36}}})");
}

TEST_F(Execution, ANullWhereNoneMayBeTakesWhatItLiesInWithIt) {
  EXPECT_EQ(run("{ hello people { fullName slowAge } }"),
            R"({"data":null,"errors":[{"message":"No age is known","locations":[{"line":1,"column":27}],)"
            R"("path":["people",1,"slowAge"],"extensions":{"code":"NO_AGE"}}]})");
  EXPECT_EQ(run("{ hello person(id: 2) { friends(first: 1) { fullName slowAge } } }"),
            R"({"data":{"hello":"world","person":null},"errors":[{"message":"No age is known",)"
            R"("locations":[{"line":1,"column":54}],"path":["person","friends",0,"slowAge"],)"
            R"("extensions":{"code":"NO_AGE"}}]})");
}

TEST_F(Execution, ALoaderIsAskedOnceForAllThatNeedIt) {
  EXPECT_EQ(
      run("{ people { homeTown { street } friends(first: 2) { homeTown { street } } } }"),
      R"({"data":{"people":[{"homeTown":{"street":"Street of 1 in a batch of 2"},"friends":[)"
      R"({"homeTown":{"street":"Street of 10 in a batch of 4"}},{"homeTown":{"street":"Street of 11 in a batch of 4"}}]},)"
      R"({"homeTown":null,"friends":[{"homeTown":{"street":"Street of 20 in a batch of 4"}},)"
      R"({"homeTown":{"street":"Street of 21 in a batch of 4"}}]}]}})");
}

TEST_F(Execution, ASelectionSaysWhichColumnsItNeeds) {
  const auto columns = [&](std::string_view selected) {
    static_cast<void>(run("{ hello }"));
    const std::string body = R"({"query":"{ selected { )" + std::string(selected) + R"( } }"})";
    return client_->send("POST", "/graphql", body, {{"Content-Type", "application/json"}}).header("X-Columns");
  };
  EXPECT_EQ(columns("age id"), "id,age");
  EXPECT_EQ(columns("again: age __typename"), "age");
  EXPECT_EQ(columns("greeting"), "full_name");
  EXPECT_EQ(columns("homeTown { street }"), "id,full_name,age,tags,home")
      << "a resolver that does not say may need all";
}

TEST_F(Execution, WhatIsNotMeantForClientsIsMasked) {
  EXPECT_EQ(run("{ fails }"), R"({"data":{"fails":null},"errors":[{"message":"Internal server error",)"
                              R"("locations":[{"line":1,"column":3}],"path":["fails"],)"
                              R"("extensions":{"code":"INTERNAL_SERVER_ERROR"}}]})");
  EXPECT_EQ(run("{ refuses }"),
            R"({"data":{"refuses":null},"errors":[{"message":"There is none","locations":[{"line":1,"column":3}],)"
            R"("path":["refuses"],"extensions":{"code":"NOT_FOUND"}}]})");
}

}  // namespace
}  // namespace bailey::graphql
