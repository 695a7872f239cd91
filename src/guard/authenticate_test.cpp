#include "guard/authenticate_fixture.hpp"

#include <bailey/base/base64url.hpp>
#include <bailey/base/log.hpp>

#include <string>
#include <vector>

namespace bailey {
namespace {

using guard_testing::ada;
using guard_testing::bearer;
using guard_testing::claims;
using guard_testing::guarded;
using guard_testing::project_at;
using guard_testing::Provider;
using guard_testing::signed_by;
using guard_testing::verifier_at;
using web_testing::ask;
using web_testing::Reply;

using Authenticate = guard_testing::AuthenticateTest;

constexpr std::string_view nobody_listens = "http://127.0.0.1:9";

// A token with another part: 0 the header, 1 the claims, 2 the signature.
std::string with_part(const std::string& token, int part, const std::string& replacement) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  std::string parts[3] = {token.substr(0, first), token.substr(first + 1, second - first - 1),
                          token.substr(second + 1)};
  parts[part] = replacement;
  return parts[0] + "." + parts[1] + "." + parts[2];
}

std::string flipped(std::string token, std::size_t at) {
  token[at] = token[at] == 'A' ? 'B' : 'A';
  return token;
}

TEST_F(Authenticate, admits_the_bearer_of_a_valid_token_as_that_user) {
  App app;
  guarded(app, supabase, options());
  const std::string token = signed_by(key, claims());
  const std::string id(ada);
  EXPECT_EQ(ask(app, "GET", "/me", bearer(token)).body, "\"" + id + "\"");
  EXPECT_EQ(ask(app, "GET", "/user", bearer(token)).body, "\"" + id + " ada@example.com authenticated\"");
  EXPECT_EQ(ask(app, "GET", "/client", bearer(token)).body, "\"" + id + "\"");
  EXPECT_EQ(provider.key_fetches, 1);
  EXPECT_EQ(provider.user_fetches, 0);
}

TEST_F(Authenticate, tells_what_its_cache_finds_among_the_apps_metrics) {
  App app({.metrics_path = "/metrics"});
  guarded(app, supabase, options());
  const std::string token = signed_by(key, claims());
  run_blocking([&]() -> Task<> {
    for (int round = 0; round < 3; ++round) {
      http::LocalRequest::Parts parts;
      parts.target = "/me";
      parts.headers = bearer(token);
      const web_testing::Reply reply = co_await web_testing::ask_app(app.handler(), std::move(parts));
      EXPECT_EQ(reply.status, 200);
    }
  });
  const std::string text = app.metrics().text();
  EXPECT_NE(text.find("guard_token_cache_total{result=\"hit\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("guard_key_fetches_total 1\n"), std::string::npos) << text;
  EXPECT_EQ(text.find(token.substr(token.size() - 20)), std::string::npos);
  EXPECT_EQ(ask(app, "GET", "/metrics").status, 401);  // a route like any other
}

// Who signs in with much metadata gets a long token. A server of the default settings must not refuse what its verifier
// takes, whatever a browser sends besides.
TEST_F(Authenticate, admits_the_longest_token_through_a_server_with_8_KiB_of_other_fields) {
  App app;
  guarded(app, supabase, options());
  const auto padded = [&](std::size_t bytes) {
    return signed_by(key, claims(std::chrono::hours(1), "authenticated",
                                 R"(,"user_metadata":{"bio":")" + std::string(bytes, 'x') + R"("})"));
  };
  std::size_t bytes = jwt::default_token_limit_bytes / 4 * 3;
  while (padded(bytes).size() > jwt::default_token_limit_bytes) --bytes;
  const web_testing::Served served(app);
  const std::string answer =
      served.talk("GET /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: a=" + std::string(7900, 'c') +
                  "\r\nAuthorization: Bearer " + padded(bytes) + "\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer.substr(0, 300);
  EXPECT_EQ(ask(app, "GET", "/me", bearer(padded(bytes + 3))).status, 401);
}

struct HeaderCase {
  std::string_view what;
  web_testing::Headers headers;
  int status;
  std::string body;
  std::string_view challenge;
};

TEST_F(Authenticate, refuses_headers_that_carry_no_token) {
  App app;
  guarded(app, supabase, options());
  const std::string token = signed_by(key, claims());
  for (const HeaderCase& c : std::vector<HeaderCase>{
           {"none", {}, 401, R"({"detail":"Not authenticated"})", "Bearer"},
           {"empty", {{"Authorization", ""}}, 401, R"({"detail":"Not authenticated"})", "Bearer"},
           {"another scheme",
            {{"Authorization", "Basic " + token}},
            401,
            R"({"detail":"Not authenticated"})",
            "Bearer"},
           {"no token", {{"Authorization", "Bearer "}}, 401, R"({"detail":"Not authenticated"})", "Bearer"},
           {"the token alone", {{"Authorization", token}}, 401, R"({"detail":"Not authenticated"})", "Bearer"},
           {"two tokens",
            {{"Authorization", "Bearer " + token + " " + token}},
            401,
            R"({"detail":"Not authenticated"})",
            "Bearer"},
           {"two headers",
            {{"Authorization", "Bearer " + token}, {"authorization", "Bearer " + token}},
            400,
            R"({"detail":"More than one Authorization header"})",
            R"(Bearer error="invalid_request")"},
           {"in a cookie", {{"Cookie", "access_token=" + token}}, 401, R"({"detail":"Not authenticated"})", "Bearer"},
       }) {
    const Reply reply = ask(app, "GET", "/me", c.headers);
    EXPECT_EQ(reply.status, c.status) << c.what;
    EXPECT_EQ(reply.body, c.body) << c.what;
    EXPECT_EQ(reply.header("www-authenticate"), c.challenge) << c.what;
  }
  EXPECT_EQ(ask(app, "GET", "/me?access_token=" + token).status, 401);
  EXPECT_EQ(ask(app, "GET", "/nowhere").status, 401) << "what exists is nobody's business";
}

TEST_F(Authenticate, refuses_tokens_that_are_not_valid) {
  App app;
  guarded(app, supabase, options());
  const std::string good = signed_by(key, claims());
  const jwt::Key other = jwt::Key::generate_es256("first");
  const jwt::Key confused = jwt::Key::from_secret(Secret(provider.url() + provider.url()), "first").value();
  struct Case {
    std::string_view what;
    std::string token;
  };
  std::vector<Case> cases{
      {"not a token", "abc"},
      {"expired", signed_by(key, claims(std::chrono::seconds(-60)))},
      {"signed by another key of the same name", signed_by(other, claims())},
      {"alg none",
       with_part(with_part(good, 0, base64url_encode(R"({"alg":"none","typ":"JWT","kid":"first"})")), 2, "")},
      {"alg none, with the signature", with_part(good, 0, base64url_encode(R"({"alg":"none","kid":"first"})"))},
      {"alg None", with_part(good, 0, base64url_encode(R"({"alg":"None","kid":"first"})"))},
      {"alg HS256 with the public key's name", signed_by(confused, claims())},
      {"another's claims", with_part(good, 1, base64url_encode(claims(std::chrono::hours(2))))},
      {"no signature", with_part(good, 2, "")},
      {"a longer signature", good + "AA"},
      {"no subject", signed_by(key, R"({"role":"anon","exp":4102444800})")},
      {"the service role", signed_by(key, claims(std::chrono::hours(1), "service_role"))},
      {"the anon role", signed_by(key, claims(std::chrono::hours(1), "anon"))},
      {"no expiry", signed_by(key, R"({"sub":")" + std::string(ada) + R"(","role":"authenticated"})")},
      {"a subject that is no user's", signed_by(key, R"({"sub":"root","role":"authenticated","exp":4102444800})")},
      {"not valid yet", signed_by(key, claims(std::chrono::hours(1), "authenticated", R"(,"nbf":4102444800)"))},
      {"too long", good + std::string(9000, 'a')},
  };
  for (std::size_t at = 0; at < good.size(); at += 7) cases.push_back({"a byte changed", flipped(good, at)});
  for (const Case& c : cases) {
    const Reply reply = ask(app, "GET", "/me", bearer(c.token));
    EXPECT_EQ(reply.status, 401) << c.what << " " << c.token;
    EXPECT_EQ(reply.body, R"({"detail":"Invalid token"})") << c.what;
    EXPECT_EQ(reply.header("www-authenticate"), R"(Bearer error="invalid_token")") << c.what;
  }
  EXPECT_EQ(ask(app, "GET", "/me", bearer(good)).status, 200);
}

TEST_F(Authenticate, lets_options_and_exempt_paths_pass_without_an_identity) {
  App app;
  guarded(app, supabase, options());
  const std::string token = signed_by(key, claims());
  const Reply preflight =
      ask(app, "OPTIONS", "/cards", {{"Origin", "https://app.example.org"}, {"Access-Control-Request-Method", "GET"}});
  EXPECT_EQ(preflight.status, 200);
  EXPECT_EQ(ask(app, "OPTIONS", "/me").status, 204);
  EXPECT_EQ(ask(app, "GET", "/health").status, 200);
  EXPECT_EQ(ask(app, "GET", "/public/x").body, "false");
  EXPECT_EQ(ask(app, "GET", "/public/x", bearer(token)).body, "false");
  EXPECT_EQ(ask(app, "GET", "/public/x", bearer("nonsense")).body, "false");
  for (const std::string path : {"/public", "/health/", "/publicity/x", "/me/../health", "/%2fhealth"}) {
    EXPECT_EQ(ask(app, "GET", path).status, 401) << path;
  }
}

TEST_F(Authenticate, knows_who_asks_on_optional_paths_when_they_say_so) {
  AuthenticateOptions optional = options();
  optional.optional_for = {"/cards/*"};
  App app;
  app.use(authenticate(supabase, optional));
  app.get("/cards/{id}", [](std::optional<User> user) { return user ? user->id().to_string() : "nobody"; });
  app.get("/cards", [](std::optional<User> user) { return user ? user->id().to_string() : "nobody"; });
  const std::string token = signed_by(key, claims());
  const std::string expired = signed_by(key, claims(std::chrono::seconds(-60)));
  const std::string anon_key = signed_by(key, claims(std::chrono::hours(1), "anon"));
  for (const HeaderCase& c : std::vector<HeaderCase>{
           {"no token", {}, 200, R"("nobody")", "(none)"},
           {"a valid one", bearer(token), 200, "\"" + std::string(ada) + "\"", "(none)"},
           {"an expired one", bearer(expired), 401, R"({"detail":"Invalid token"})", R"(Bearer error="invalid_token")"},
           {"nonsense", bearer("a.b.c"), 401, R"({"detail":"Invalid token"})", R"(Bearer error="invalid_token")"},
           {"a key", bearer(anon_key), 401, R"({"detail":"Invalid token"})", R"(Bearer error="invalid_token")"},
           {"another scheme", {{"Authorization", "Basic abc"}}, 401, R"({"detail":"Not authenticated"})", "Bearer"},
           {"an empty header", {{"Authorization", ""}}, 401, R"({"detail":"Not authenticated"})", "Bearer"},
       }) {
    const Reply reply = ask(app, "GET", "/cards/7", c.headers);
    EXPECT_EQ(reply.status, c.status) << c.what;
    EXPECT_EQ(reply.body, c.body) << c.what;
    EXPECT_EQ(reply.header("www-authenticate"), c.challenge) << c.what;
  }
  EXPECT_EQ(ask(app, "GET", "/cards").status, 401) << "as narrow as an exemption";
}

TEST_F(Authenticate, answers_before_the_body_is_looked_at_and_with_cors_headers) {
  App app;
  guarded(app, supabase, options());
  const Reply reply = ask(app, "POST", "/cards", {{"Origin", "https://app.example.org"}}, "not json");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.header("access-control-allow-origin"), "https://app.example.org");
}

TEST_F(Authenticate, takes_up_a_rotated_key_and_drops_nobody) {
  App app;
  guarded(app, supabase, options());
  const std::string old_token = signed_by(key, claims());
  EXPECT_EQ(ask(app, "GET", "/me", bearer(old_token)).status, 200);
  const jwt::Key next = jwt::Key::generate_es256("second");
  const std::string new_token = signed_by(next, claims());
  EXPECT_EQ(ask(app, "GET", "/me", bearer(new_token)).status, 401) << "not published";
  provider.publish(next);
  EXPECT_EQ(ask(app, "GET", "/me", bearer(new_token)).status, 200);
  EXPECT_GE(provider.key_fetches, 2);
}

TEST_F(Authenticate, never_passes_anyone_while_the_provider_is_unreachable) {
  AuthenticateOptions unreachable = options();
  unreachable.verifier.emplace(verifier_at(std::string(nobody_listens)));
  for (const auto mode : {AuthenticateOptions::Mode::local, AuthenticateOptions::Mode::remote}) {
    App app;
    unreachable.mode = mode;
    guarded(app, supabase, unreachable);
    const Reply reply = ask(app, "GET", "/me", bearer(signed_by(key, claims())));
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.body, R"({"detail":"Authentication is unavailable"})");
    EXPECT_EQ(reply.header("retry-after"), "1");
    EXPECT_EQ(ask(app, "GET", "/me").status, 401);
  }
}

TEST_F(Authenticate, remote_mode_asks_every_time_and_believes_a_sign_out) {
  AuthenticateOptions remote = options();
  remote.mode = AuthenticateOptions::Mode::remote;
  App app;
  guarded(app, supabase, remote);
  const std::string token = signed_by(key, claims());
  provider.accept(token);
  EXPECT_EQ(ask(app, "GET", "/me", bearer(token)).status, 200);
  EXPECT_EQ(ask(app, "GET", "/me", bearer(token)).status, 200);
  EXPECT_EQ(provider.user_fetches, 2);
  provider.accept("");
  const Reply revoked = ask(app, "GET", "/me", bearer(token));
  EXPECT_EQ(revoked.status, 401);
  EXPECT_EQ(revoked.header("www-authenticate"), R"(Bearer error="invalid_token")");
}

TEST_F(Authenticate, asks_the_provider_for_the_routes_that_want_it) {
  AuthenticateOptions mixed = options();
  mixed.remote_for = {"/admin/*"};
  App app;
  guarded(app, supabase, mixed);
  const std::string token = signed_by(key, claims());
  EXPECT_EQ(ask(app, "GET", "/me", bearer(token)).status, 200);
  EXPECT_EQ(provider.user_fetches, 0);
  EXPECT_EQ(ask(app, "GET", "/admin/keys", bearer(token)).status, 401) << "revoked";
  EXPECT_EQ(ask(app, "GET", "/%61dmin/keys", bearer(token)).status, 401) << "however it is spelt";
  EXPECT_EQ(ask(app, "GET", "/me", bearer(token)).status, 200) << "still valid by itself";
  provider.accept(token);
  EXPECT_EQ(ask(app, "GET", "/admin/keys", bearer(token)).status, 200);
  EXPECT_EQ(provider.user_fetches, 3);
}

TEST_F(Authenticate, the_health_check_is_exempt_wherever_it_is_and_no_list_changes_that) {
  App app{{.health_path = "/status/live"}};
  app.use(authenticate(supabase, options()));
  app.get("/public/{page}", [] { return 1; }).get("/health", [] { return 1; });
  EXPECT_EQ(ask(app, "GET", "/status/live").status, 200);
  EXPECT_EQ(ask(app, "HEAD", "/status/live").status, 200);
  EXPECT_EQ(ask(app, "GET", "/public/x").status, 200);
  for (const std::string path : {"/health", "/status/live/", "/status", "/status/live/x", "//status/live"}) {
    EXPECT_EQ(ask(app, "GET", path).status, 401) << path;
  }
  EXPECT_EQ(ask(app, "POST", "/status/live").status, 401);

  App own;
  own.use(authenticate(supabase, options()));
  own.get("/health", [] { return std::string("mine"); }).post("/health", [] { return 1; });
  EXPECT_EQ(ask(own, "GET", "/health").status, 401) << "a route of the program's own is no health check of the app's";
  EXPECT_EQ(ask(own, "GET", "/health", bearer(signed_by(key, claims()))).body, R"("mine")");
  EXPECT_EQ(ask(own, "POST", "/health").status, 401);

  App admins;
  AuthenticateOptions of_service = options();
  of_service.roles = {"service_role"};
  admins.get("/ready", [] { return std::string("orders"); }, {.guard = authenticate(supabase, of_service)});
  EXPECT_EQ(ask(admins, "GET", "/ready").status, 401);

  App none{{.health_path = ""}};
  none.use(authenticate(supabase, options()));
  none.get("/health", [] { return 1; });
  EXPECT_EQ(ask(none, "GET", "/health").status, 401);
}

TEST_F(Authenticate, covers_what_was_added_before_it_and_what_is_included) {
  App app;
  app.get("/before", [] { return 1; });
  Router router;
  router.get("/included", [] { return 1; });
  app.include(std::move(router), "/api");
  app.use(Middleware{.name = "other", .before = [](Request&) -> Before { return Pass{}; }});
  app.use(authenticate(supabase, options()));
  app.get("/after", [] { return 1; });
  for (const std::string path : {"/before", "/api/included", "/after", "/before/", "/nowhere", "/public"}) {
    for (const std::string method : {"GET", "HEAD", "POST", "DELETE", "PROPFIND"}) {
      EXPECT_EQ(ask(app, method, path).status, 401) << method << " " << path;
    }
  }
  EXPECT_EQ(ask(app, "GET", "/before", bearer(signed_by(key, claims()))).status, 200);
}

TEST_F(Authenticate, logs_no_token) {
  std::string lines;
  log::set_level(log::Level::debug);
  log::set_sink([&](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  App app;
  guarded(app, supabase, options());
  const std::string expired = signed_by(key, claims(std::chrono::seconds(-60)));
  EXPECT_EQ(ask(app, "GET", "/me?token=" + expired, bearer(expired)).status, 401);
  log::set_sink({});
  log::set_level(log::Level::info);
  EXPECT_NE(lines.find("token refused"), std::string::npos) << lines;
  EXPECT_EQ(lines.find(expired), std::string::npos);
  EXPECT_EQ(lines.find(expired.substr(expired.rfind('.') + 1)), std::string::npos);
}

}  // namespace
}  // namespace bailey
