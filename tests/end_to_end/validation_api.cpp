// One route for each kind of value, in a body, a query and a path, for test_validation.py: what it takes is sent back.
#include <bailey/bailey.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

using namespace bailey;

namespace validation_api {

enum class Unit { celsius, percent };

// The kinds, told apart by type where only their rules differ.
template <class T>
struct Holder {
  T value;
};
struct Address {
  std::string value;

  static constexpr auto rules() { return fields(field<&Address::value>(format::email)); }
};
struct Link {
  std::string value;

  static constexpr auto rules() { return fields(field<&Link::value>(format::url)); }
};
struct Bounded {
  int value;

  static constexpr auto rules() { return fields(field<&Bounded::value>(ge(1), lt(100), multiple_of(3))); }
};
struct Share {
  double value;

  static constexpr auto rules() { return fields(field<&Share::value>(gt(0), le(0.5))); }
};
struct Name {
  std::string value;

  static constexpr auto rules() {
    return fields(field<&Name::value>(min_length(2), max_length(5), pattern("^[a-zäöü]+$")));
  }
};
struct Few {
  std::vector<std::string> value;

  static constexpr auto rules() { return fields(field<&Few::value>(min_items(1), max_items(2), min_length(2))); }
};
struct Whole {
  std::int64_t value;

  static constexpr auto rules() { return fields(forbid_extra(), field<&Whole::value>(defaulted)); }
};
// Bounds on what is a text in JSON.
struct Price {
  Decimal value;

  static constexpr auto rules() {
    return fields(field<&Price::value>(gt(0), le(100.5), max_digits(5), decimal_places(2), multiple_of(0.05)));
  }
};
struct Digits {
  Decimal value;

  static constexpr auto rules() { return fields(field<&Digits::value>(max_digits(3))); }
};
struct Stay {
  std::chrono::microseconds value;

