#include "web/error_responses.hpp"

#include <bailey/pg/sql_error.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/error.hpp>
#include "tests/support/captured_log.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailey {
namespace {

using test::CapturedLog;
using web_testing::get;
using web_testing::Reply;

pg::SqlError sql_error(std::string sqlstate, std::string message) {
  pg::SqlErrorFields fields;
  fields.sqlstate = std::move(sqlstate);
  fields.message = std::move(message);
  return pg::SqlError(std::move(fields));
}

struct Case {
  std::string_view what;
  std::function<void()> fail;
  int status;
  std::string_view body;
  bool logged;
};

TEST(ErrorResponses, every_kind_of_error_has_its_answer) {
  for (const Case& c : std::vector<Case>{
           {"an error of ours", [] { throw Error("taken", "The name is taken", 409); }, 409,
            R"({"detail":"The name is taken"})", false},
           {"an http error", [] { throw HttpError(404, "Card not found"); }, 404, R"({"detail":"Card not found"})",
            false},
           {"an http error without words", [] { throw HttpError(417); }, 417, R"({"detail":"Expectation Failed"})",
            false},
           {"an http error with headers alone", [] { throw HttpError(404, "", {{"x-card", "7"}}); }, 404,
            R"({"detail":"Not Found"})", false},
           {"an http error whose status no answer has", [] { throw HttpError(99, "canary"); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"an http error with json", [] { throw HttpError(400, json::object{{"a", 1}}); }, 400,
            R"({"detail":{"a":1}})", false},
           {"a refused row", [] { throw sql_error("42501", "new row violates row-level security policy"); }, 403,
            R"({"detail":"new row violates row-level security policy"})", false},
           {"a duplicate", [] { throw sql_error("23505", "duplicate key value"); }, 409,
            R"({"detail":"duplicate key value"})", false},
           {"a right that nobody granted", [] { throw sql_error("42501", "permission denied for table cards"); }, 403,
            R"({"detail":"permission denied for table cards"})", true},
           {"a role that the connection lacks",
            [] { throw sql_error("42501", "permission denied to set role \"authenticated\""); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"a misspelt column", [] { throw sql_error("42703", "column cards.canary does not exist"); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"a missing table", [] { throw sql_error("42P01", "relation canary does not exist"); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"wrong syntax", [] { throw sql_error("42601", "syntax error at canary"); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"a role that is not granted", [] { throw sql_error("28000", "canary is not permitted to log in"); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"a value that is none", [] { throw sql_error("22P02", "invalid input syntax for type uuid"); }, 400,
            R"({"detail":"invalid input syntax for type uuid"})", false},
           {"a violated check", [] { throw sql_error("23514", "violates check constraint"); }, 400,
            R"({"detail":"violates check constraint"})", false},
           {"raised by a function", [] { throw sql_error("P0001", "Not on Sundays"); }, 400,
            R"({"detail":"Not on Sundays"})", false},
           {"raised with a code of one's own", [] { throw sql_error("SUN01", "Not on Sundays"); }, 400,
            R"({"detail":"Not on Sundays"})", false},
           {"raised with a status", [] { throw sql_error("PT402", "Pay first"); }, 402, R"({"detail":"Pay first"})",
            false},
           {"a statement that took too long", [] { throw sql_error("57014", "canceling statement canary"); }, 504,
            R"({"detail":"Gateway Timeout"})", true},
           {"the database is down", [] { throw Error("database_unavailable", "The database is not available", 503); },
            503, R"({"detail":"The database is not available"})", true},
           {"a fault of ours", [] { throw Error("invalid_header", "bad name x y", 500); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"an impossible status", [] { throw Error("odd", "odd", 200); }, 500,
            R"({"detail":"Internal Server Error"})", true},
           {"a stranger", [] { throw std::runtime_error("canary"); }, 500, R"({"detail":"Internal Server Error"})",
            true},
           {"a stranger's stranger", [] { throw 7; }, 500, R"({"detail":"Internal Server Error"})", true},
       }) {
    CapturedLog log;
    App app;
    app.get("/", [&c] { c.fail(); });
    const Reply reply = get(app, "/");
    EXPECT_EQ(reply.status, c.status) << c.what;
    EXPECT_EQ(reply.body, c.body) << c.what;
    EXPECT_EQ(reply.header("content-type") == "(none)" ? "application/json" : reply.header("content-type"),
              "application/json");
    EXPECT_EQ(std::ranges::count(log.lines, '\n'), c.logged ? 1 : 0) << c.what << log.lines;
    const std::string id = reply.header("x-request-id");
    EXPECT_EQ(id.size() == 16, c.status >= 500) << c.what;
    if (c.status >= 500) {
      EXPECT_NE(log.lines.find(id), std::string::npos) << c.what;
    }
  }
}

TEST(ErrorResponses, log_the_code_the_text_and_the_details_of_a_mistake_of_the_programs_own) {
  struct Mismatch : Error {
    Mismatch()
        : Error("row_mismatch", "The rows of the answer do not fit Card.", 500, {500, false},
                "3.full_name: Field required") {}
  };
  App app;
  app.get("/column", [] { throw sql_error("42703", "column cards.nmae does not exist"); });
  app.get("/rows", [] { throw Mismatch(); });
  const CapturedLog log;
  EXPECT_EQ(get(app, "/column").status, 500);
  EXPECT_EQ(get(app, "/rows").status, 500);
  EXPECT_TRUE(log.lines.contains("code=42703")) << log.lines;
  EXPECT_TRUE(log.lines.contains("column cards.nmae does not exist")) << log.lines;
  EXPECT_TRUE(log.lines.contains("3.full_name: Field required")) << log.lines;
}

// An Expected holds an Error, whatever it was made of.
TEST(ErrorResponses, of_an_error_that_is_copied_as_an_error_are_those_of_what_it_was) {
  struct Hidden : Error {
    Hidden() : Error("hidden", "canary", 502, {502, false}, "for the log") {}
  };
  using Answer = Expected<std::string>;
  const auto of_column = []() -> Answer {
    return std::unexpected(sql_error("42703", "column cards.canary does not exist"));
  };
  const auto of_hidden = []() -> Answer { return std::unexpected(Hidden()); };
  App app;
  app.get("/value", of_column);
  app.get("/rethrown", [of_column] { throw of_column().error(); });
  app.get("/hidden", of_hidden);
  app.get("/hidden/rethrown", [of_hidden] { throw of_hidden().error(); });
  CapturedLog log;
  for (const char* path : {"/value", "/rethrown"}) {
    const Reply reply = get(app, path);
    EXPECT_EQ(reply.status, 500) << path;
    EXPECT_EQ(reply.body, R"({"detail":"Internal Server Error"})") << path;
  }
  EXPECT_TRUE(log.lines.contains("column cards.canary does not exist")) << log.lines;
  for (const char* path : {"/hidden", "/hidden/rethrown"}) {
    log.lines.clear();
    const Reply reply = get(app, path);
    EXPECT_EQ(reply.status, 502) << path;
    EXPECT_EQ(reply.body, R"({"detail":"Bad Gateway"})") << path;
    EXPECT_TRUE(log.lines.contains("canary (for the log)")) << path << log.lines;
  }
}

// 401 would sign the user out, whose token is as good as any.
TEST(ErrorResponses, of_a_signed_in_users_request_that_asked_as_nobody_forbid_it_and_are_logged) {
  struct SignInFirst : Error {
    SignInFirst()
        : Error("no_right", "Only for who is signed in", 401,
                {.status = 401, .shows_message = true, .was_asked_as_nobody = true}) {}
  };
  App app;
  app.use([](Request& request, Next next) -> Task<Response> {
    if (request.path() != "/nobody") request.state().set_identity(std::nullopt);
    co_return co_await next(request);
  });
  const auto refused = [] { throw SignInFirst(); };
  app.get("/user", refused);
  app.get("/nobody", refused);
  app.get("/expired", [] { throw Error("expired", "The token has expired", 401); });
  app.get("/own", [] { throw HttpError(401, "Sign in again"); });
  const CapturedLog log;
  EXPECT_EQ(get(app, "/nobody").status, 401);
  EXPECT_EQ(get(app, "/expired").status, 401);
  EXPECT_EQ(get(app, "/own").status, 401);
  EXPECT_EQ(log.lines, "");
  const Reply reply = get(app, "/user");
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.header("www-authenticate"), "(none)");
  EXPECT_EQ(reply.body, R"({"detail":"Only for who is signed in"})");
  EXPECT_TRUE(log.lines.contains("code=no_right")) << log.lines;
  EXPECT_TRUE(log.lines.contains("asked as anon in a signed-in user's request")) << log.lines;
}

TEST(ErrorResponses, say_how_to_authenticate_and_when_to_come_again) {
  App app;
  app.get("/401", [] { throw Error("expired_token", "The token has expired", 401); });
  app.get("/own", [] { throw HttpError(401, "No", {{"WWW-Authenticate", "Basic"}, {"X-More", "1"}}); });
  app.get("/503", [] { throw Error("busy", "Busy", 503); });
  EXPECT_EQ(get(app, "/401").header("www-authenticate"), "Bearer");
  EXPECT_EQ(get(app, "/own").header("www-authenticate"), "Basic");
  EXPECT_EQ(get(app, "/own").header("x-more"), "1");
  EXPECT_EQ(get(app, "/503").header("retry-after"), "1");
}

TEST(ErrorResponses, of_ones_own_are_completed_and_named_as_the_default_ones_are) {
  App app;
  app.on_error<HttpError>([](const HttpError& error, const Request&) { return Response(error.http_status()); });
  app.on_error<std::logic_error>([](const std::logic_error&, const Request&) -> Response { throw 1; });
  app.get("/{status}", [](Path<"status", int> status) { throw HttpError(*status); });
  app.get("/logic", [] { throw std::logic_error("x"); });
  EXPECT_EQ(get(app, "/401").header("www-authenticate"), "Bearer");
  EXPECT_EQ(get(app, "/503").header("retry-after"), "1");
  for (const std::string_view path : {"/500", "/503", "/logic"}) {
    EXPECT_EQ(get(app, std::string(path)).header("x-request-id").size(), 16U) << path;
  }
}

TEST(ErrorResponses, an_http_error_of_a_bodiless_status_has_no_body) {
  App app;
  app.get("/", [] { throw HttpError(304); });
  const Reply reply = get(app, "/");
  EXPECT_EQ(reply.status, 304);
  EXPECT_EQ(reply.body, "");
}

TEST(ErrorResponses, are_replaced_by_type) {
  struct Taken : Error {
    Taken() : Error("taken", "taken", 409) {}
  };
  App app;
  app.on_error<Taken>([](const Taken&, const Request&) { return Response::text(410, "mine"); });
  app.on_error<RequestValidationError>([](const RequestValidationError& error, const Request& request) {
    return Response::text(400, std::to_string(error.errors().entries.size()) + " at " + std::string(request.path()));
  });
  app.get("/taken", [] { throw Taken(); });
  app.get("/other", [] { throw Error("other", "other", 409); });
  app.get("/n", [](Query<"n", int> n) { return *n; });
  EXPECT_EQ(get(app, "/taken").body, "mine");
  EXPECT_EQ(get(app, "/other").status, 409);
  EXPECT_EQ(get(app, "/n").body, "1 at /n");
}

struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct SensorFault : Fault {
  using Fault::Fault;
};
struct Unrelated {};

TEST(ErrorResponses, the_handler_of_the_most_derived_type_wins_whatever_the_order_of_registration) {
  const std::vector<std::function<void(App&)>> registrations{
      [](App& app) {
        app.on_error<std::exception>([](const auto&, const Request&) { return Response::text(500, "exception"); });
      },
      [](App& app) { app.on_error<Fault>([](const Fault&, const Request&) { return Response::text(424, "fault"); }); },
      [](App& app) {
        app.on_error<SensorFault>([](const SensorFault&, const Request&) { return Response::text(424, "sensor"); });
      },
      [](App& app) {
        app.on_error<std::runtime_error>(
            [](const std::runtime_error&, const Request&) { return Response::text(424, "runtime"); });
      },
      [](App& app) {
        app.on_error<Unrelated>([](const Unrelated&, const Request&) { return Response::text(424, "unrelated"); });
      },
  };
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  do {
    App app;
    for (const std::size_t at : order) registrations[at](app);
    app.get("/exception", [] { throw std::logic_error("x"); });
    app.get("/runtime", [] { throw std::runtime_error("x"); });
    app.get("/fault", [] { throw Fault("x"); });
    app.get("/sensor", [] { throw SensorFault("x"); });
    app.get("/unrelated", [] { throw Unrelated(); });
    const CapturedLog log;
    for (const std::string what : {"exception", "runtime", "fault", "sensor", "unrelated"}) {
      EXPECT_EQ(get(app, "/" + what).body, what) << testing::PrintToString(order);
    }
  } while (std::ranges::next_permutation(order).found);
}

TEST(ErrorResponses, of_two_handlers_for_one_type_the_later_one_counts) {
  App app;
  app.on_error<Fault>([](const Fault&, const Request&) { return Response::text(424, "first"); });
  app.on_error<Fault>([](const Fault&, const Request&) { return Response::text(424, "second"); });
  app.get("/", [] { throw Fault("x"); });
  EXPECT_EQ(get(app, "/").body, "second");
}

TEST(ErrorResponses, a_handler_for_everything_gets_what_is_left_over_and_its_reason_is_logged) {
  App app;
  app.on_error<std::exception>([](const std::exception& error, const Request&) {
    return Response::text(std::string_view(error.what()) == "teapot" ? 418 : 500, "mine");
  });
  app.get("/http", [] { throw HttpError(404, "Card not found"); });
  app.get("/n", [](Query<"n", int> n) { return *n; });
  app.get("/known", [] { throw Error("taken", "The name is taken", 409); });
  app.get("/down", [] { throw Error("database_unavailable", "The database is not available", 503); });
  app.get("/fault", [] { throw Error("misuse", "canary of ours", 500); });
  app.get("/stranger", [] { throw std::runtime_error("canary of a stranger"); });
  app.get("/teapot", [] { throw std::runtime_error("teapot"); });
  struct Expected {
    std::string path;
    int status;
    bool is_mine;
    std::string_view logged;
  };
  for (const Expected& c : std::vector<Expected>{{"/http", 404, false, ""},
                                                 {"/n", 422, false, ""},
                                                 {"/known", 409, false, ""},
                                                 {"/down", 503, false, "database_unavailable"},
                                                 {"/fault", 500, true, "canary of ours"},
                                                 {"/stranger", 500, true, "canary of a stranger"},
                                                 {"/teapot", 418, true, "teapot"}}) {
    const CapturedLog log;
    const Reply reply = get(app, c.path);
    EXPECT_EQ(reply.status, c.status) << c.path;
    EXPECT_EQ(reply.body == "mine", c.is_mine) << c.path << reply.body;
    EXPECT_EQ(std::ranges::count(log.lines, '\n'), c.logged.empty() ? 0 : 1) << log.lines;
    EXPECT_NE(log.lines.find(c.logged), std::string::npos) << c.path << log.lines;
    if (!c.logged.empty()) {
      EXPECT_NE(log.lines.find(c.path), std::string::npos) << "the route: " << log.lines;
      EXPECT_NE(log.lines.find("request_id"), std::string::npos) << log.lines;
    }
  }
}

TEST(ErrorResponses, of_ones_own_for_http_errors_log_those_of_500_and_above) {
  App app;
  app.on_error<HttpError>([](const HttpError& error, const Request&) { return Response(error.http_status()); });
  app.get("/{status}", [](Path<"status", int> status) { throw HttpError(*status, "the reason"); });
  for (const auto& [status, lines] : {std::pair{404, 0}, {500, 1}, {503, 1}}) {
    const CapturedLog log;
    EXPECT_EQ(get(app, "/" + std::to_string(status)).status, status);
    EXPECT_EQ(std::ranges::count(log.lines, '\n'), lines) << log.lines;
    EXPECT_EQ(log.lines.find("the reason") != std::string::npos, lines == 1) << log.lines;
  }
}

TEST(ErrorResponses, a_handler_of_ones_own_that_throws_loses_neither_the_answer_nor_the_reasons) {
  App app;
  app.on_error<Fault>([](const Fault& error, const Request&) -> Response {
    const std::string_view what = error.what();
    if (what == "not mine") throw;
    if (what == "translated") throw HttpError(409, "The name is taken");
    throw std::logic_error("canary of the handler");
  });
  app.on_error<HttpError>([](const HttpError& error, const Request&) -> Response {
    if (error.http_status() == 404) throw;
    return Response::text(410, "mine");
  });
  app.get("/passed", [] { throw Fault("not mine"); });
  app.get("/http", [] { throw HttpError(404, "Card not found"); });
  app.get("/translated", [] { throw Fault("translated"); });
  app.get("/broken", [] { throw Fault("canary of the fault"); });
  app.get("/header", [] { throw HttpError(409, "no", {{"bad name", "x"}}); });

  CapturedLog log;
  EXPECT_EQ(get(app, "/passed").body, R"({"detail":"Internal Server Error"})");
  EXPECT_NE(log.lines.find("not mine"), std::string::npos) << log.lines;
  EXPECT_EQ(get(app, "/http").body, R"({"detail":"Card not found"})");

  log.lines.clear();
  const Reply translated = get(app, "/translated");
  EXPECT_EQ(translated.status, 409);
  EXPECT_EQ(translated.body, R"({"detail":"The name is taken"})") << "by the defaults";
  EXPECT_EQ(log.lines, "");

  const Reply broken = get(app, "/broken");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.body, R"({"detail":"Internal Server Error"})");
  EXPECT_EQ(broken.header("x-request-id").size(), 16U);
  EXPECT_NE(log.lines.find("canary of the handler"), std::string::npos) << log.lines;
  EXPECT_NE(log.lines.find("canary of the fault"), std::string::npos) << log.lines;
}

TEST(ErrorResponses, are_the_same_for_handlers_that_suspend_and_for_values) {
  App app;
  app.get("/task", []() -> Task<int> {
    co_await sleep_for(std::chrono::milliseconds(0));
    throw HttpError(404, "later");
  });
  app.get("/value", []() -> Expected<int> { return std::unexpected(Error("no", "No", 409)); });
  app.get("/task-value", []() -> Task<Expected<int>> { co_return std::unexpected(Error("no", "No", 409)); });
  EXPECT_EQ(get(app, "/task").body, R"({"detail":"later"})");
  EXPECT_EQ(get(app, "/value").body, R"({"detail":"No"})");
  EXPECT_EQ(get(app, "/task-value").status, 409);
}

}  // namespace
}  // namespace bailey
