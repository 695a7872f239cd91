#include <bailey/web/router.hpp>

#include <bailey/model/decimal.hpp>
#include <bailey/model/ip_address.hpp>
#include <bailey/model/time_of_day.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/test_client.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::error_code_of;
using web_testing::get;

Middleware marked(std::string name) {
  return {.name = name, .after = [name](Request&, Response& response) { response.headers.add("x-through", name); }};
}

// Lets those pass who send the key, as somebody.
Guard key_guard(std::string key) {
  return {.name = key,
          .admit = [key](Request& request) -> Before {
            if (request.header("x-key") != key) throw HttpError(403, "Not by " + key);
            request.state().set_identity(std::nullopt);
            return Pass{};
          },
          .security = {.name = key, .scheme = {{"type", "apiKey"}, {"in", "header"}, {"name", "x-key"}}}};
}

TEST(Routers, give_their_routes_the_prefix_and_bind_its_placeholders) {
  Router cards({.prefix = "/cards"});
  cards.get("/{id}", [](Path<"tenant"> tenant, Path<"id", int> id) { return *tenant + std::to_string(*id); });
  Router tenants({.prefix = "/tenants/{tenant}"});
  tenants.include(std::move(cards));
  App app;
  app.include(std::move(tenants), "/v1");
  EXPECT_EQ(get(app, "/v1/tenants/ada/cards/7").body, R"("ada7")");
  EXPECT_EQ(get(app, "/v1/tenants/ada/cards/x").status, 422);
  EXPECT_EQ(get(app, "/v1/cards/7").status, 404);
}

TEST(Routers, have_their_prefix_itself_as_the_path_that_is_empty) {
  Router cards({.prefix = "/cards"});
  cards.get("", [] { return PlainText{"all"}; });
  cards.get("/{id}", [](Path<"id"> id) { return PlainText{*id}; });
  Router tenant({.prefix = "/tenants/{tenant}"});
  tenant.get("", [](Path<"tenant"> name) { return PlainText{*name}; });
  tenant.include(std::move(cards));
  App app;
  app.include(std::move(tenant));
  TestClient client(app);
  EXPECT_EQ(client.get("/tenants/a").body, "a");
  EXPECT_EQ(client.get("/tenants/a/cards").body, "all");
  EXPECT_EQ(client.get("/tenants/a/cards/7").body, "7");
  EXPECT_EQ(client.get("/tenants/a/cards/").status, 404);

  Router nowhere;
  nowhere.get("", [] { return 1; });
  App other;
  other.include(std::move(nowhere));
  EXPECT_THROW(static_cast<void>(other.handler()), Error);
}

TEST(Routers, whose_handlers_take_what_no_prefix_has_end_the_start) {
  Router router;
  router.get("/cards/{id}", [](Path<"tenant"> tenant) { return *tenant; });
  App app;
  app.include(std::move(router), "/v1");
  try {
    static_cast<void>(app.handler());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "GET /v1/cards/{id}: its handler takes Path<\"tenant\"> but the path has no such placeholder");
  }
}

