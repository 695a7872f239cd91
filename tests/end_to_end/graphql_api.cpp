// A schema with a part of every kind, and its twin in graphql_oracle.test.mjs: what the one answers the other must.
#include <bailey/bailey.hpp>
#include <bailey/graphql/graphql.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

using namespace bailey;
using namespace std::chrono_literals;
using graphql::AnyOf;
using graphql::Arg;
using graphql::GraphQLError;
using graphql::Id;
using graphql::Type;

namespace {

enum class Color { RED, GREEN, BLUE };

struct Node {
  Id id;
};

struct Place {
  std::string street;
  std::optional<int> number;
  std::optional<std::string> owner_id;

  static void graphql(Type<Place>& type);
};

struct Person {
  Id id;
  std::string full_name;
  std::optional<int> age;
  std::vector<std::string> tags;
  std::optional<Place> home;
  Color color = Color::RED;
  double score = 0;
  std::vector<std::optional<int>> marks;
  std::optional<json::value> extra;

  static void graphql(Type<Person>& type);
};

struct Dog {
  Id id;
  std::string name;
  int barks = 0;

  static void graphql(Type<Dog>& type) { type.implements<Node>(); }
};
struct Cat {
  Id id;
  std::string name;
  std::optional<bool> is_lazy;

  static void graphql(Type<Cat>& type) { type.implements<Node>(); }
};
using PetResult = std::variant<Dog, Cat>;

struct PersonFilter {
  std::optional<std::vector<Id>> ids;
  Maybe<Color> color;
  int limit = 3;
  std::optional<double> score;
  std::unique_ptr<PersonFilter> nested;

  static constexpr auto rules() { return fields(field<&PersonFilter::limit>(defaulted)); }
};

}  // namespace

namespace {

struct Lookup {
  Maybe<Id> id;
  Maybe<std::string> full_name;

