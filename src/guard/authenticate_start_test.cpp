// What a guard refuses, or tells of, before the first request: routes that no guard can serve, paths that contradict or
// match nothing, a second guard.
#include "guard/authenticate_fixture.hpp"

#include <bailey/base/log.hpp>

#include <functional>

namespace bailey {
namespace {

using guard_testing::bearer;
using guard_testing::claims;
using guard_testing::guarded;
using guard_testing::signed_by;
using web_testing::ask;

using AuthenticateAtStart = guard_testing::AuthenticateTest;

TEST_F(AuthenticateAtStart, the_role_of_nobody_is_none_to_be_admitted) {
  AuthenticateOptions with_anon = options();
  with_anon.roles = {"anon", "authenticated"};
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(authenticate(supabase, with_anon)); }),
            "invalid_setting");
}

TEST_F(AuthenticateAtStart, a_user_without_a_guard_is_an_error_at_start) {
  struct Case {
    std::string_view what;
    std::function<void(App&)> build;
    std::string_view code;
  };
  for (const Case& c : std::vector<Case>{
           {"no guard", [](App& app) { app.get("/me", [](User user) { return user.id(); }); }, "invalid_route"},
           {"no guard, the client",
            [](App& app) { app.get("/me", [](Supabase s) { return s.identity().is_verified(); }); }, "invalid_route"},
           {"an exempt route",
            [this](App& app) {
              app.use(authenticate(supabase, options()));
              app.get("/public/me", [](User user) { return user.id(); });
            },
            "invalid_route"},
           {"an optional route",
            [this](App& app) {
              AuthenticateOptions optional = options();
              optional.optional_for = {"/cards/*"};
              app.use(authenticate(supabase, optional));
              app.get("/cards/{id}", [](User user) { return user.id(); });
            },
            "invalid_route"},
           {"options",
            [this](App& app) {
              app.use(authenticate(supabase, options()));
              app.options("/me", [](User user) { return user.id(); });
            },
            "invalid_route"},
           {"a guarded route",
            [this](App& app) {
              app.use(authenticate(supabase, options()));
              app.get("/{page}", [](User user) { return user.id(); });
            },
            ""},
           {"no guard, an optional user",
            [](App& app) { app.get("/me", [](std::optional<User> user) { return user.has_value(); }); },
            "invalid_route"},
           {"an exempt route, an optional user",
            [this](App& app) {
              app.use(authenticate(supabase, options()));
              app.get("/public/me", [](std::optional<User> user) { return user.has_value(); });
            },
            "invalid_route"},
           {"options, an optional user",
            [this](App& app) {
              app.use(authenticate(supabase, options()));
              app.options("/me", [](std::optional<User> user) { return user.has_value(); });
            },
            "invalid_route"},
           {"a route of its own in the place of the health check",
            [this](App& app) {
              app.use(authenticate(supabase, options()));
              app.get("/health", [](User user) { return user.id(); });
            },
            ""},
           {"an optional route, an optional user",
            [this](App& app) {
              AuthenticateOptions optional = options();
              optional.optional_for = {"/cards/*"};
              app.use(authenticate(supabase, optional));
              app.get("/cards/{id}", [](std::optional<User> user) { return user.has_value(); });
            },
            ""},
           {"a guarded route of a router, included",
            [this](App& app) {
              Router router;
              router.get("/me", [](User user) { return user.id(); });
              app.include(std::move(router), "/api");
              app.use(authenticate(supabase, options()));
            },
            ""},
           {"an exempt route of a router, included",
            [this](App& app) {
              Router router;
              router.get("/me", [](User user) { return user.id(); });
              app.include(std::move(router), "/public");
              app.use(authenticate(supabase, options()));
            },
            "invalid_route"},
       }) {
    App app;
    c.build(app);
    EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(app.handler()); }), c.code) << c.what;
  }
}

TEST_F(AuthenticateAtStart, the_start_error_on_an_optional_path_says_what_to_take_there) {
  AuthenticateOptions optional = options();
  optional.optional_for = {"/cards/*"};
  App app;
  app.use(authenticate(supabase, optional));
  app.get("/cards/{id}", [](User user) { return user.id(); });
  try {
    static_cast<void>(app.handler());
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_EQ(error.message().find("no guard"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("optional_for): take std::optional<User>"), std::string::npos) << error.message();
  }
}

TEST_F(AuthenticateAtStart, a_second_guard_is_refused_when_it_is_used) {
  App app;
  app.use(authenticate(supabase, options()));
  EXPECT_EQ(web_testing::error_code_of([&] { app.use(authenticate(supabase, options())); }), "invalid_middleware");
  app.get("/me", [](User user) { return user.id(); });
  EXPECT_EQ(ask(app, "GET", "/me", bearer(signed_by(key, claims()))).status, 200);
}

TEST_F(AuthenticateAtStart, paths_that_contradict_are_refused_and_those_of_no_route_told) {
  AuthenticateOptions contradicting = options();
  contradicting.remote_for = {"/public/admin"};
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(authenticate(supabase, contradicting)); }),
            "invalid_pattern");
  contradicting = options();
  contradicting.optional_for = {"/public/*"};
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(authenticate(supabase, contradicting)); }),
            "invalid_pattern");

  AuthenticateOptions misspelt = options();
  misspelt.remote_for = {"/admn/*"};
  App unchecked;
  guarded(unchecked, supabase, misspelt);
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(unchecked.handler()); }), "invalid_pattern");

  misspelt = options();
  misspelt.exempt = {"/public/*", "/pubic/*"};
  misspelt.optional_for = {"/crads"};
  App told;
  guarded(told, supabase, misspelt);
  std::string lines;
  log::set_sink([&](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  static_cast<void>(told.handler());
  log::set_sink({});
  EXPECT_NE(lines.find("/pubic/*"), std::string::npos) << lines;
  EXPECT_NE(lines.find("/crads"), std::string::npos) << lines;
  EXPECT_EQ(lines.find("/public/*"), std::string::npos) << lines;
}

TEST_F(AuthenticateAtStart, roles_that_name_none_are_refused) {
  AuthenticateOptions nobody = options();
  nobody.roles = {};
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(authenticate(supabase, nobody)); }), "invalid_setting");
}

TEST_F(AuthenticateAtStart, an_exempt_path_that_is_a_part_of_a_route_is_told) {
  for (const bool has_a_route_of_its_own : {false, true}) {
    AuthenticateOptions partly = options();
    partly.exempt = {"/public/*", "/p/x", "/q/*"};
    App app;
    app.get("/p/{id}", [](std::optional<User> user) { return user.has_value(); });
    app.get("/q/{id}", [] { return 1; });
    if (has_a_route_of_its_own) app.get("/p/x", [] { return 1; });
    app.get("/public/{page}", [] { return 1; });
    app.use(authenticate(supabase, partly));
    std::string lines;
    log::set_sink([&](log::Level, std::string_view line) { lines.append(line).append("\n"); });
    static_cast<void>(app.handler());
    log::set_sink({});
    EXPECT_EQ(lines.contains("path=/p/x"), !has_a_route_of_its_own) << lines;
    EXPECT_FALSE(lines.contains("/q/*") || lines.contains("/public/*")) << lines;
  }
}

}  // namespace
}  // namespace bailey
