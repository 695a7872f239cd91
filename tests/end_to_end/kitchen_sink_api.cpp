// Every kind of parameter, body, answer and credentials once, for test_openapi.py: what the document says of them is
// compared with what they do.
#include <bailey/base/failed.hpp>
#include <bailey/model/model.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/security.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

using namespace bailey;

namespace kitchen {

enum class Heat { low, high };

struct Spice {
  std::string name;
  double grams;

  static constexpr auto rules() {
    return fields(field<&Spice::name>(min_length(1), max_length(20), example("pepper")),
                  field<&Spice::grams>(gt(0), le(1000)));
  }
};

struct Dish {
  Uuid id;
  std::string name;
  Heat heat = Heat::low;
  std::vector<Spice> spices;
  std::map<std::string, std::int64_t> stock;
  std::optional<std::string> note;
  Maybe<std::int32_t> rating;
  std::array<double, 2> place;
  std::chrono::sys_days since;
  std::chrono::sys_seconds changed_at;
  std::vector<std::byte> picture;
  bool is_vegan;
  std::uint8_t level;

  static constexpr auto rules() {
    return fields(field<&Dish::name>(min_length(1), max_length(60), description("As on the menu"), example("Soup")),
                  field<&Dish::heat>(defaulted), field<&Dish::spices>(max_items(5)),
                  field<&Dish::note>(max_length(200), deprecated), forbid_extra());
  }
};

struct Account {
  std::string email;
  std::string website;
  std::string password;

  static constexpr auto rules() {
    return fields(field<&Account::email>(format::email), field<&Account::website>(format::url),
                  field<&Account::password>(secret, min_length(8)));
  }
};

struct Cat {
  std::string meow;
};
struct Dog {
  std::string bark;
};

struct Branch {
  std::string name;
  std::vector<Branch> branches;
};

struct Problem {
  std::string code;
};

struct Caller {
  std::string name;
  std::vector<std::string> scopes;
};

}  // namespace kitchen

using namespace kitchen;

void add_parameters(Router& router) {
  router.get("/ints/{id:int}",
             [](Path<"id", std::int32_t, Number{.le = 1'000'000, .description = "Which one"}> id) { return *id; });
  router.get("/uuids/{id}", [](Path<"id", Uuid> id) { return *id; });
  router.get("/dates/{day}", [](Path<"day", std::chrono::sys_days> day) { return *day; });
  router.get("/query", [](Query<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}> limit,
                          Query<"share", std::optional<double>> share, Query<"heat", std::optional<Heat>>,
                          Query<"tag", std::vector<std::string>, Text{.max_length = 10}> tags,
                          Query<"on", bool, Number{.default_value = false}> on,
                          Query<"name", std::optional<std::string>, Text{.pattern = "^[a-z]+$", .example = "ada"}>) {
    return json::object{{"limit", *limit}, {"share", share->value_or(0)}, {"tags", tags->size()}, {"on", *on}};
  });
  router.get("/headers", [](Header<"X-Count", std::int64_t> count, Header<"X-Note", std::optional<std::string>>) {
    return *count;
  });
  router.get("/cookies", [](Cookie<"visits", std::int64_t, Number{.default_value = 0}> visits) { return *visits; });
}

void add_bodies(Router& router) {
  router.put("/dishes/{id}", [](Path<"id", Uuid> id, Json<Dish> dish) {
    dish->id = *id;
    return std::move(*dish);
  });
  router.post("/dishes", [](Json<Dish> dish) -> Created<Dish> {
    std::string where = "/dishes/" + dish->id.to_string();
    return {std::move(*dish), std::move(where)};
  });
  router.post("/accounts", [](Json<Account> account) { return std::move(*account); });
  router.post("/pets", [](Json<std::variant<Cat, Dog>> pet) { return std::move(*pet); });
  router.post("/trees", [](Json<Branch> tree) { return std::move(*tree); });
  router.post("/lists", [](Json<std::vector<std::int64_t>> numbers) { return std::move(*numbers); });
  router.post("/maybe", [](Json<std::optional<Spice>> spice) { return spice->has_value(); });
  router.post("/any", [](Json<json::value> value) { return std::move(*value); });
  router.post("/bytes", [](Body body) { return static_cast<std::int64_t>(body.bytes.size()); });
  router.post("/form", [](Form<"name"> name, Form<"age", std::optional<int>, Number{.ge = 0}>,
                          Form<"tag", std::vector<std::string>, Text{.min_length = 1}> tags) {
    return *name + std::to_string(tags->size());
  });
  router.post("/files",
              [](File<"picture"> picture, Form<"title"> title, File<"more", std::vector<http::UploadFile>> more) {
                return json::object{{"size", picture->size()}, {"title", *title}, {"more", more->size()}};
              });
}

