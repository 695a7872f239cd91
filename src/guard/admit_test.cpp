#include <bailey/guard/user.hpp>

#include "guard/provider.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace bailey {
namespace {

using web_testing::get;
using web_testing::Reply;

Supabase project() { return guard_testing::project_at("http://127.0.0.1:9"); }

// A guard of a program's own, for machines that know its key.
Guard machines(int times = 1) {
  return {.name = "machines", .admit = [times](Request& request) -> Before {
            for (int i = 0; i < times && request.header("x-machine"); ++i) {
              admit(request, Identity::service_role(), project());
            }
            return Pass{};
          }};
}

TEST(Admit, of_a_guard_of_ones_own_gives_handlers_and_middleware_the_client_that_acts_as_the_identity) {
  App app;
  app.use(machines());
  app.use(Middleware{.name = "limits", .before = [](Request& request) -> Before {
                       EXPECT_TRUE(supabase_of(request).identity().is_service_role());
                       return Pass{};
                     }});
  app.get("/client", [](Supabase supabase) { return supabase.identity().is_service_role(); });
  app.get("/user", [](User user) { return user.id(); });
  EXPECT_EQ(get(app, "/client", {{"x-machine", "1"}}).body, "true");
  EXPECT_EQ(get(app, "/user", {{"x-machine", "1"}}).status, 403) << "who makes the request is no user";
}

TEST(Admit, without_it_there_is_nobody) {
  App app;
  app.use(machines());
  app.get("/client", [](Supabase supabase) { return supabase.identity().is_service_role(); });
  app.get("/own", [](const Request& request) { return supabase_of(request).identity().is_service_role(); });
  for (const char* path : {"/client", "/own"}) {
    const Reply reply = get(app, path);
    EXPECT_EQ(reply.status, 401) << path;
    EXPECT_EQ(reply.body, R"({"detail":"Not authenticated"})") << path;
    EXPECT_EQ(reply.header("www-authenticate"), "Bearer") << path;
  }
}

TEST(Admit, of_another_after_somebody_has_been_admitted_is_refused) {
  App app;
  app.use(machines(2));
  app.get("/", [] { return 1; });
  EXPECT_EQ(get(app, "/", {{"x-machine", "1"}}).status, 500);
}

}  // namespace
}  // namespace bailey