TEST(Routers, whose_placeholders_are_of_a_kind_that_fits_no_text_of_a_type_end_the_start) {
  const auto message_of = [](App& app) -> std::string {
    try {
      static_cast<void>(app.handler());
    } catch (const Error& error) {
      return std::string(error.message());
    }
    return "started";
  };
  const auto in_router = [&](auto handler, std::string_view path, std::string_view prefix) {
    Router router;
    router.get(runtime_path(path), std::move(handler));
    App app;
    app.include(std::move(router), prefix);
    return message_of(app);
  };
  EXPECT_EQ(in_router([](Path<"id", Uuid>) { return 1; }, "/{id:int}", "/v1"),
            "GET /v1/{id:int}: its handler takes Path<\"id\", bailey::Uuid>, and nothing that {id:int} matches is one: "
            "write {id} in the path");
  EXPECT_EQ(in_router([](Path<"part", int>) { return 1; }, "/x", "/{part:float}"),
            "GET /{part:float}/x: its handler takes Path<\"part\", int>, and nothing that {part:float} matches is one: "
            "write {part} in the path");
  EXPECT_TRUE(in_router([](Path<"id", std::optional<Uuid>>) { return 1; }, "/{id:int}", "").contains("{id:int}"));
  EXPECT_TRUE(in_router([](Path<"id", TimeOfDay>) { return 1; }, "/{id:int}", "").contains("{id:int}"));
  EXPECT_TRUE(in_router([](Path<"id", IpAddress>) { return 1; }, "/{id:float}", "").contains("{id:float}"));
  EXPECT_TRUE(in_router([](Path<"id", IpAddress>) { return 1; }, "/{id:uuid}", "").contains("{id:uuid}"));
  EXPECT_EQ(in_router([](Path<"id", std::optional<int>>) { return 1; }, "/{id:int}", ""), "started");
  EXPECT_EQ(in_router([](Path<"id", Decimal>) { return 1; }, "/{id:float}", ""), "started");
  EXPECT_EQ(in_router([](Path<"id", Secret>) { return 1; }, "/{id:uuid}", ""), "started");
  EXPECT_EQ(in_router([](Path<"id", IpAddress>) { return 1; }, "/{id:path}", ""), "started");

  App dependent;
  dependent.depends(depends([](Path<"id", Uuid>) {}));
  dependent.get("/cards/{id:int}", [] { return 1; });
  EXPECT_TRUE(message_of(dependent).starts_with("GET /cards/{id:int}: ")) << "of a dependency's, too";
}

TEST(Routers, refuse_a_prefix_that_is_none) {
  for (const char* prefix : {"cards", "/", "/cards/"}) {
    EXPECT_EQ(error_code_of([&] { Router router({.prefix = prefix}); }), "invalid_route") << prefix;
    EXPECT_EQ(error_code_of([&] {
                App app;
                app.include(Router(), prefix);
              }),
              "invalid_route")
        << prefix;
  }
}

TEST(Routers, put_their_middleware_around_their_own_routes_alone_inside_of_the_apps) {
  Router inner({.prefix = "/inner", .middleware = {marked("inner")}});
  inner.get("/x", [] { return 1; }, {.middleware = {marked("route")}});
  Router outer({.prefix = "/outer", .middleware = {marked("outer")}});
  outer.include(std::move(inner));
  outer.get("/y", [] { return 1; });
  App app;
  app.include(std::move(outer));
  app.get("/z", [] { return 1; });
  app.use(marked("app"));
  EXPECT_EQ(get(app, "/outer/inner/x").header("x-through"), "route, inner, outer, app");
  EXPECT_EQ(get(app, "/outer/y").header("x-through"), "outer, app");
  EXPECT_EQ(get(app, "/z").header("x-through"), "app");
  EXPECT_EQ(get(app, "/nowhere").header("x-through"), "app");
}

TEST(Guards, of_a_route_stand_in_place_of_its_routers_and_these_in_place_of_the_apps) {
  Router admin({.prefix = "/admin", .guard = key_guard("admin")});
  admin.get("/", [] { return 1; });
  admin.get("/terms", [] { return 1; }, {.guard = open_to_all()});
  admin.get("/root", [] { return 1; }, {.guard = key_guard("root")});
  App app;
  app.use(key_guard("user"));
  app.include(std::move(admin));
  app.get("/me", [] { return 1; });
  app.get("/public", [] { return 1; }, {.guard = open_to_all()});
  struct Case {
    std::string path, key;
  };
  for (const auto& [path, key] : std::vector<Case>{{"/admin/", "admin"}, {"/admin/root", "root"}, {"/me", "user"}}) {
    for (const std::string sent : {"admin", "root", "user", ""}) {
      EXPECT_EQ(get(app, path, {{"x-key", sent}}).status, sent == key ? 200 : 403) << path << " with " << sent;
    }
  }
  EXPECT_EQ(get(app, "/admin/terms").status, 200);
  EXPECT_EQ(get(app, "/public").status, 200);
  EXPECT_EQ(get(app, "/nowhere").status, 403) << "of paths that are no route's the app's own guard is asked";
}