void add_answers(Router& router) {
  router.get("/html", [] { return Html{"<p>hello</p>"}; });
  router.get("/text", [] { return PlainText{"hello"}; });
  router.get("/png", [] { return Binary{"\x89PNG", "image/png"}; });
  router.get("/nothing", [] {});
  router.get("/elsewhere", [] { return Redirect{"/answers/text", 303}; }, {.status = 303});
  router.get("/reply", [] { return Reply(Spice{"salt", 1}).header("x-total", "1"); });
  router.get("/either/{n}", [](Path<"n", int> n) -> std::variant<Spice, NoContent> {
    if (*n == 0) return NoContent{};
    return Spice{"salt", 1};
  });
  router.get("/expected/{n}",
             [](Path<"n", int> n) -> std::expected<Spice, Error> {
               if (*n % 2 != 0) return std::unexpected(Error("odd", "An odd number", 409));
               return Spice{"salt", 1};
             },
             {.responses = {documented(409, "The number is odd")}});
  router.get("/old", [] { return 1; }, {.deprecated = true});
}

void add_credentials(Router& router) {
  router.get("/bearer", [](Bearer token) {
    if (*token != Secret("let-me-in")) throw token.refused();
    return 1;
  });
  router.get("/key", [](ApiKey<KeyIn::header, "X-API-Key"> key) {
    if (*key != Secret("k-1")) throw key.refused();
    return 1;
  });
  router.get("/basic", [](Basic<"Kitchen"> login) {
    if (!login->are("cook", Secret("pepper"))) throw login.refused();
    return 1;
  });
  router.get("/both", [](Bearer token, ApiKey<KeyIn::header, "X-API-Key"> key) {
    if (*token != Secret("let-me-in") || *key != Secret("k-1")) throw token.refused();
    return 1;
  });
  router.get("/maybe", [](std::optional<Bearer> token) {
    if (token && **token != Secret("let-me-in")) throw token->refused();
    return token.has_value();
  });
  router.get("/scoped", [](const Caller& caller) { return caller.name; },
             {.dependencies = {require_scopes<Caller, "dishes:read">()}});
}

int main(int argc, char** argv) try {
  App app({.title = "Kitchen <sink>",
           .version = "1.0.0",
           .summary = "Everything once",
           .description = "Cooks *everything*. <img src=x onerror=\"window.pwned = 1\">",
           .tags = {{"parameters", "What is read beside the body"}}});
  app.provide([](OAuth2Password<"/token"> token) -> Caller {
    if (*token != Secret("let-me-in")) throw token.refused();
    return {"cook", {"dishes:read"}};
  });
  app.post("/token", [](PasswordForm form) -> json::object {
    if (form.username != "cook" || form.password != Secret("pepper")) throw HttpError(401, "Wrong name or password");
    return {{"access_token", "let-me-in"}, {"token_type", "bearer"}};
  });

  Router parameters({.prefix = "/parameters", .tags = {"parameters"}});
  add_parameters(parameters);
  app.include(std::move(parameters));
  Router bodies({.prefix = "/bodies", .tags = {"bodies"}});
  add_bodies(bodies);
  app.include(std::move(bodies));
  Router answers({.prefix = "/answers", .tags = {"answers"}});
  add_answers(answers);
  app.include(std::move(answers));
  Router credentials({.prefix = "/credentials", .tags = {"credentials"}});
  add_credentials(credentials);
  app.include(std::move(credentials));
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
