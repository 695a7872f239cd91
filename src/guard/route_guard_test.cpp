// Guards of routes and routers: who may is written where the route is.
#include <bailey/guard/signed_in.hpp>
#include <bailey/web/test_client.hpp>
#include "guard/authenticate_fixture.hpp"

#include <string>

namespace bailey {
namespace {

using guard_testing::bearer;
using guard_testing::claims;
using guard_testing::signed_by;

using RouteGuards = guard_testing::AuthenticateTest;

TEST_F(RouteGuards, say_for_each_route_who_may) {
  App app;
  app.use(authenticate(supabase, options()));
  app.get("/me", [](User user) { return user.id(); });
  app.get("/terms", [] { return 1; }, {.guard = open_to_all()});
  AuthenticateOptions perhaps = options();
  perhaps.optional = true;
  app.get("/cards", [](std::optional<User> user) { return user.has_value(); },
          {.guard = authenticate(supabase, perhaps)});
  AuthenticateOptions editors = options();
  editors.roles = {"editor"};
  Router admin({.prefix = "/admin", .guard = authenticate(supabase, editors)});
  admin.get("/", [](User user) { return std::string(user.role()); });
  app.include(std::move(admin));
  AuthenticateOptions sure = options();
  sure.aal = "aal2";
  app.post("/pay", [](User) { return 1; }, {.guard = authenticate(supabase, sure)});
  AuthenticateOptions ours = options();
  ours.require = [](const Identity& identity) { return identity.email().ends_with("@example.org"); };
  app.get("/ours", [](User) { return 1; }, {.guard = authenticate(supabase, ours)});
  AuthenticateOptions machine = options();
  machine.roles = {"service_role"};
  app.get("/machine", [](Supabase client) { return client.identity().is_verified(); },
          {.guard = authenticate(supabase, machine)});

  const auto token = [&](std::string_view role, std::string_view more = "") {
    return signed_by(key, R"({"sub":")" + std::string(guard_testing::ada) + R"(","exp":4102444800,"role":")" +
                              std::string(role) + '"' + std::string(more) + "}");
  };
  const std::string user = token("authenticated");
  const std::string editor = token("editor");
  const std::string second = token("authenticated", R"(,"aal":"aal2")");
  const std::string mail = token("authenticated", R"(,"email":"ada@example.org")");
  const std::string key_of_service = signed_by(key, R"({"role":"service_role","exp":4102444800})");
  struct Case {
    std::string method, path, token;
    int status;
  };
  for (const Case& c : std::vector<Case>{
           {"GET", "/me", "", 401},
           {"GET", "/me", user, 200},
           {"GET", "/me", editor, 403},
           {"GET", "/me", key_of_service, 401},
           {"GET", "/terms", "", 200},
           {"GET", "/terms", "x", 200},
           {"GET", "/cards", "", 200},
           {"GET", "/cards", user, 200},
           {"GET", "/cards", "x", 401},
           {"GET", "/admin/", user, 403},
           {"GET", "/admin/", editor, 200},
           {"GET", "/admin/", "", 401},
           {"POST", "/pay", user, 403},
           {"POST", "/pay", second, 200},
           {"GET", "/ours", user, 403},
           {"GET", "/ours", mail, 200},
           {"GET", "/machine", user, 403},
           {"GET", "/machine", key_of_service, 200},
       }) {
    const auto headers = c.token.empty() ? web_testing::Headers{} : bearer(c.token);
    EXPECT_EQ(web_testing::ask(app, c.method, c.path, headers).status, c.status) << c.path << " " << c.token;
  }
  EXPECT_EQ(web_testing::ask(app, "GET", "/admin/", bearer(user)).header("www-authenticate"),
            R"(Bearer error="insufficient_scope")");
}

TEST_F(RouteGuards, that_let_requests_pass_without_a_user_refuse_handlers_that_need_one) {
  App app;
  app.use(authenticate(supabase, options()));
  app.get("/me", [](User user) { return user.id(); }, {.guard = open_to_all()});
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(app.handler()); }), "invalid_route");
}

TEST_F(RouteGuards, that_admit_the_service_key_alone_refuse_handlers_that_need_a_user) {
  AuthenticateOptions machine = options();
  machine.roles = {"service_role"};
  const auto refusal_of = [&](auto handler) {
    App app;
    app.get("/machine", handler, {.guard = authenticate(supabase, machine)});
    try {
      static_cast<void>(app.handler());
    } catch (const Error& error) {
      return error.code() + " " + error.message();
    }
    return std::string();
  };
  for (const std::string& refusal :
       {refusal_of([](User user) { return user.id(); }), refusal_of([](std::optional<User>) { return 1; })}) {
    EXPECT_TRUE(refusal.starts_with("invalid_route")) << refusal;
    EXPECT_TRUE(refusal.contains("/machine") && refusal.contains("service_role alone")) << refusal;
  }
  EXPECT_EQ(refusal_of([](Supabase client) { return client.identity().is_verified(); }), "");
}

TEST_F(RouteGuards, that_admit_users_and_the_service_key_say_which_a_handler_is_for) {
  App app;
  AuthenticateOptions both = options();
  both.roles = {"authenticated", "service_role"};
  app.use(authenticate(supabase, both));
  app.get("/me", [](User user) { return user.id(); });
  app.get("/perhaps", [](std::optional<User> user) { return user.has_value(); });
  app.get("/any", [](Supabase client) { return client.identity().is_verified(); });
  const std::string service = signed_by(key, R"({"role":"service_role","exp":4102444800})");
  const std::string user = signed_by(key, claims(std::chrono::hours(1)));
  const web_testing::Reply refused = web_testing::ask(app, "GET", "/me", bearer(service));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"detail":"This is for users, and the token is no user's"})");
  EXPECT_EQ(refused.header("www-authenticate"), R"(Bearer error="insufficient_scope")");
  EXPECT_EQ(web_testing::ask(app, "GET", "/me", bearer(user)).status, 200);
  EXPECT_EQ(web_testing::ask(app, "GET", "/perhaps", bearer(service)).body, "false");
  EXPECT_EQ(web_testing::ask(app, "GET", "/perhaps", bearer(user)).body, "true");
  EXPECT_EQ(web_testing::ask(app, "GET", "/any", bearer(service)).body, "true");
}

TEST_F(RouteGuards, of_tests_make_a_client_somebody) {
  App app;
  app.use(authenticate(supabase, options()));
  app.get("/me", [](User user) { return user.id(); });
  TestClient client(app);
  EXPECT_EQ(client.get("/me").status, 401);
  client.guard(signed_in(supabase, Uuid::parse(guard_testing::ada).value()));
  EXPECT_EQ(client.get("/me").body, '"' + std::string(guard_testing::ada) + '"');
}

}  // namespace
}  // namespace bailey