TEST(Guards, let_pass_probes_and_who_asks_for_methods_whoever_has_written_them) {
  Router admin({.prefix = "/admin", .guard = key_guard("admin")});
  admin.get("/", [] { return 1; });
  admin.options("/told", [] { return 1; });
  App app;
  app.use(key_guard("user"));
  app.include(std::move(admin));
  for (const std::string path : {"/health", "/ready"}) {
    EXPECT_EQ(get(app, path).status, 200) << path;
    EXPECT_EQ(ask(app, "HEAD", path).status, 200) << path;
    EXPECT_EQ(ask(app, "POST", path).status, 403) << path << ": that is no probe";
  }
  for (const std::string path : {"/health", "/admin/", "*"}) EXPECT_EQ(ask(app, "OPTIONS", path).status, 204) << path;
  EXPECT_EQ(ask(app, "OPTIONS", "/admin/told").status, 200);
  EXPECT_EQ(ask(app, "OPTIONS", "/nowhere").status, 404);
  EXPECT_EQ(get(app, "/admin/").status, 403);
}

TEST(Guards, are_asked_before_a_probed_route_of_ones_own) {
  App app;
  app.use(key_guard("user"));
  app.get("/health", [] { return 1; }, {.guard = key_guard("probe")});
  app.get("/ready", [] { return 1; });
  EXPECT_EQ(get(app, "/health").status, 403);
  EXPECT_EQ(get(app, "/health", {{"x-key", "probe"}}).status, 200);
  EXPECT_EQ(get(app, "/ready").status, 403);
  EXPECT_EQ(get(app, "/ready", {{"x-key", "user"}}).status, 200);
}

TEST(Guards, stand_in_the_place_among_the_middleware_where_the_app_uses_its_own) {
  const auto counting = [](std::string name) {
    return Middleware{.name = name, .before = [name](Request& request) -> Before {
                        return request.state().has_identity() ? Before(Response::text(200, name + " inside"))
                                                              : Before(Pass{});
                      }};
  };
  App app;
  app.use(counting("first"));
  app.use(key_guard("user"));
  app.use(counting("second"));
  app.get("/", [] { return 1; });
  Router admin({.prefix = "/admin", .guard = key_guard("admin")});
  admin.get("/", [] { return 1; });
  app.include(std::move(admin));
  EXPECT_EQ(get(app, "/", {{"x-key", "user"}}).body, "second inside");
  EXPECT_EQ(get(app, "/admin/", {{"x-key", "admin"}}).body, "second inside");
}

TEST(Guards, of_routes_are_asked_before_the_body_is_read_where_the_app_has_none) {
  App app;
  app.post("/", [](Body body) { return std::string(*body); }, {.body_limit_bytes = 3, .guard = key_guard("k")});
  EXPECT_EQ(ask(app, "POST", "/", {}, "1234").status, 403);
  EXPECT_EQ(ask(app, "POST", "/", {{"x-key", "k"}}, "1234").status, 413);
}

TEST(Guards, are_told_once_of_all_the_routes_they_stand_before) {
  std::vector<std::string> told;
  Guard guard = key_guard("admin");
  guard.check = [&told](std::span<const RouteInfo> routes) {
    std::string list;
    for (const RouteInfo& route : routes) list += route.path + " ";
    told.push_back(list);
  };
  Router admin({.prefix = "/admin", .guard = guard});
  admin.get("/a", [] { return 1; });
  admin.get("/b", [] { return 1; }, {.guard = open_to_all()});
  admin.get("/c", [] { return 1; });
  App app;
  app.include(std::move(admin));
  static_cast<void>(app.handler());
  EXPECT_EQ(told, std::vector<std::string>{"/admin/a /admin/c "});
}

TEST(Guards, are_one_of_an_app) {
  App app;
  app.use(key_guard("a"));
  EXPECT_EQ(error_code_of([&] { app.use(key_guard("b")); }), "invalid_middleware");
}

TEST(Guards, that_ask_nobody_are_refused_at_start_unless_that_is_what_they_are_for) {
  App app;
  app.use(Guard{.name = "mine"});
  app.get("/secret", [] { return 42; });
  EXPECT_EQ(error_code_of([&] { TestClient client(app); }), "invalid_route");
  App inner;
  inner.get("/secret", [] { return 42; }, {.guard = Guard{}});
  EXPECT_EQ(error_code_of([&] { TestClient client(inner); }), "invalid_route");
}

}  // namespace
}  // namespace bailey
