// What bench/web measures beside its peers: the same five endpoints in each. web_api PORT
#include <bailey/bailey.hpp>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

using namespace bailey;

namespace {

struct Message {
  std::string message;
};

struct Listing {
  std::int64_t id;
  std::optional<std::string> q;
  int limit;
};

struct Customer {
  std::string name;
  std::string city;

  static constexpr auto rules() {
    return fields(field<&Customer::name>(min_length(1), max_length(100)),
                  field<&Customer::city>(min_length(1), max_length(100)));
  }
};
struct Line {
  std::string sku;
  int quantity;
  double price;

  static constexpr auto rules() {
    return fields(field<&Line::sku>(pattern("^[A-Z]{3}-[0-9]{4}$")), field<&Line::quantity>(ge(1), le(999)),
                  field<&Line::price>(ge(0)));
  }
};
struct Order {
  Uuid id;
  Customer customer;
  std::vector<Line> lines;
  std::optional<std::string> note;

  static constexpr auto rules() {
    return fields(field<&Order::lines>(min_items(1), max_items(50)), field<&Order::note>(max_length(500)));
  }
};
struct Total {
  std::size_t lines;
  double total;
};

struct Item {
  std::int64_t id;
  std::string sku;
  std::string name;
  std::string description;
  double price;
  std::vector<std::string> labels;
  bool is_available;
};

struct Me {
  Uuid user_id;
};

std::vector<Item> stock() {
  std::vector<Item> items;
  for (std::int64_t id = 1; id <= 40; ++id) {
    const std::string number = std::to_string(1000 + id);
    items.push_back({.id = id,
                     .sku = "ABC-" + number,
                     .name = "A thing that is sold as number " + number,
                     .description = "It is made of \"wood\", " + std::string(80, 'x') + ", and lasts for years.",
                     .price = 9.5 + static_cast<double>(id),
                     .labels = {"new", "sale", "wood"},
                     .is_available = id % 2 == 0});
  }
  return items;
}

}  // namespace

int main(int, char** arguments) try {
  AppOptions options{.title = "Benchmark", .threads = 1};
  options.server.port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
  App app(options);
  app.get("/json", [] { return Message{"Hello, World!"}; });
  app.get("/items/{id}", [](Path<"id", std::int64_t> id, Query<"q", std::optional<std::string>> q,
                            Query<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}> limit) {
    return Listing{*id, *q, *limit};
  });
  app.post("/orders", [](Json<Order> order) {
    double total = 0;
    for (const Line& line : order->lines) total += line.quantity * line.price;
    return Total{order->lines.size(), total};
  });
  app.get("/stock", [items = stock()] { return items; });

  Supabase supabase{{.url = "http://127.0.0.1:9", .anon_key = Secret("none")}};
  TokenVerifierOptions keys;
  keys.jwks_json = std::getenv("JWKS");
  app.get("/me", [](User user) { return Me{user.id()}; },
          {.guard = authenticate(supabase, {.verifier = TokenVerifier(keys)})});
  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
