// Parameters of every source, models of them, forms, files and bodies in parts, for test_parameters.py: what is taken
// is sent back.
#include <bailey/bailey.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

using namespace bailey;

namespace parameters_api {

enum class Unit { celsius, percent };

template <class T>
struct Holder {
  T value;
};

struct Wanted {
  std::int32_t limit = 20;
  std::optional<std::string> name;
  Unit unit = Unit::celsius;
  std::vector<std::int32_t> tags;
  std::optional<Uuid> owner;
  std::optional<std::chrono::sys_days> since;
  std::optional<double> share;
  std::optional<bool> exact;

  static constexpr auto rules() {
    return fields(field<&Wanted::limit>(defaulted, ge(1), le(100)), field<&Wanted::name>(min_length(2)),
                  field<&Wanted::unit>(defaulted), field<&Wanted::tags>(defaulted, max_items(3)),
                  field<&Wanted::share>(gt(0)));
  }
};
struct Strict {
  std::int32_t limit;
  std::string name = "none";

  static constexpr auto rules() { return fields(field<&Strict::name>(defaulted), forbid_extra()); }
};
struct Required {
  std::int32_t first;
  std::string second;
  std::vector<std::int32_t> third;
};
struct Traced {
  std::int32_t retry_count;
  std::optional<std::string> request_id;
  std::vector<std::int32_t> x_tag;

  static constexpr auto rules() { return fields(field<&Traced::x_tag>(defaulted)); }
};
struct Visit {
  std::int32_t visits;
  std::optional<Uuid> session;
  Unit unit = Unit::celsius;

  static constexpr auto rules() { return fields(field<&Visit::unit>(defaulted), field<&Visit::visits>(ge(0))); }
};
struct Login {
  std::string username;
  std::int32_t age;
  std::vector<std::string> roles;
  std::optional<Unit> unit;

  static constexpr auto rules() {
    return fields(field<&Login::username>(min_length(3), pattern("^[a-z]+$")), field<&Login::roles>(defaulted));
  }
};
struct StrictLogin {
  std::string username;
  std::optional<std::int32_t> age;

  static constexpr auto rules() { return fields(field<&StrictLogin::username>(), forbid_extra()); }
};

struct Item {
  std::string label;
  std::int32_t weight;
  std::vector<std::string> tags;

  static constexpr auto rules() {
    return fields(field<&Item::tags>(defaulted, max_items(2)), field<&Item::weight>(ge(0)));
  }
};
struct Cat {
  std::string name;
  std::int32_t lives;
};
struct Dog {
  std::string name;
  bool barks;
};
struct Box {
  std::vector<std::vector<std::int32_t>> rows;
  std::map<std::string, std::vector<Item>> shelves;
  std::optional<std::variant<Cat, Dog>> pet;
  std::map<std::string, std::optional<std::int32_t>> counts;
  std::vector<std::variant<std::int32_t, Item>> mixed;

  static constexpr auto rules() {
    return fields(field<&Box::rows>(min_items(1)), field<&Box::mixed>(defaulted), field<&Box::counts>(defaulted));
  }
};

}  // namespace parameters_api

using namespace parameters_api;

namespace {

template <class T>
void take_scalar(App& app, const std::string& kind) {
  app.get(runtime_path("/cookie/" + kind), [](Cookie<"value", T> value) { return Holder<T>{*std::move(value)}; });
  app.get(runtime_path("/optional_cookie/" + kind),
          [](Cookie<"value", std::optional<T>> value) { return Holder<std::optional<T>>{*std::move(value)}; });
  app.post(runtime_path("/form/" + kind), [](Form<"value", T> value) { return Holder<T>{*std::move(value)}; });
  app.post(runtime_path("/optional_form/" + kind),
           [](Form<"value", std::optional<T>> value) { return Holder<std::optional<T>>{*std::move(value)}; });
  app.post(runtime_path("/form_list/" + kind),
           [](Form<"value", std::vector<T>> value) { return Holder<std::vector<T>>{*std::move(value)}; });
  app.get(runtime_path("/query_list/" + kind),
          [](Query<"value", std::vector<T>> value) { return Holder<std::vector<T>>{*std::move(value)}; });
  app.get(runtime_path("/header_list/" + kind),
          [](Header<"x-value", std::vector<T>> value) { return Holder<std::vector<T>>{*std::move(value)}; });
  app.post(runtime_path("/part/" + kind), [](JsonField<"value", T> value) { return Holder<T>{*std::move(value)}; });
}

}  // namespace

int main() try {
  App app;
  take_scalar<bool>(app, "bool");
  take_scalar<std::int32_t>(app, "int32");
  take_scalar<double>(app, "float");
  take_scalar<std::string>(app, "str");
  take_scalar<Uuid>(app, "uuid");
  take_scalar<Unit>(app, "enum");
  take_scalar<std::chrono::sys_days>(app, "date");
  take_scalar<std::chrono::sys_time<std::chrono::microseconds>>(app, "datetime");

  take_scalar<Decimal>(app, "decimal");
  take_scalar<IpAddress>(app, "ip");

  app.get("/model/filter", [](QueryOf<Wanted> sent) { return *std::move(sent); });
  app.get("/model/strict", [](QueryOf<Strict> sent) { return *std::move(sent); });
  app.get("/model/required", [](QueryOf<Required> sent) { return *std::move(sent); });
  app.get("/model/headers", [](HeadersOf<Traced> sent) { return *std::move(sent); });
  app.get("/model/cookies", [](CookiesOf<Visit> sent) { return *std::move(sent); });
  app.post("/model/login", [](FormOf<Login> sent) { return *std::move(sent); });
  app.post("/model/strict_login", [](FormOf<StrictLogin> sent) { return *std::move(sent); });
  app.get("/json", [](Query<"filter", Json<Strict>> filter) { return **std::move(filter); });

  app.post("/file", [](File<"file"> file) { return json::object{{"size", file->size()}, {"name", file->filename}}; });
  app.post("/optional_file", [](File<"file", std::optional<http::UploadFile>> file) {
    return json::object{{"size", file->has_value() ? json::value((*file)->size()) : json::value()}};
  });
  app.post("/files",
           [](File<"files", std::vector<http::UploadFile>> files) { return json::object{{"count", files->size()}}; });
  app.post("/bytes", [](File<"file", std::string> file) { return json::object{{"size", file->size()}}; });
  app.post("/mixed_form", [](File<"file"> file, Form<"token"> token, Form<"count", std::int32_t> count) {
    return json::object{{"size", file->size()}, {"token", *token}, {"count", *count}};
  });

  app.post("/parts", [](JsonField<"item", Item> item, JsonField<"importance", std::int32_t, Number{.gt = 0}> importance,
                        JsonField<"note", std::optional<std::string>> note) {
    return json::object{{"label", item->label},
                        {"importance", *importance},
                        {"note", note->has_value() ? json::value(**note) : json::value()}};
  });
  app.post("/embedded", [](JsonField<"item", Item> item) { return *std::move(item); });
  app.post("/box", [](Json<Box> box) { return *std::move(box); });
  app.post("/pet", [](Json<std::variant<Cat, Dog>> pet) { return *std::move(pet); });
  app.post("/map", [](Json<std::map<std::string, Item>> map) { return *std::move(map); });
  app.post("/strict", [](Json<Item, Conversion::none> item) { return *std::move(item); });
  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
