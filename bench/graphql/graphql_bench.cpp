// What bench/graphql measures beside its peers: the same schema in each. graphql_bench PORT, with DATABASE_URL set.
// Besides, what the list's query costs as a plain endpoint.
#include <bailey/bailey.hpp>
#include <bailey/graphql/graphql.hpp>
#include <bailey/pg/database.hpp>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace bailey;

namespace {

enum class Color { RED, GREEN, BLUE };

struct Item {
  graphql::Id id;
  std::string sku;
  std::string name;
  std::string description;
  int quantity;
  double price;
  std::optional<double> rating;
  bool is_available;
  Color color;
  std::vector<std::string> labels;
};

struct Person {
  int id;
  std::string name;
  std::string email;
};
using People = graphql::Loader<int, std::optional<Person>>;

struct Card {
  graphql::Id id;
  std::string title;
  int owner_id;

  static void graphql(graphql::Type<Card>& type) {
    type.hide(&Card::owner_id);
    type.field("owner", [](const Card& card, People& people) { return people.load(card.owner_id); });
  }
};

std::vector<Item> all_items() {
  std::vector<Item> items;
  for (int n = 1; n <= 100; ++n) {
    const std::string number = std::to_string(1000 + n);
    items.push_back({.id = graphql::Id("item-" + number),
                     .sku = "ABC-" + number,
                     .name = "A thing that is sold as number " + number,
                     .description = "It is made of \"wood\", and lasts for years.",
                     .quantity = 3 * n,
                     .price = 9.5 + n,
                     .rating = n % 4 == 0 ? std::nullopt : std::optional(n / 8.0),
                     .is_available = n % 2 == 0,
                     .color = static_cast<Color>(n % 3),
                     .labels = {"new", "sale", "wood"}});
  }
  return items;
}

std::vector<Card> all_cards() {
  std::vector<Card> cards;
  for (int n = 1; n <= 50; ++n) {
    const std::string number = std::to_string(n);
    cards.push_back({.id = graphql::Id("card-" + number), .title = "Card number " + number, .owner_id = 1 + n % 25});
  }
  return cards;
}

Task<std::map<int, Person>> load_people(std::vector<int> ids, const pg::Database& database) {
  std::string keys;
  for (const int id : ids) keys += (keys.empty() ? "{" : ",") + std::to_string(id);
  pg::Statement statement("select id, name, email from people where id = any($1::int[])", {keys + "}"});
  const pg::Rows rows = co_await database.run(std::move(statement));
  std::map<int, Person> people;
  for (Person& person : rows.as<Person>()) people.emplace(person.id, std::move(person));
  co_return people;
}

}  // namespace

int main(int, char** arguments) try {
  pg::Options database_options;
  database_options.connection_string = Secret(std::getenv("DATABASE_URL"));
  const pg::Database database(std::move(database_options));

  AppOptions options{.title = "Benchmark", .threads = 1};
  options.server.port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
  App app(options);
  app.provide(std::cref(database));

  graphql::Schema schema;
  schema.query("hello", [] { return std::string("Hello, World!"); });
  schema.query("items", [items = all_items()] { return items; });
  schema.query("cards", [cards = all_cards()] { return cards; });
  schema.loader(load_people);
  app.graphql("/graphql", schema);

  app.get("/items", [items = all_items()] { return items; });
  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
