#include <bailey/web/test_client.hpp>

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/background.hpp>
#include <bailey/web/error.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

namespace bailey {
namespace {

struct Card {
  int id = 0;
  std::string name;
};
struct Clock {
  int hour = 0;
};

TEST(TestClients, ask_an_app_as_a_server_would_and_read_what_it_answers) {
  App app;
  app.post("/cards/{id}", [](Path<"id", int> id, Json<Card> card) -> Task<Created<Card>> {
    co_await sleep_for(std::chrono::milliseconds(0));
    co_return Card{*id, card->name};
  });
  app.get("/stream", [] {
    return Response::stream(200, "text/plain", [](http::BodyWriter& body) -> Task<> {
      for (int i = 0; i < 3; ++i) co_await body.write("x");
    });
  });
  TestClient client(app, {.headers = {{"x-all", "1"}}});
  const TestReply reply = client.post("/cards/7", Card{0, "Ada"});
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.header("content-type"), "application/json");
  EXPECT_EQ(reply.as<Card>().id, 7);
  EXPECT_EQ(reply.json().at("name").as_string(), "Ada");
  EXPECT_EQ(client.post("/cards/x", Card{}).status, 422);
  EXPECT_EQ(client.get("/stream").body, "xxx");
  EXPECT_EQ(client.head("/stream").body, "");
  EXPECT_FALSE(client.get("/nowhere").header("location"));
  EXPECT_THROW(static_cast<void>(client.get("/stream").as<Card>()), Error);
}

TEST(TestClients, put_other_dependencies_in_the_place_of_the_apps_for_themselves_alone) {
  App app;
  app.provide([] { return Clock{9}; });
  app.get("/", [](const Clock& clock) { return clock.hour; });
  TestClient plain(app);
  TestClient late(app);
  late.provide([] { return Clock{23}; });
  EXPECT_EQ(late.get("/").body, "23");
  EXPECT_EQ(plain.get("/").body, "9");
  late.provide(Clock{7});
  EXPECT_EQ(late.get("/").body, "7");
}

TEST(TestClients, are_admitted_by_the_guard_they_bring) {
  App app;
  app.use(Guard{.name = "nobody", .admit = [](Request&) -> Before { throw HttpError(401); }});
  app.get("/me", [](const Request& request) { return request.state().user_id(); });
  app.get("/open", [](const Request& request) { return request.state().has_identity(); }, {.guard = open_to_all()});
  TestClient client(app);
  EXPECT_EQ(client.get("/me").status, 401);
  const Uuid ada = Uuid::parse("6a2f4a3e-93f4-4d2a-8f0e-0d6b8f0e1a11").value();
  client.guard({.name = "ada", .admit = [ada](Request& request) -> Before {
                  request.state().set_identity(ada);
                  return Pass{};
                }});
  EXPECT_EQ(client.get("/me").body, '"' + ada.to_string() + '"');
  EXPECT_EQ(client.get("/open").body, "false");
}

TEST(TestClients, with_a_guard_of_their_own_are_nobody_where_the_apps_guard_looks_at_nobody) {
  App app;
  app.use(Guard{
      .name = "nobody",
      .admit = [](Request&) -> Before { throw HttpError(401); },
      .covers = [](std::string_view route) { return route == "/public/{name}" ? Guarded::exempt : Guarded::always; }});
  const auto is_known = [](const Request& request) { return request.state().has_identity(); };
  app.get("/me", is_known);
  app.get("/public/{name}", is_known);
  TestClient client(app);
  client.guard({.name = "ada", .admit = [](Request& request) -> Before {
                  request.state().set_identity(Uuid());
                  return Pass{};
                }});
  EXPECT_EQ(client.get("/me").body, "true");
  EXPECT_EQ(client.get("/public/a").body, "false");
}

TEST(TestClients, see_no_body_where_a_client_would_see_none) {
  App app;
  app.get("/", [] { return Response::json(204, "1"); });
  TestClient client(app);
  EXPECT_EQ(client.get("/").status, 204);
  EXPECT_EQ(client.get("/").body, "");
}

TEST(TestClients, keep_cookies_and_follow_redirections_within_the_app) {
  App app;
  app.post("/sign-in",
           [] { return Reply(Redirect{"/me", 303}).header("set-cookie", "session=abc; Path=/; HttpOnly"); });
  app.get("/me", [](Header<"cookie", std::optional<std::string>> cookie) { return cookie->value_or(""); });
  app.get("/away", [] { return Redirect{"https://example.org/"}; });
  TestClient client(app);
  EXPECT_EQ(client.get("/me").body, R"("")");
  EXPECT_EQ(client.post("/sign-in", Card{}).body, R"("session=abc")");
  EXPECT_EQ(client.get("/me").body, R"("session=abc")");
  EXPECT_EQ(client.get("/away").status, 307);
}

TEST(Background, starts_what_a_handler_leaves_when_its_answer_has_been_sent) {
  std::atomic<int> done = 0;
  Event finished;
  App app;
  app.post("/", [&](Background background) -> Task<int> {
    background.add("first", [&done, finished]() mutable -> Task<> {
      co_await sleep_for(std::chrono::milliseconds(1));
      if (++done == 2) finished.set();
    });
    background.add("second", [&done, finished]() mutable -> Task<> {
      if (++done == 2) finished.set();
      co_return;
    });
    co_await sleep_for(std::chrono::milliseconds(1));
    co_return done.load();
  });
  app.post("/fails", [&](Background background) -> Task<int> {
    background.add("never", [&done]() -> Task<> {
      done = 100;
      co_return;
    });
    throw HttpError(409);
    co_return 1;
  });
  TestClient client(app);
  EXPECT_EQ(client.post("/", 1).body, "0");
  run_blocking([&]() -> Task<> { EXPECT_TRUE(co_await finished.wait_for(std::chrono::seconds(5))); });
  EXPECT_EQ(client.post("/fails", 1).status, 409);
  EXPECT_EQ(client.post("/", 1).status, 200);
  EXPECT_LT(done, 100);
}

}  // namespace
}  // namespace bailey