  static constexpr auto rules() {
    return fields(field<&Stay::value>(ge(std::chrono::minutes(90)), lt(std::chrono::seconds(172'801))));
  }
};
struct Day {
  std::chrono::sys_days value;

  static constexpr auto rules() {
    return fields(field<&Day::value>(gt(std::chrono::year(2020) / 1 / 1), le(std::chrono::year(2026) / 1 / 1)));
  }
};
struct Moment {
  std::chrono::sys_time<std::chrono::microseconds> value;

  static constexpr auto rules() {
    return fields(field<&Moment::value>(
        ge(std::chrono::sys_time<std::chrono::seconds>()),
        lt(std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + std::chrono::milliseconds(10'800'250))));
  }
};
// A pattern and what it is looked for in; the answer, or why there is none.
struct Search {
  std::string expression;
  std::vector<std::string> texts;
};
struct Findings {
  std::vector<bool> found;
  std::optional<std::string> refusal;
};

struct Item {
  std::string label;
  std::int32_t weight;
  std::optional<double> share;
};
struct Order {
  std::int64_t id;
  Uuid owner;
  Unit unit;
  std::vector<Item> items;
  std::map<std::string, std::int64_t> counts;
  std::variant<std::int64_t, std::string> any;
  std::optional<Item> gift;
};

}  // namespace validation_api

using namespace validation_api;

namespace {

template <class Body>
void take_body(App& app, const std::string& kind) {
  app.post(runtime_path("/body/" + kind), [](Json<Body> body) { return *std::move(body); });
}

template <class T, auto Rules = NoRules{}>
void take_parameter(App& app, const std::string& kind) {
  app.get(runtime_path("/query/" + kind), [](Query<"value", T, Rules> value) { return Holder<T>{*std::move(value)}; });
  app.get(runtime_path("/path/" + kind + "/{value}"),
          [](Path<"value", T, Rules> value) { return Holder<T>{*std::move(value)}; });
  app.get(runtime_path("/optional/" + kind),
          [](Query<"value", std::optional<T>, Rules> value) { return Holder<std::optional<T>>{*std::move(value)}; });
  app.get(runtime_path("/header/" + kind),
          [](Header<"x-value", T, Rules> value) { return Holder<T>{*std::move(value)}; });
}

template <class T>
void take(App& app, const std::string& kind) {
  take_body<Holder<T>>(app, kind);
  take_parameter<T>(app, kind);
}

Findings search(const Search& request) try {
  const Pattern pattern(request.expression);
  Findings findings;
  for (const std::string& text : request.texts) findings.found.push_back(pattern.found_in(text));
  return findings;
} catch (const std::invalid_argument& refusal) {
  return {.found = {}, .refusal = refusal.what()};
}

}  // namespace

int main() try {
  App app;
  take<bool>(app, "bool");
  take<std::int32_t>(app, "int32");
  take<std::int64_t>(app, "int64");
  take<std::uint64_t>(app, "uint64");
  take<std::uint8_t>(app, "uint8");
  take<double>(app, "float");
  take<std::string>(app, "str");
  take<Uuid>(app, "uuid");
  take<Unit>(app, "enum");
  take<TimeOfDay>(app, "time");
  take<std::chrono::sys_days>(app, "date");
  take<std::chrono::sys_time<std::chrono::microseconds>>(app, "datetime");
  take_body<Holder<std::optional<std::int64_t>>>(app, "optional");
  take_body<Holder<std::vector<std::int64_t>>>(app, "list");
  take_body<Holder<std::array<std::int64_t, 2>>>(app, "pair");
  take_body<Holder<std::map<std::string, std::int64_t>>>(app, "dict");
  take_body<Holder<std::variant<std::int64_t, std::string>>>(app, "int_or_str");
  take_body<Holder<std::variant<bool, double>>>(app, "bool_or_float");
  take_body<Holder<std::variant<Item, std::int64_t>>>(app, "item_or_int");
  take_body<Holder<Item>>(app, "model");
  take_body<Holder<json::value>>(app, "any");
  take_body<Holder<std::variant<std::vector<std::int64_t>, std::map<std::string, Item>>>>(app, "list_or_dict");
  take_body<Holder<std::variant<Unit, std::vector<std::optional<double>>, Decimal, TimeOfDay>>>(app, "unit_or_list");
  take_body<Holder<std::variant<Holder<std::int64_t>, Holder<Item>, bool>>>(app, "holder_or_bool");
  take_body<Price>(app, "price");
  take_body<Digits>(app, "digits");
  take_body<Stay>(app, "stay");
  take_body<Day>(app, "day");
  take_body<Moment>(app, "moment");
  take_body<Bounded>(app, "bounded");
  take_body<Share>(app, "share");
  take_body<Name>(app, "name");
  take_body<Few>(app, "few");
  take_body<Whole>(app, "whole");
  take_body<Address>(app, "email");
  take_body<Link>(app, "url");
  take_body<Order>(app, "order");
  take_body<std::optional<Order>>(app, "optional_order");
  take_body<std::vector<Item>>(app, "items");
  take_body<std::int64_t>(app, "number");
  take_parameter<int, Number{.ge = 1, .lt = 100, .multiple_of = 3}>(app, "bounded");
  take_parameter<std::string, Text{.min_length = 2, .max_length = 5, .pattern = "^[a-zäöü]+$"}>(app, "name");
  take_parameter<std::string, Text{.format = TextFormat::email}>(app, "email");
  take_parameter<std::string, Text{.format = TextFormat::url}>(app, "url");
  app.post("/pattern", [](Json<Search> request) { return search(*request); });
  app.get("/query/list", [](Query<"value", std::vector<std::int64_t>> value) { return *std::move(value); });
  app.get("/query/defaulted",
          [](Query<"value", int, Number{.default_value = 7}> value) { return Holder<int>{*value}; });
  app.get("/several/{id}", [](Path<"id", std::int64_t> id, Query<"limit", int> limit, Header<"x-value", int> value) {
    return std::vector<std::int64_t>{*id, *limit, *value};
  });
  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
