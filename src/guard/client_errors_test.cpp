#include <bailey/guard/user.hpp>
#include <bailey/supabase/postgrest_error.hpp>
#include <bailey/web/error.hpp>
#include "guard/provider.hpp"
#include "tests/support/captured_log.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

// What a client is told of the errors of the Supabase client that no handler has dealt with.
namespace bailey {
namespace {

using test::CapturedLog;
using web_testing::get;
using web_testing::Reply;

struct Case {
  std::string_view what;
  std::function<void()> fail;
  int status;
  std::string_view body;
  bool logged;
};

TEST(ClientErrors, show_what_the_request_caused_and_log_what_the_program_did) {
  for (const Case& c : std::vector<Case>{
           {"a right that nobody granted",
            [] { throw PostgrestError("42501", "permission denied for table cards", 401); }, 401,
            R"({"detail":"permission denied for table cards"})", true},
           {"a role that the connection lacks",
            [] { throw PostgrestError("42501", "permission denied to set role \"authenticated\"", 403); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"a refused row",
            [] { throw PostgrestError("42501", "new row violates row-level security policy for table x", 403); }, 403,
            R"({"detail":"new row violates row-level security policy for table x"})", false},
           {"unreachable", [] { throw PostgrestError("unreachable", "no route to 10.0.0.7", 503); }, 503,
            R"({"detail":"Service Unavailable"})", true},
           {"a missing table", [] { throw PostgrestError("PGRST205", "Could not find canary", 404); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"a misspelt column", [] { throw PostgrestError("42703", "no column canary", 400); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"no such row", [] { throw PostgrestError("PGRST116", "Cannot coerce the result", 406); }, 406,
            R"({"detail":"Cannot coerce the result"})", false},
           {"an expired token", [] { throw PostgrestError("PGRST303", "JWT expired", 401); }, 401,
            R"({"detail":"JWT expired"})", false},
           {"another server", [] { throw PostgrestError("404", "The server answered with canary", 404); }, 502,
            R"({"detail":"Bad Gateway"})", true},
           {"its key", [] { throw PostgrestError("api_key_refused", "canary", 503); }, 503,
            R"({"detail":"Service Unavailable"})", true},
       }) {
    const CapturedLog log;
    App app;
    app.get("/", [&c] { c.fail(); });
    const Reply reply = get(app, "/");
    EXPECT_EQ(reply.status, c.status) << c.what;
    EXPECT_EQ(reply.body, c.body) << c.what;
    EXPECT_EQ(std::ranges::count(log.lines, '\n'), c.logged ? 1 : 0) << c.what << log.lines;
  }
}

TEST(ClientErrors, of_rows_that_do_not_fit_name_the_member_in_the_log) {
  App app;
  app.get("/rows", [] {
    throw PostgrestError("row_mismatch", "The rows of the answer do not fit Card.", 500, "3.full_name: Field required");
  });
  const CapturedLog log;
  EXPECT_EQ(get(app, "/rows").status, 500);
  EXPECT_TRUE(log.lines.contains("3.full_name: Field required")) << log.lines;
}

// 401 would sign the user out, whose token is as good as any.
TEST(ClientErrors, of_a_signed_in_users_request_that_asked_as_anon_forbid_it_and_are_logged) {
  App app;
  app.use([](Request& request, Next next) -> Task<Response> {
    if (request.path() != "/nobody") {
      admit(request, Identity::service_role(), guard_testing::project_at("http://127.0.0.1:9"));
    }
    co_return co_await next(request);
  });
  const auto refused = [] { throw PostgrestError("42501", "new row violates row-level security policy", 401); };
  app.get("/user", refused);
  app.get("/nobody", refused);
  app.get("/expired", [] { throw PostgrestError("PGRST303", "JWT expired", 401); });
  const CapturedLog log;
  EXPECT_EQ(get(app, "/nobody").status, 401);
  EXPECT_EQ(get(app, "/expired").status, 401);
  EXPECT_EQ(log.lines, "");
  const Reply reply = get(app, "/user");
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.header("www-authenticate"), "(none)");
  EXPECT_EQ(reply.body, R"({"detail":"new row violates row-level security policy"})");
  EXPECT_TRUE(log.lines.contains("code=42501")) << log.lines;
  EXPECT_TRUE(log.lines.contains("asked as anon in a signed-in user's request")) << log.lines;
}

}  // namespace
}  // namespace bailey