  static void graphql(graphql::InputType<Lookup>& type) { type.one_of(); }
};

Person person_of(int number) {
  Person person{.id = Id(std::to_string(number)),
                .full_name = "Person " + std::to_string(number),
                .tags = {"t" + std::to_string(number), "\"quoted\" \n"},
                .color = static_cast<Color>(number % 3),
                .score = number / 4.0};
  if (number % 2 == 0) person.age = number * 10;
  if (number % 3 != 0) person.home = Place{.street = "Street " + std::to_string(number)};
  if (person.home && number % 2 == 1) person.home->number = number;
  person.marks = {1, std::nullopt, number};
  if (number % 4 == 1) person.extra = json::object{{"a", json::array{1, nullptr, "x"}}};
  return person;
}
int number_of(const Id& id) { return std::atoi(id.text.c_str()); }

std::optional<PetResult> pet_of(int number) {
  const std::string text = std::to_string(number);
  if (number % 3 == 0) return std::nullopt;
  if (number % 3 == 1) return Dog{.id = Id("dog" + text), .name = "Dog " + text, .barks = number};
  return Cat{.id = Id("cat" + text), .name = "Cat " + text, .is_lazy = number % 2 == 0};
}

void Place::graphql(Type<Place>& type) {
  type.hide(&Place::owner_id);
  type.field("slow_street", [](const Place& place) -> Task<std::string> {
    co_await sleep_for(1ms);
    co_return place.street;
  });
}

void Person::graphql(Type<Person>& type) {
  type.describe("Somebody.").implements<Node>();
  type.field(&Person::full_name, {.description = "With all names."});
  type.field(&Person::score, {.deprecation_reason = "Nobody counts."});
  type.field("friends",
             [](const Person& person, Arg<"first", int, Number{.default_value = 2}> first,
                Arg<"color", std::optional<Color>> color) -> Task<std::vector<Person>> {
               co_await sleep_for(1ms);
               std::vector<Person> friends;
               for (int i = 1; i <= *first; ++i) {
                 Person one = person_of(number_of(person.id) + i);
                 if (!*color || one.color == **color) friends.push_back(std::move(one));
               }
               co_return friends;
             });
  type.field("best_friend", [](const Person& person) -> Task<std::optional<Person>> {
    co_await sleep_for(1ms);
    if (number_of(person.id) % 2 == 1) co_return std::nullopt;
    co_return person_of(number_of(person.id) + 1);
  });
  type.field("pets", [](const Person& person) {
    std::vector<std::optional<PetResult>> pets;
    for (int i = 0; i < 3; ++i) pets.push_back(pet_of(number_of(person.id) + i));
    return pets;
  });
  type.field("strict", [](const Person& person) {
    if (number_of(person.id) % 3 == 0) throw GraphQLError("strict fails");
    return "strict " + person.id.text;
  });
  type.field("slow_strict", [](const Person& person) -> Task<int> {
    co_await sleep_for(1ms);
    if (number_of(person.id) % 5 == 0) throw GraphQLError("slow_strict fails");
    co_return number_of(person.id);
  });
  type.field("fails", [](const Person& person) -> std::optional<std::string> {
    if (number_of(person.id) % 2 == 0) throw GraphQLError("fails", {.code = "FAILED"});
    return "does not";
  });
  type.field("greeting", [](const Person& person, Arg<"word", std::string, Text{.default_value = "Hello"}> word,
                            Arg<"times", std::optional<int>> times) {
    std::string text;
    for (int i = 0; i < times->value_or(1); ++i) text += *word + " " + person.full_name + ";";
    return text;
  });
}

json::value told(const PersonFilter& filter) {
  json::object text;
  if (filter.ids) {
    json::array& ids = text.emplace("ids", json::array()).first->value().as_array();
    for (const Id& id : *filter.ids) ids.emplace_back(id.text);
  } else {
    text.emplace("ids", nullptr);
  }
  text.emplace("color", filter.color.is_missing() ? json::value("missing")
                        : filter.color.is_null()  ? json::value(nullptr)
                                                  : json::value(enum_text(*filter.color)));
  text.emplace("limit", filter.limit);
  text.emplace("score", filter.score ? json::value(*filter.score) : json::value(nullptr));
  text.emplace("nested", filter.nested ? told(*filter.nested) : json::value(nullptr));
  return text;
}

// How many subscriptions run.
std::atomic<int> running_now = 0;
struct Running {
  Running() { ++running_now; }
  ~Running() { --running_now; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
};

graphql::Schema schema() {
  graphql::Schema schema({.description = "The twin."});
  schema.name_union<PetResult>("Pet", "A dog or a cat.");
  schema.query("hello", [] { return std::string("world"); }, {.description = "Says hello."});
  schema.query("person", [](Arg<"id", Id> id) -> std::optional<Person> {
    if (number_of(*id) <= 0) return std::nullopt;
    return person_of(number_of(*id));
  });
  schema.query("people", [](Arg<"count", int, Number{.default_value = 3}> count) -> Task<std::vector<Person>> {
    co_await sleep_for(1ms);
    std::vector<Person> people;
    for (int i = 1; i <= *count; ++i) people.push_back(person_of(i));
    co_return people;
  });
  schema.query("node", [](Arg<"id", Id> id) -> std::optional<AnyOf<Node>> {
    if (id->text.starts_with("dog")) return Dog{.id = *id, .name = "Dog", .barks = 1};
    if (id->text.starts_with("cat")) return Cat{.id = *id, .name = "Cat", .is_lazy = {}};
    if (number_of(*id) > 0) return person_of(number_of(*id));
    return std::nullopt;
  });
  schema.query("echo", [](Arg<"value", std::optional<json::value>> value) -> std::optional<json::value> {
    return value->value_or(nullptr);
  });
  schema.query("filter", [](const Arg<"filter", std::optional<PersonFilter>>& filter) {
    return *filter ? told(**filter) : json::value(nullptr);
  });
  schema.query("lookup", [](Arg<"by", Lookup> by) {
    return by->id.has_value() ? "id " + by->id->text : "name " + *by->full_name;
  });
  schema.query("sum", [](Arg<"numbers", std::vector<int>> numbers,
                         Arg<"matrix", std::optional<std::vector<std::vector<double>>>> matrix) {
    double sum = 0;
    for (const int number : *numbers) sum += number;
    if (*matrix)
      for (const auto& row : **matrix)
        for (const double number : row) sum += number;
    return sum;
  });
  schema.query("paint", [](Arg<"color", Color, Text{.default_value = "GREEN"}> color) { return *color; });
  schema.query("required", []() -> Task<std::string> {
    co_await sleep_for(1ms);
    throw GraphQLError("required fails");
  });
  schema.subscription(
      "count",
      [](Arg<"to", int> to, Arg<"pause", int, Number{.default_value = 1}> pause, graphql::Emit<int> emit) -> Task<> {
        const Running running;
        for (int i = 1; i <= *to; ++i) {
          co_await sleep_for(std::chrono::milliseconds(*pause));
          co_await emit(i);
        }
      });
  // [subscription]
  schema.subscription("born", [](Arg<"count", int> count, graphql::Emit<Person> emit) -> Task<> {
    for (int i = 1; i <= *count; ++i) co_await emit(person_of(i));
    throw GraphQLError("born fails in the end", {.code = "ENDED"});
  });
  // [/subscription]
  schema.mutation("add", [](Arg<"value", int> value) -> Task<int> {
    co_await sleep_for(std::chrono::milliseconds(3 - *value % 3));
    co_return *value + 1;
  });
  schema.mutation("refuse", [](Arg<"why", std::optional<std::string>> why) -> Task<std::optional<int>> {
    co_await sleep_for(1ms);
    throw GraphQLError(why->value_or("refused"));
  });
  return schema;
}

graphql::Schema stubborn_schema() {
  graphql::Schema schema;
  // Whoever has had enough of it has to wait all the same.
  schema.query(
      "stubborn",
      [pool =
           std::make_shared<BlockingPool>(BlockingPoolOptions{.threads = 16})](Arg<"pause", int> pause) -> Task<bool> {
        const Running running;
        co_await pool->run([pause = *pause] { std::this_thread::sleep_for(std::chrono::milliseconds(pause)); });
        co_return true;
      });
  return schema;
}

struct Note {
  int id = 0;
};

// Behind a guard: what it says is its user's.
graphql::Schema users_schema() {
  graphql::Schema schema;
  schema.loader([](const std::vector<int>& ids, User user) -> Task<std::vector<std::string>> {
    co_await sleep_for(1ms);
    std::vector<std::string> texts;
    for (const int id : ids) texts.push_back(std::string(user.email()) + " " + std::to_string(id));
    co_return texts;
  });
  schema.type<Note>().field(
      "text", [](const Note& note, graphql::Loader<int, std::string>& texts) { return texts.load(note.id); });
  schema.query("notes", [](Arg<"count", int> count) {
    std::vector<Note> notes;
    for (int i = 1; i <= *count; ++i) notes.push_back({.id = i});
    return notes;
  });
  schema.query("me", [](User user) { return std::string(user.email()); });
  schema.mutation("shout", [](User user, Arg<"word"> word) { return std::string(user.email()) + ": " + *word; });
  schema.subscription("ticks",
                      [](User user, Arg<"to", int> to, Arg<"pause", int, Number{.default_value = 1}> pause,
                         graphql::Emit<std::string> emit) -> Task<> {
                        const Running running;
                        for (int i = 1; i <= *to; ++i) {
                          co_await sleep_for(std::chrono::milliseconds(*pause));
                          co_await emit(std::string(user.email()) + " " + std::to_string(i));
                        }
                      });
  return schema;
}

// Where there is a project whose users can be known.
void add_users_schema(App& app) {
  if (!env::get("SUPABASE_URL")) return;
  const auto supabase = Supabase::from_env();
  if (const auto origin = env::get("FRONTEND_ORIGIN"))
    app.use(cors({.allow_origins = {*origin}, .allow_methods = {"*"}, .allow_headers = {"Authorization"}}));
  graphql::MountOptions options;
  options.route.guard = authenticate(supabase, {.first_message_timeout = 10s});
  if (const auto origin = env::get("FRONTEND_ORIGIN")) options.socket.web_socket.origins = {*origin};
  app.graphql("/users", users_schema(), options);
  app.graphql("/tenants/{tenant}/graphql/", users_schema(), options);
}

}  // namespace

int main(int argc, char** argv) try {
  App app({.title = "The twin"});
  add_users_schema(app);
  graphql::MountOptions options;
  options.operations.max_depth = 0;
  options.operations.max_aliases = 0;
  options.operations.max_root_fields = 0;
  options.socket.init_timeout = 500ms;
  options.socket.max_operations = 3;
  app.graphql("/graphql", schema(), options);
  app.graphql("/stubborn", stubborn_schema(), options);
  options.profile = graphql::HttpProfile::draft;
  app.graphql("/draft", schema(), options);
  app.graphql("/bounded", schema());
  app.graphql("/legacy", schema(), {.socket = {.legacy = true}});
  app.graphql("/trusted", schema(), {.persisted = {.trusted = {{"hi", "query Hi { hello }"}}, .only_trusted = true}});
  app.get("/running", [] { return running_now.load(); });
  app.get("/schema", [] { return schema().text(); });
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
